import type { MailRunner } from '../../src/mail/runner.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { linkIn, type Mailing, mailTo, startMailing } from '../support/mail.ts';
import { createMailDesk, type MailDesk } from '../support/mail-desk.ts';
import type { Mailbox } from '../support/mailbox.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Mail to readers who asked for replies, through a real SMTP server, and what the links in it do. */

// Over MongoDB on a busy machine dozens of posts one after another take their time.
let mailbox: Mailbox;
let service: TestService;
let runner: MailRunner;
let desk: MailDesk;
let stop: Mailing['stop'];

beforeAll(async () => {
  ({ mailbox, service, runner, stop } = await startMailing());
  desk = createMailDesk({ service, runner });
});
afterAll(() => stop());

describe('a reader', () => {
  const OPEN: PolicyPatch = { moderation: 'none', notify: { replies: true } };

  /** A comment whose author asked for replies, and said yes to the mail that asks back. */
  async function subscribed(policy: PolicyPatch = OPEN, locale = 'en') {
    const site = await desk.siteWith(policy, locale);
    const email = desk.newReader();
    const author = { name: 'Ada', email, url: null };
    const posted = await desk.post(site, { author, subscribe: 'replies' });
    const question = await mailTo(mailbox, email);
    return { site, email, author, ...posted, question };
  }
  const answer = (site: string, parentId: string, rest: Record<string, unknown> = {}) =>
    desk.post(site, { parentId, author: { name: 'Otto', email: desk.newReader(), url: null }, ...rest });
  const mailsTo = (address: string) =>
    mailbox.mails.filter(({ recipients }) => recipients.includes(address)).length;
  const YES = 'Yes, tell me of replies';

  it('who has said yes is told of an answer, once, however often it is published', async () => {
    const { site, email, comment, question } = await subscribed();
    expect(question.subject).toBe(`Do you want mail about replies on Site ${site}?`);
    const link = linkIn(question, YES);
    expect((await service.call({ path: link })).status).toBe(200);
    await answer(site, comment.id, { body: 'Before the yes' });
    await until('every event to be planned', desk.isPlanned);
    expect(mailsTo(email)).toBe(1);

    expect((await desk.press(link)).text).toContain('Thank you');
    const { comment: reply } = await answer(site, comment.id, { body: 'An answer' });
    const mail = await mailTo(mailbox, email, '> An answer');
    expect(mail.subject).toBe('Otto replied to you on “An article”');
    expect(mail.references).toBe(question.references);
    for (const action of ['reject', 'approve']) await desk.decide(reply.id, action);
    await until('every event to be planned', desk.isPlanned);
    expect(mailsTo(email)).toBe(2);
  });

  it('is written to in the language of the site, and the pages behind the links are in it too', async () => {
    const { site, comment, email, question } = await subscribed(OPEN, 'ar-EG');
    expect(question.subject).toBe(`هل تريد رسائل عن الردود في Site ${site}؟`);
    expect(question.html).toContain('<html lang="ar" dir="rtl">');
    // The plural of three to ten, in the digits of the site's region.
    expect(question.text).toContain('ينتهي الرابط بعد ٧ أيام.');
    const link = linkIn(question, 'نعم، أخبرني بالردود');
    const asked = (await service.call({ path: link })).text;
    expect(asked).toContain('<html lang="ar" dir="rtl"');
    expect(asked).toContain('هل يخبرك');
    expect((await desk.press(link)).text).toContain('شكرًا لك');
    await answer(site, comment.id, { body: 'An answer' });
    const mail = await mailTo(mailbox, email, '> An answer');
    const leave = linkIn(mail, `لا ترسلوا رسائل أخرى عن الردود في Site ${site}`);
    expect((await service.call({ path: leave })).text).toContain('هل يتوقف');
    expect((await desk.press(leave)).text).toContain('لن يرسل إليك');
  });

  it('is asked without the title of a page of which nothing is shown: who posts first chooses it', async () => {
    const { question } = await subscribed({ ...OPEN, moderation: 'all' });
    expect(question.text).toContain('posted on “a page of Site');
    expect((await subscribed()).question.text).toContain('posted on “An article”');
  });

  it('is asked once a day, whatever is posted under the address, and never for spam', async () => {
    const { site, email, author } = await subscribed();
    await desk.post(site, { author, subscribe: 'replies' });
    const spam = desk.newReader();
    const body = { author: { ...author, email: spam }, subscribe: 'replies', website2: 'filled' };
    await desk.post(site, body);
    await until('every event to be planned', desk.isPlanned);
    expect([mailsTo(email), mailsTo(spam)]).toEqual([1, 0]);
  });

  it('is not told of their own answers, of held ones, nor once the comment is taken away', async () => {
    const { site, email, author, comment, editToken, question } = await subscribed();
    await desk.press(linkIn(question, YES));
    await answer(site, comment.id, { author });
    const { comment: held } = await answer(site, comment.id, { website2: 'filled', body: 'Held at first' });
    await until('every event to be planned', desk.isPlanned);
    expect(mailsTo(email)).toBe(1);
    await desk.decide(held.id, 'approve');
    await mailTo(mailbox, email, '> Held at first');
    const taken = await service.call({
      method: 'DELETE',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
    });
    expect(taken.status).toBe(204);
    expect(await service.deps.subscriptions.ofComments([comment.id])).toEqual([]);
  });

  it('leaves by one POST of a mail program, or by a page that asks first', async () => {
    const { site, email, comment, question } = await subscribed();
    await desk.press(linkIn(question, YES));
    await answer(site, comment.id, { body: 'An answer' });
    const mail = await mailTo(mailbox, email, '> An answer');
    expect(mail.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const [, url = ''] = /^<(.*)>$/.exec(mail.header('list-unsubscribe') ?? '') ?? [];
    const { pathname, search, origin } = new URL(url);
    expect(origin).toBe('https://comments.example');
    expect((await service.call({ path: pathname + search })).text).toContain('No more mail?');
    expect(await service.deps.subscriptions.ofComments([comment.id])).toHaveLength(1);
    const left = await service.call({
      method: 'POST',
      path: pathname + search,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    });
    expect(left.status).toBe(200);
    expect((await desk.press(pathname + search)).status).toBe(200);
    await answer(site, comment.id, { body: 'Another answer' });
    await until('every event to be planned', desk.isPlanned);
    expect(mailsTo(email)).toBe(2);
    expect((await desk.press(linkIn(question, YES))).status).toBe(404);
  });

  it('finds it in their own export, and an erasure takes it away with the mail that waits', async () => {
    const { site, email, comment } = await subscribed({ ...OPEN, moderation: 'all' });
    const asAdmin = { method: 'POST', headers: ADMIN };
    const exported = await service.call({
      ...asAdmin,
      path: '/v1/admin/privacy/export',
      body: { email, site },
    });
    expect(exported.json).toMatchObject({
      subscriptions: [{ site, commentId: comment.id, confirmedAt: null }],
    });
    const erased = await service.call({
      ...asAdmin,
      path: '/v1/admin/privacy/erase',
      body: { email, site, mode: 'anonymise' },
    });
    expect(erased.json).toMatchObject({ comments: 1, subscriptions: 1 });
    expect(await service.deps.subscriptions.ofComments([comment.id])).toEqual([]);
  });

  it('asks by the plain form, where the site offers it', async () => {
    const site = await desk.siteWith(OPEN);
    const email = desk.newReader();
    const page = 'https://news.example/a';
    const thread = await service.call({ path: `/v1/sites/${site}/thread?page=${encodeURIComponent(page)}` });
    expect(thread.text).toContain('<input id="subscribe" name="subscribe" type="checkbox" value="replies">');
    const form = { page, author: 'Ada', email, subscribe: 'replies' };
    const send = (rest: Record<string, string>) =>
      service.call({
        method: 'POST',
        path: `/v1/sites/${site}/form`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...form, ...rest }).toString(),
      });
    const incomplete = await send({ comment: '' });
    expect([incomplete.status, incomplete.text]).toEqual([
      422,
      expect.stringContaining('value="replies" checked'),
    ]);
    expect((await send({ comment: 'Said by form' })).status).toBe(303);
    await mailTo(mailbox, email);
    const silent = await desk.siteWith({ moderation: 'none' });
    const other = await service.call({
      path: `/v1/sites/${silent}/thread?page=${encodeURIComponent(page)}`,
    });
    expect(other.text).not.toContain('subscribe');
  });

  it('who wants mail gives an address, and is refused where the site offers none', async () => {
    const refused = async (site: string, rest: Record<string, unknown>) => {
      const path = `/v1/sites/${site}/comments`;
      const { status, json } = await service.call({ method: 'POST', path, body: commentBody(rest) });
      return [status, (json as { errors: unknown }).errors];
    };
    const open = await desk.siteWith({ ...OPEN, requiredFields: [] });
    expect(await refused(open, { author: {}, subscribe: 'replies' })).toEqual([
      422,
      [expect.objectContaining({ pointer: '/author/email', code: 'required' })],
    ]);
    const silent = await desk.siteWith({ moderation: 'none' });
    for (const [site, wish] of [
      [silent, 'replies'],
      [open, 'everything'],
    ] as const) {
      expect(await refused(site, { subscribe: wish })).toEqual([
        422,
        [expect.objectContaining({ pointer: '/subscribe', code: 'invalid' })],
      ]);
    }
  });
});
