import { headerText } from '../../src/mail/words.ts';
import type { OutgoingMail } from '../../src/outgoing/outgoing.ts';
import { createSmtpPost } from '../../src/outgoing/smtp.ts';
import { readNaughtyStrings } from '../support/corpora.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';

/** Mail by SMTP, against a real server. */

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
});
beforeEach(() => mailbox.behave('take'));
afterAll(() => mailbox.stop());

const FROM = 'comments@news.example';
const post = (deadlineMs = 5000) => createSmtpPost({ server: mailbox.server, from: FROM, deadlineMs });

const mail = (rest: Partial<OutgoingMail> = {}): OutgoingMail => ({
  fromName: 'A paper',
  to: 'ada@readers.example',
  subject: 'A subject',
  text: 'A text',
  html: '<p>A text</p>',
  messageId: '<1@news.example>',
  thread: '<thread@news.example>',
  headers: {},
  ...rest,
});

test('a mail arrives in both its forms, for one person', async () => {
  expect(await post().send(mail({ text: 'سلام، دنیا', html: '<p>سلام، دنیا</p>' }))).toEqual({ ok: true });
  expect(mailbox.mails.at(-1)).toMatchObject({
    recipients: ['ada@readers.example'],
    from: { name: 'A paper', address: FROM },
    text: 'سلام، دنیا',
    html: '<p>سلام، دنیا</p>',
    messageId: '<1@news.example>',
    inReplyTo: '<thread@news.example>',
  });
});

test.each([
  ['addresses', 450],
  ['addresses', 550],
  ['message', 452],
  ['message', 554],
] as const)('a server that refuses the %s by %i is told of by code and step alone', async (at, refuse) => {
  mailbox.behave({ refuse, at });
  expect(await post().send(mail())).toEqual({ ok: false, failure: 'status', status: refuse, step: at });
});

test('a server that says nothing is waited for no longer than the deadline', async () => {
  mailbox.behave('hang');
  expect(await post(300).send(mail())).toMatchObject({ ok: false, failure: 'timeout', status: null });
});

test('where nobody listens it is refused', async () => {
  const gone = await startMailbox();
  await gone.stop();
  const post = createSmtpPost({ server: gone.server, from: FROM, deadlineMs: 5000 });
  expect(await post.send(mail())).toMatchObject({ ok: false, failure: 'refused', step: 'connection' });
});

const INJECTIONS = [
  'A name\r\nBcc: victim@victims.example',
  'A name\nBcc: victim@victims.example\n\nA body',
  'A name\u2028Bcc: victim@victims.example',
  '=?utf-8?B?DQpCY2M6IHZpY3RpbUB2aWN0aW1zLmV4YW1wbGU=?=',
  '\u202egnp.exe',
  '", <victim@victims.example>, "',
  'x'.repeat(5000),
  'ی'.repeat(5000),
];

test('no name and no subject adds a header, a recipient or another text', async () => {
  const before = mailbox.mails.length;
  const texts = [...INJECTIONS, ...readNaughtyStrings()];
  const some = texts.filter((_, i) => i < INJECTIONS.length || i % 12 === 0);
  for (const text of some) {
    const clean = headerText(text, 160);
    expect(await post().send(mail({ fromName: clean, subject: clean }))).toEqual({ ok: true });
    const came = mailbox.mails.at(-1);
    expect(came?.recipients).toEqual(['ada@readers.example']);
    expect([came?.cc, came?.bcc, came?.to?.map(({ address }) => address)]).toEqual([
      undefined,
      undefined,
      ['ada@readers.example'],
    ]);
    expect(came?.from.address).toBe(FROM);
    // Headers are folded at white space, which may come back as one.
    const plain = (value = '') => value.replace(/\s+/g, ' ').trim();
    expect(plain(came?.subject)).toBe(plain(clean));
    expect(came?.text).toBe('A text\n');
  }
  expect(mailbox.mails).toHaveLength(before + some.length);
});
