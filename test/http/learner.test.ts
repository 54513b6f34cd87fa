import type { PhaseOutcome } from '../../src/comments/comment.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storeUnderTest } from '../support/lane.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

let sites = 0;
async function freshSite(policy: PolicyPatch = {}): Promise<string> {
  sites += 1;
  await makeSite(service.deps, `taught-${sites}`, policy);
  return `taught-${sites}`;
}

interface Posted {
  id: string;
  status: string;
  outcome: PhaseOutcome;
}

let authors = 0;
async function post(site: string, body: string, through = service): Promise<Posted> {
  authors += 1;
  const author = { name: 'Someone', email: `reader-${authors}@host.example`, url: null };
  const answer = await through.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody({ body, author }),
  });
  if (answer.status !== 201) throw new Error(answer.text);
  const { id } = (answer.json as { comment: { id: string } }).comment;
  const stored = await through.deps.comments.find(id);
  const outcome = stored?.screening.find(({ phase }) => phase === 'learner');
  if (!stored || !outcome) throw new Error('a comment has an outcome of every phase');
  return { id, status: stored.status, outcome };
}

async function decide(id: string, action: string): Promise<string> {
  const path = `/v1/moderation/comments/${id}/decisions`;
  const answer = await service.call({ method: 'POST', path, headers: ADMIN, body: { action } });
  if (answer.status !== 200) throw new Error(answer.text);
  return (answer.json as { decisionId: string }).decisionId;
}

const HAM = [
  'a thoughtful article',
  'the second chapter is wonderful',
  'I remember this song',
  'مقاله خوبی بود',
];
const SPAM = [
  'earn money quickly',
  'subscribe to our channel',
  'cheap watches for sale',
  'خرید فالوور ارزان',
];

const told = new Map<string, number>();

/** Posts and decides so many of each. Words alone, never digits: those would be a telephone number. */
async function teach(site: string, each: number): Promise<void> {
  const of = (texts: string[]): Promise<string[]> =>
    inParallel([...Array(each).keys()], 8, async (n) => {
      const twist = [...String(n)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join(' q');
      return (await post(site, `${texts[n % texts.length]} ${twist}`)).id;
    });
  for (const [action, texts] of [
    ['approve', HAM],
    ['spam', SPAM],
  ] as const) {
    const items = (await of(texts)).map((id) => ({ id }));
    const body = { action, items };
    await service.call({ method: 'POST', path: '/v1/moderation/decisions', headers: ADMIN, body });
  }
  told.set(site, (told.get(site) ?? 0) + 2 * each);
  await heard(site, told.get(site) ?? 0);
}

/** What was decided is learnt at once on SQLite, and with the fold on MongoDB. */
async function heard(site: string, decisions: number, through = service): Promise<void> {
  await until(`${decisions} decisions to be learnt`, async () => {
    const opinion = await through.deps.learner.judge(site, { text: 'x', url: null });
    return (opinion?.ham ?? 0) + (opinion?.spam ?? 0) === decisions;
  });
}

/** A judgement that took this long, in milliseconds, may have been given before all was learnt. */
const IN_HASTE = 1500;

/** The score by all that was decided, on every site: what others taught may still be on its way, too. */
const scoreOf = async (site: string, text: string, through = service): Promise<number | undefined> => {
  const [opinion] = await until('a score that nobody waited for in vain', async () => {
    const asked = performance.now();
    const found = await through.deps.learner.judge(site, { text, url: null });
    return performance.now() - asked < IN_HASTE && [found];
  });
  return opinion?.probability;
};

describe('the learner', () => {
  it('says nothing before anybody has decided, then gives a score and decides when it was told enough', async () => {
    const site = await freshSite({ learner: { spam: 0.9, auditShare: 0 } });
    const first = await post(site, 'subscribe to our channel');
    expect(first).toMatchObject({ status: 'approved', outcome: { outcome: 'pass', code: null } });
    await teach(site, 12);
    const suspect = await post(site, 'subscribe to our cheap channel');
    expect(suspect).toMatchObject({ status: 'pending', outcome: { code: 'learner-suspects' } });
    await teach(site, 20);
    const spam = await post(site, 'Subscribe to our CHEAP channel, earn money');
    expect(spam).toMatchObject({ status: 'spam', outcome: { outcome: 'spam', code: 'learner-spam' } });
    const ham = await post(site, 'a thoughtful song, wonderful chapter');
    expect(ham).toMatchObject({ status: 'approved', outcome: { outcome: 'pass', code: null } });
    expect(ham.outcome.score).toBeLessThan(0.1);
  });

  it('shows a moderator the words that weighed most', async () => {
    const site = await freshSite({ learner: { auditShare: 0 } });
    await teach(site, 12);
    const text = '😀 Now Subscribe to it';
    const { id } = await post(site, text);
    const answer = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
    const { screening, risk } = (answer.json as { comment?: object }).comment
      ? (answer.json as { comment: { screening: PhaseOutcome[]; risk: number } }).comment
      : (answer.json as { screening: PhaseOutcome[]; risk: number });
    const outcome = screening.find(({ phase }) => phase === 'learner');
    expect(risk).toBe(outcome?.score);
    const words = outcome?.matches?.map(({ field, start, end }) => `${field} ${text.slice(start, end)}`);
    expect(words).toContain('body Subscribe');
  });

  it('unlearns what is undone, and what its author erases: the score is as if it never was', async () => {
    const site = await freshSite({ learner: { auditShare: 0 } });
    await teach(site, 12);
    const before = await scoreOf(site, 'a rather special phrase');
    const one = await post(site, 'a rather special phrase for once');
    const decisionId = await decide(one.id, 'spam');
    await heard(site, 25);
    expect(await scoreOf(site, 'a rather special phrase')).not.toBe(before);
    await service.call({
      method: 'POST',
      path: `/v1/moderation/decisions/${decisionId}/undo`,
      headers: ADMIN,
    });
    await heard(site, 24);
    expect(await scoreOf(site, 'a rather special phrase')).toBe(before);
  });

  it('gives the same score through every instance, also one that has just started', async () => {
    const site = await freshSite();
    const other = await service.another();
    await teach(site, 15);
    const late = await service.another();
    for (const text of ['subscribe to it', 'a wonderful article', 'never heard of']) {
      await heard(site, 30, other);
      await heard(site, 30, late);
      const score = await scoreOf(site, text);
      expect(score).toBeDefined();
      expect(await scoreOf(site, text, other)).toBe(score);
      expect(await scoreOf(site, text, late)).toBe(score);
    }
    await other.stop();
    await late.stop();
  });

  it('begins a site with what other sites taught, and decides nothing there by it', async () => {
    const teacher = await freshSite();
    await teach(teacher, 15);
    const site = await freshSite();
    const { status, outcome } = await post(site, 'subscribe to our channel, earn money');
    expect(status).toBe('approved');
    expect(outcome.outcome).toBe('pass');
    expect(outcome.score).toBeGreaterThan(0.6);
  });

  it('lets through what it is sure of where the site is to be asked when unsure', async () => {
    const site = await freshSite({ moderation: 'unsure', learner: { approve: 0.2, auditShare: 0 } });
    expect((await post(site, 'a thoughtful article indeed')).status).toBe('pending');
    await teach(site, 30);
    expect((await post(site, 'a wonderful and thoughtful article')).status).toBe('approved');
    expect((await post(site, 'cheap channel')).status).not.toBe('approved');
  });

  it('screens an edit with what it has learnt', async () => {
    const site = await freshSite({ learner: { spam: 0.9, auditShare: 0 } });
    await teach(site, 30);
    const answer = await service.call({
      method: 'POST',
      path: `/v1/sites/${site}/comments`,
      body: commentBody({ body: 'a wonderful article' }),
    });
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    await service.call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
      body: { body: 'subscribe to our cheap channel, earn money' },
    });
    expect((await service.deps.comments.find(comment.id))?.status).toBe('spam');
  });

  it('takes its thresholds from the policy, and refuses what is no probability', async () => {
    const site = await freshSite();
    const patch = (learner: unknown) =>
      service.call({
        method: 'PATCH',
        path: `/v1/admin/sites/${site}`,
        headers: ADMIN,
        body: { policy: { learner } },
      });
    const set = await patch({ spam: 0.9, approve: 0.1, auditShare: 0.5 });
    expect(set.status).toBe(200);
    expect((set.json as { policy: object }).policy).toMatchObject({
      learner: { spam: 0.9, approve: 0.1, auditShare: 0.5 },
    });
    expect(((await patch({ spam: null })).json as { policy: object }).policy).toMatchObject({
      learner: { spam: 0.97, approve: 0.1, auditShare: 0.5 },
    });
    const bad = await patch({ spam: 1.1, approve: -0.1, auditShare: 'half' });
    expect(bad.status).toBe(422);
    expect((bad.json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
      '/policy/learner/spam',
      '/policy/learner/approve',
      '/policy/learner/auditShare',
    ]);
  });

  if (storeUnderTest() === 'sqlite')
    it('has learnt a decision before its answer is given', async () => {
      const site = await freshSite();
      await teach(site, 12);
      const one = await post(site, 'another rather special phrase');
      await decide(one.id, 'spam');
      const opinion = await service.deps.learner.judge(site, { text: 'x', url: null });
      expect([opinion?.ham, opinion?.spam]).toEqual([12, 13]);
    });
});
