import type { MailRunnerOptions } from '../../src/mail/runner.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { comment, page, submission } from '../support/builders.ts';
import { linkIn, mailTo, startMail, withPost } from '../support/mail.ts';
import { startMailbox } from '../support/mailbox.ts';
import { makePerson } from '../support/people.ts';
import { commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Mail to moderators that does not go out at once and by itself: what is told later, or together. */

/** A service of its own on a clock that is moved by hand: summaries are due at full hours. */
async function summed(
  moderators: 'each' | 'hourly' | 'daily',
  { timeZone = 'UTC', ...options }: Partial<MailRunnerOptions> & { timeZone?: string } = {},
) {
  let now = Date.UTC(2026, 4, 4, 10, 20);
  const clock = { now: () => now };
  const box = await startMailbox();
  const own = await startService({ clock, ...withPost(box) });
  const mails = await startMail(own.deps, options);
  const policy: PolicyPatch = { moderation: 'all', notify: { moderators } };
  await makeSite(own.deps, 'paper', policy, { locale: 'en', timeZone });
  const person = await makePerson(own, { sites: ['paper'] });
  const postTo = async (n: number) => {
    const author = { name: `Reader ${n}`, email: `reader-${n}@readers.example`, url: null };
    const body = commentBody({ author, body: `Comment ${n}` });
    const { status } = await own.call({ method: 'POST', path: '/v1/sites/paper/comments', body });
    expect(status).toBe(201);
    now += 1000;
  };
  /** A comment that a filter has yet to judge. */
  const postUnjudged = async () => {
    const at = page('paper', 'https://news.example/a', { title: 'An article' });
    const waiting = { phase: 'filter:slow', outcome: 'waiting' } as const;
    const screening = [{ ...waiting, code: null, detail: null, score: null, ms: 0 }];
    await own.deps.comments.submit(submission(at, comment(at, { screening, createdAt: now })));
  };
  return {
    ...{ box, own, person, mails, postTo, postUnjudged },
    async until(moment: number, waiting = 1) {
      await until('what is due later to be planned', async () => (await mails.figures.waiting()) === waiting);
      now = moment;
    },
    async end() {
      await mails.stop();
      await own.stop();
      await box.stop();
    },
  };
}

describe('what is told later or together', () => {
  it('is what a filter has yet to judge, if it still waits by then', async () => {
    const paper = await summed('each');
    await paper.postUnjudged();
    await until('the notice to be put off', () => paper.mails.figures.tallies.dropped === 1);
    await paper.until(Date.UTC(2026, 4, 4, 10, 21));
    const mail = await mailTo(paper.box, paper.person.email);
    expect(mail.subject).toBe('Waiting: ada on “An article”');
    expect(paper.box.mails).toHaveLength(1);
    await paper.end();
  });

  it.each([
    ['hourly', 'UTC', Date.UTC(2026, 4, 4, 11)],
    ['hourly', 'Asia/Kolkata', Date.UTC(2026, 4, 4, 10, 30)],
    ['daily', 'UTC', Date.UTC(2026, 4, 5, 8)],
  ] as const)(
    'is the summary, %s in %s: it comes once with what waits by then, and nothing before',
    async (often, timeZone, due) => {
      const paper = await summed(often, { timeZone });
      for (let n = 1; n <= 12; n++) await paper.postTo(n);
      await paper.until(due - 1);
      expect(paper.box.mails).toEqual([]);
      await paper.until(due);
      const mail = await mailTo(paper.box, paper.person.email);
      expect(mail.subject).toBe('12 comments wait on Site paper');
      expect(mail.text).toContain('> Comment 10\n');
      expect(mail.text).not.toContain('> Comment 11\n');
      expect(mail.text).toContain('2 more wait in the dashboard.');
      const link = linkIn(mail, 'Reject');
      expect((await paper.own.call({ method: 'POST', path: link })).status).toBe(200);
      expect(paper.box.mails).toHaveLength(1);
      await paper.end();
    },
  );

  it('is one summary after hours without a way out, since each would say the same', async () => {
    const paper = await summed('hourly', { retrySeconds: [0, 7200, 7200] });
    const failed = (tries: number) => () => paper.mails.figures.tallies.failed === tries;
    paper.box.behave({ refuse: 451, at: 'addresses' });
    await paper.postTo(1);
    await paper.until(Date.UTC(2026, 4, 4, 11));
    await until('the first summary to be refused', failed(1));
    await paper.postTo(2);
    await paper.until(Date.UTC(2026, 4, 4, 12), 2);
    await until('the second to be refused', failed(2));
    paper.box.behave('take');
    await paper.until(Date.UTC(2026, 4, 4, 15), 2);
    // The store knows of an end before it is counted.
    await until('both to have come to an end', () => {
      const { sent, dropped, dead } = paper.mails.figures.tallies;
      return sent + dropped + dead === 2;
    });
    expect(await paper.mails.figures.waiting()).toBe(0);
    expect(paper.mails.figures.tallies).toMatchObject({ sent: 1, dropped: 1, dead: 0 });
    expect(paper.box.mails.map(({ subject }) => subject)).toEqual(['2 comments wait on Site paper']);
    await paper.end();
  });

  it('is what is too much for single notices: a flood is summed up', async () => {
    const paper = await summed('each');
    for (let n = 1; n <= 33; n++) await paper.postTo(n);
    await until('what goes out by itself', () => {
      const { sent, dropped } = paper.mails.figures.tallies;
      return sent === 30 && dropped === 3;
    });
    await paper.until(Date.UTC(2026, 4, 4, 11));
    const sum = await until('the summary', () =>
      paper.box.mails.find(({ subject }) => subject === '33 comments wait on Site paper'),
    );
    expect(sum.recipients).toEqual([paper.person.email]);
    expect(paper.box.mails).toHaveLength(31);
    await paper.end();
  });

  it('is what is too much for single notices after hours without a way out', async () => {
    const paper = await summed('each', { retrySeconds: [0, 7200, 7200] });
    paper.box.behave({ refuse: 451, at: 'addresses' });
    for (let n = 1; n <= 33; n++) await paper.postTo(n);
    await until('all to be refused', () => paper.mails.figures.tallies.failed === 33);
    paper.box.behave('take');
    await paper.until(Date.UTC(2026, 4, 4, 13, 20), 33);
    await until('what goes out by itself', () => {
      const { sent, dropped } = paper.mails.figures.tallies;
      return sent === 30 && dropped === 3;
    });
    await paper.until(Date.UTC(2026, 4, 4, 14));
    const sum = await until('the summary', () =>
      paper.box.mails.find(({ subject }) => subject === '33 comments wait on Site paper'),
    );
    expect(sum.recipients).toEqual([paper.person.email]);
    expect(paper.box.mails).toHaveLength(31);
    await paper.end();
  });
});
