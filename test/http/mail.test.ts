import type { MailRunner } from '../../src/mail/runner.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { linkIn, type Mailing, mailTo, startMail, startMailing, withPost } from '../support/mail.ts';
import { createMailDesk, type MailDesk } from '../support/mail-desk.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { makePerson, type Person } from '../support/people.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Mail about what happens, through a real SMTP server, and what the links in it do. */

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

describe('a moderator', () => {
  const HELD: PolicyPatch = { moderation: 'all', notify: { moderators: 'each' } };

  async function noticed(locale = 'en') {
    const site = await desk.siteWith(HELD, locale);
    const person: Person = await makePerson(service, { sites: [site] });
    const author = { name: 'Mina', email: desk.newReader(), url: null };
    const body = 'Is <b>this</b> right?\nA second line.';
    const { comment } = await desk.post(site, { author, body });
    return { site, person, author, comment, mail: await mailTo(mailbox, person.email) };
  }

  it('of the site is told of a comment that waits: what it says, by whom and where, never from which address', async () => {
    const stranger = await makePerson(service, { sites: ['mail-of-others'] });
    const { person, author, mail, site, comment } = await noticed();
    expect(mail.recipients).toEqual([person.email]);
    expect(mail.subject).toBe('Waiting: Mina on “An article”');
    expect(mail.from).toMatchObject({ name: `Site ${site}`, address: 'comments@comments.example' });
    expect(mail.text).toContain('> Is <b>this</b> right?\n> A second line.');
    expect(mail.html).toContain('Is &lt;b&gt;this&lt;/b&gt; right?<br>');
    expect(mail.html).toMatch(/<html lang="en" dir="ltr">/);
    expect(mail.text).toContain(`/moderate/#/comments/${comment.id}`);
    expect(mail.raw).not.toContain(author.email);
    expect(mailbox.mails.some(({ recipients }) => recipients.includes(stranger.email))).toBe(false);
    expect(mail.header('auto-submitted')).toBe('auto-generated');
    expect(mail.messageId).toMatch(/^<[0-9a-z]+@comments\.example>$/);
    expect(mail.references).toBe(mail.inReplyTo);
  });

  it('reads Persian from right to left on a Persian site, with its calendar and digits', async () => {
    const { mail } = await noticed('fa');
    expect(mail.subject).toBe('در انتظار بررسی: Mina در «An article»');
    expect(mail.html).toMatch(/<html lang="fa" dir="rtl">/);
    expect(mail.text).toMatch(/[۰-۹]{4}/);
  });

  it('decides by a link: a look changes nothing, the button decides in their name, once', async () => {
    const { comment, mail, person } = await noticed();
    const link = linkIn(mail, 'Approve');
    const looked = await service.call({ path: link });
    expect([looked.status, looked.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(looked.headers['referrer-policy']).toBe('no-referrer');
    expect(looked.text).toContain('Is &lt;b&gt;this&lt;/b&gt; right?');
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'pending', version: 1 });

    // A form of a page that tells nobody where it was says so of its origin, too.
    const pressed = await desk.press(link, { origin: 'null' });
    expect(pressed.status).toBe(200);
    expect(await desk.detail(comment.id)).toMatchObject({
      status: 'approved',
      decidedBy: { kind: 'moderator', id: person.account.id, name: person.account.name },
    });
    const audit = await service.call({
      path: `/v1/moderation/audit?commentId=${comment.id}`,
      headers: ADMIN,
    });
    expect(audit.json).toMatchObject({ items: [{ action: 'approve', by: { id: person.account.id } }] });

    for (const action of ['Approve', 'Spam']) {
      const again = await desk.press(linkIn(mail, action));
      expect([again.status, again.text]).toEqual([409, expect.stringContaining('It is now: approved.')]);
    }
    expect((await service.call({ path: link })).text).toContain('Decided already');
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'approved', version: 2 });
  });

  it('is told that another was faster', async () => {
    const { comment, mail } = await noticed();
    await desk.decide(comment.id, 'spam');
    const late = await desk.press(linkIn(mail, 'Approve'));
    expect(late.status).toBe(409);
    expect(late.text).toContain('It is now: spam. Decided by <bdi>root</bdi>.');
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'spam' });
  });

  it('gives the first of two approvals by a link, and another is asked by mail for the second', async () => {
    const site = await desk.siteWith({ ...HELD, secondReview: ['moderation'] });
    const [one, other] = [
      await makePerson(service, { sites: [site] }),
      await makePerson(service, { sites: [site] }),
    ];
    const { comment } = await desk.post(site, { body: 'It takes two' });
    const first = await desk.press(linkIn(await mailTo(mailbox, one.email), 'Approve'));
    expect([first.status, first.text]).toEqual([200, expect.stringContaining('The first of two approvals')]);
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'pending', version: 2 });
    const again = await until('the mail for the second', () => {
      const theirs = mailbox.mails.filter(({ recipients }) => recipients.includes(other.email));
      return theirs.find((mail) => linkIn(mail, 'Approve').includes(`${comment.id}.2.`));
    });
    const second = await desk.press(linkIn(again, 'Approve'));
    expect([second.status, second.text]).toEqual([200, expect.stringContaining('<h1>Approved</h1>')]);
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'approved', version: 3 });
    await until('every event to be planned', desk.isPlanned);
    expect(mailbox.mails.filter(({ recipients }) => recipients.includes(one.email))).toHaveLength(1);
  });

  it('decides by no link that was altered, has lost its moderator, or is over', async () => {
    const { comment, mail, person } = await noticed();
    const link = linkIn(mail, 'Approve');
    for (const wrong of [
      link.replace('.approve.', '.trash.'),
      `${link}x`,
      link.slice(0, -1),
      '/mail/decision',
    ])
      expect([wrong, (await desk.press(wrong)).status]).toEqual([wrong, 404]);
    const later = await service.another({
      clock: { now: () => Date.now() + 73 * 3_600_000 },
    });
    const over = await later.call({ method: 'POST', path: link });
    await later.stop();
    expect([over.status, over.text]).toEqual([404, expect.stringContaining('no longer works')]);
    await service.call({
      method: 'PATCH',
      path: `/v1/admin/moderators/${person.account.id}`,
      headers: ADMIN,
      body: { state: 'disabled' },
    });
    expect((await desk.press(link)).status).toBe(404);
    expect(await desk.detail(comment.id)).toMatchObject({ status: 'pending' });
  });

  it.each(['decision', 'confirmation', 'unsubscribe', 'notices'])(
    'reads of a link to /mail/%s that a mail program broke that it was cut short, and of no fault of the service',
    async (path) => {
      const broken = await service.call({ path: `/mail/${path}?token=abc%zz` });
      expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('the link was cut short')]);
      const other = await service.call({ method: 'PUT', path: `/mail/${path}?token=abc` });
      expect([other.status, other.text]).toEqual([405, expect.stringContaining('There is no such page')]);
    },
  );

  it('hears no more after one POST of a mail program, or by a page that asks first, until they choose otherwise', async () => {
    const { site, person, mail } = await noticed();
    expect(mail.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const link = linkIn(mail, 'No more mail about what waits, for me');
    expect(mail.header('list-unsubscribe')).toBe(`<https://comments.example${link}>`);
    const noticesOf = async () =>
      (await service.deps.staff.findModerator(person.account.id))?.notices ?? null;

    expect((await service.call({ path: link })).text).toContain('No more notices?');
    expect(await noticesOf()).toBeNull();
    for (const _ of [1, 2]) expect((await desk.press(link)).status).toBe(200);
    expect(await noticesOf()).toBe('off');
    await desk.post(site, { body: 'One more that waits' });
    await until('every event to be planned', desk.isPlanned);
    expect(mailbox.mails.filter(({ recipients }) => recipients.includes(person.email))).toHaveLength(1);
  });

  it('loses the way out of notices with the address that it went to', async () => {
    const { person, mail } = await noticed();
    const link = linkIn(mail, 'No more mail about what waits, for me');
    const altered = link.replace(person.account.id, (await makePerson(service)).account.id);
    expect((await desk.press(altered)).status).toBe(404);
    const moved = await service.call({
      ...{ method: 'PATCH', path: `/v1/admin/moderators/${person.account.id}`, headers: ADMIN },
      body: { email: 'moved@staff.example' },
    });
    expect(moved.status).toBe(200);
    for (const method of ['GET', 'POST'])
      expect((await service.call({ method, path: link })).status).toBe(404);
  });

  it('hears nothing of what is published or spam at once, and of a report of what is published', async () => {
    const site = await desk.siteWith({ moderation: 'none', notify: { moderators: 'each' } });
    const person = await makePerson(service, { sites: [site] });
    const { comment } = await desk.post(site, { body: 'Published at once' });
    const report = { method: 'POST', path: `/v1/comments/${comment.id}/reports`, body: { reason: 'abuse' } };
    for (const reader of ['a', 'b'])
      await service.call({ ...report, headers: { 'gatehouse-reader': reader.repeat(20) } });
    const mail = await mailTo(mailbox, person.email);
    expect(mail.subject).toBe('Reported: Mina on “An article”');
    const { comment: last } = await desk.post(site, { body: 'casino casino' });
    await desk.decide(last.id, 'trash');
    await until('every event to be planned', desk.isPlanned);
    expect(mailbox.mails.filter(({ recipients }) => recipients.includes(person.email))).toHaveLength(1);
  });
});

describe('mail that is not taken', () => {
  it.each([
    ['its addresses', { refuse: 451, at: 'addresses' }],
    ['its message', { refuse: 554, at: 'message' }],
  ] as const)('because of %s is tried again, and no log names who it was for', async (_, behaviour) => {
    const refusals: unknown[] = [];
    const box = await startMailbox();
    const own = await startService(withPost(box));
    const mails = await startMail(own.deps, {
      retrySeconds: [0, 0, 0, 0],
      onRefusal: (answer) => refusals.push(answer),
    });
    await makeSite(own.deps, 'paper', { moderation: 'all', notify: { moderators: 'each' } });
    const person = await makePerson(own, { sites: ['paper'] });
    box.behave(behaviour);
    await own.call({ method: 'POST', path: '/v1/sites/paper/comments', body: commentBody() });
    await until('two tries', () => box.offered() >= 2);
    box.behave('take');
    await mailTo(box, person.email);
    await until('the end of it', () => mails.figures.tallies.sent === 1);
    expect(mails.figures.tallies).toMatchObject({ dead: 0, dropped: 0 });
    expect(refusals[0]).toMatchObject({ failure: 'status', status: behaviour.refuse, step: behaviour.at });
    expect(JSON.stringify([refusals, own.logged])).not.toContain('@');
    await mails.stop();
    await own.stop();
    await box.stop();
  });
});
