import type { Action, Api, Decided, Posted, Problem } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import type { Answer } from '../support/http-client.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';

/** Fifty callers at the same moment: one wins, the others are told what stands. */
const CALLERS = 50;
const SITE = 'races';

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = createInstallation();
  api = createApi(await installation.start());
  await api.createSite(SITE);
});

afterAll(() => installation.dispose());

let comments = 0;
function newComment() {
  comments += 1;
  return {
    page: { url: `https://${SITE}.example/page` },
    author: { name: 'A reader', email: 'reader@readers.example' },
    body: `Comment ${comments}`,
  };
}

const post = async (): Promise<string> => (await api.posted(SITE, newComment())).comment.id;

const together = (call: (caller: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));

/** The one answer of that status; all others must be of the other. */
function winnerOf(answers: Answer[], won: number, lost: number): { winner: Answer; losers: Answer[] } {
  const winners = answers.filter(({ status }) => status === won);
  const losers = answers.filter(({ status }) => status === lost);
  expect({ won: winners.length, lost: losers.length }).toEqual({ won: 1, lost: answers.length - 1 });
  return { winner: winners[0] as Answer, losers };
}

const ACTIONS: Action[] = ['approve', 'reject', 'spam', 'trash'];

test('of 50 decisions on one version one is taken, 49 get a conflict with what stands now', async () => {
  const id = await post();
  const answers = await together((caller) =>
    api.decide(id, { action: ACTIONS[caller % 4] as Action, version: 1 }),
  );
  const { winner, losers } = winnerOf(answers, 200, 409);
  const { comment, decisionId } = jsonOf<Decided>(winner);
  expect(comment.version).toBe(2);
  const { history } = await api.detail(id);
  expect(history.map((entry) => entry.decisionId)).toEqual([decisionId]);
  for (const loser of losers) {
    const { code, current } = jsonOf<Problem>(loser);
    expect({ code, current }).toEqual({
      code: 'conflict',
      current: {
        status: comment.status,
        version: 2,
        by: expect.objectContaining({ id: 'root' }),
        at: expect.any(String),
      },
    });
  }
});

test('of 50 decisions without a version all are taken, one after the other', async () => {
  const id = await post();
  const answers = await together((caller) => api.decide(id, { action: ACTIONS[caller % 4] as Action }));
  const decisions = answers.map((answer) => expectJson<Decided>(answer, 200));
  expect(new Set(decisions.map(({ comment }) => comment.version)).size).toBe(CALLERS);
  const { history, version, status } = await api.detail(id);
  expect({ version, entries: history.length, status }).toEqual({
    version: CALLERS + 1,
    entries: CALLERS,
    status: history.at(-1)?.to,
  });
  expect(new Set(history.map(({ decisionId }) => decisionId))).toEqual(
    new Set(decisions.map((one) => one.decisionId)),
  );
});

test('of 50 undos of one decision one is taken, 49 get a conflict', async () => {
  const id = await post();
  const { decisionId } = expectJson<Decided>(await api.decide(id, { action: 'approve' }), 200);
  const { winner, losers } = winnerOf(await together(() => api.undo(decisionId)), 200, 409);
  expect(jsonOf<Decided>(winner).comment).toMatchObject({ status: 'pending', version: 3 });
  expect(new Set(losers.map((loser) => jsonOf<Problem>(loser).code))).toEqual(new Set(['conflict']));
  expect((await api.detail(id)).history).toHaveLength(2);
});

test('of 50 equal comments one is stored, 49 are duplicates', async () => {
  const comment = newComment();
  const before = await api.counts(SITE);
  const { losers } = winnerOf(await together(() => api.post(SITE, comment)), 201, 409);
  expect(new Set(losers.map((loser) => jsonOf<Problem>(loser).code))).toEqual(new Set(['duplicate-comment']));
  expect((await api.counts(SITE)).pending).toBe(before.pending + 1);
});

test('50 posts with one idempotency key store one comment, and the key gives its answer again', async () => {
  const comment = newComment();
  const key = { 'Idempotency-Key': 'one-key-for-all' };
  const before = await api.counts(SITE);
  const answers = await together(() => api.post(SITE, comment, key));
  const taken = answers.filter(({ status }) => status === 201);
  const first = taken.filter(({ headers }) => headers['idempotent-replayed'] === undefined);
  expect({ first: first.length, some: taken.length > 0 }).toEqual({ first: 1, some: true });
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(jsonOf(answer)).toMatchObject({ status: 409, code: 'idempotency-key-in-progress' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  const again = await api.post(SITE, comment, key);
  expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
  expect(new Set([...taken, again].map(({ text }) => text)).size).toBe(1);
  expect((await api.counts(SITE)).pending).toBe(before.pending + 1);
});

test('50 decisions with one idempotency key are one decision', async () => {
  const id = await post();
  const key = { 'Idempotency-Key': 'one-decision-for-all' };
  const answers = await together(() => api.decide(id, { action: 'approve' }, key));
  const again = await api.decide(id, { action: 'approve' }, key);
  const taken = [...answers, again].filter(({ status }) => status === 200);
  expect(new Set(taken.map((answer) => jsonOf<Decided>(answer).decisionId)).size).toBe(1);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect((await api.detail(id)).history).toHaveLength(1);
});

test('of 50 sites with one id one is made, 49 exist already', async () => {
  const body = {
    id: 'raced',
    name: 'Raced',
    origins: ['https://raced.example'],
    locale: 'en',
    timeZone: 'UTC',
  };
  const answers = await together(() => api.asAdmin({ method: 'POST', path: '/v1/admin/sites', body }));
  const { losers } = winnerOf(answers, 201, 409);
  expect(new Set(losers.map((loser) => jsonOf<Problem>(loser).code))).toEqual(new Set(['already-exists']));
});

test('of 50 replies racing with the rejection of their parent none is shown, and counts stay true', async () => {
  const parentId = await post();
  expectJson(await api.decide(parentId, { action: 'approve' }), 200);
  const replies = together((caller) => {
    const reply = { ...newComment(), parentId };
    return caller === CALLERS / 2 ? api.decide(parentId, { action: 'reject' }) : api.post(SITE, reply);
  });
  const ids = (await replies)
    .filter(({ status }) => status === 201)
    .map((answer) => jsonOf<Posted>(answer).comment.id);
  await Promise.all(ids.map(async (id) => expectJson(await api.decide(id, { action: 'approve' }), 200)));
  const page = `https://${SITE}.example/page`;
  const { items, total } = await api.walkList(SITE, { page, format: 'flat' });
  expect({
    shown: items.filter(({ id, parentId: under }) => id === parentId || under === parentId),
    total,
  }).toEqual({
    shown: [],
    total: items.length,
  });
  expectJson(await api.decide(parentId, { action: 'approve' }), 200);
  const opened = await api.walkList(SITE, { page, format: 'flat' });
  expect(opened.items.filter(({ parentId: under }) => under === parentId)).toHaveLength(ids.length);
  expect(opened.items.find(({ id }) => id === parentId)?.replyCount).toBe(ids.length);
});
