import type { Deps } from '../../src/deps.ts';
import { makeFilter } from '../support/filters.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { pause } from '../support/until.ts';

/** How long an answer is waited for of a store that neither answers nor fails. */

const SHORT = { checks: 1500, work: 400 };
const LONGER_MS = 600;

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { moderation: 'all' });
});
afterAll(() => service.stop());

const never = (): Promise<never> => new Promise(() => undefined);

async function over(change: (deps: Deps) => Partial<Deps>, ask: (slow: TestService) => Promise<void>) {
  const slow = await service.another({
    config: { patience: SHORT },
    deps: (deps) => ({ ...deps, ...change(deps) }),
  });
  await ask(slow);
  await slow.stop();
}

function expectRefused(answer: Answer): void {
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  expect(answer.json).toMatchObject({ code: 'store-unavailable' });
}

const post = (to: TestService, site = 'news') =>
  to.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body: commentBody() });

/** A store that takes its time over what is written. */
const slowly = ({ comments }: Deps) => ({
  comments: {
    ...comments,
    async submit(...args: Parameters<typeof comments.submit>) {
      await pause(LONGER_MS);
      return comments.submit(...args);
    },
    async changeMany(...args: Parameters<typeof comments.changeMany>) {
      await pause(LONGER_MS);
      return comments.changeMany(...args);
    },
  },
});

it('a read is refused, whether the store is silent on its site or on what it shows', async () => {
  const path = '/v1/moderation/queue?site=news';
  const silentOnPages = (deps: Deps) => ({ comments: { ...deps.comments, queue: never } });
  await over(silentOnPages, async (slow) => expectRefused(await slow.call({ path, headers: ADMIN })));
  const silentOnSites = (deps: Deps) => ({ sites: { ...deps.sites, find: never } });
  await over(silentOnSites, async (slow) => expectRefused(await slow.call({ path: '/v1/sites/news' })));
});

it('so are the answers to a preflight and to a method that there is not', async () => {
  const silent = (deps: Deps) => ({ sites: { ...deps.sites, find: never } });
  await over(silent, async (slow) => {
    const headers = { origin: 'https://news.example' };
    for (const method of ['OPTIONS', 'PUT'])
      expectRefused(await slow.call({ method, path: '/v1/sites/news/comments', headers }));
  });
});

it('a decision that is refused so goes on: repeated under its key it is in progress, then answered', async () => {
  const { comment } = (await post(service)).json as { comment: { id: string } };
  const decide = (to: TestService) =>
    to.call({
      method: 'POST',
      path: `/v1/moderation/comments/${comment.id}/decisions`,
      headers: { ...ADMIN, 'idempotency-key': 'slow' },
      body: { action: 'approve' },
    });
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const held = ({ comments }: Deps) => ({
    comments: {
      ...comments,
      async change(...args: Parameters<typeof comments.change>) {
        await gone;
        return comments.change(...args);
      },
    },
  });
  await over(held, async (slow) => {
    expectRefused(await decide(slow));
    expect((await decide(slow)).json).toMatchObject({ code: 'idempotency-key-in-progress' });
    go();
    let answer = await decide(slow);
    while (answer.status !== 200) answer = await decide(slow);
    expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([200, 'true']);
  });
  const detail = await service.call({ path: `/v1/moderation/comments/${comment.id}`, headers: ADMIN });
  expect(detail.json).toMatchObject({ status: 'approved', version: 2 });
});

it('a post is waited for longer by the time of the filters that its site asks in line, and where it has none it is not', async () => {
  for (const id of ['asked', 'told']) await makeSite(service.deps, id);
  await makeFilter(service, { sites: ['asked'], mode: 'sync', deadlineMs: 5 * LONGER_MS });
  await makeFilter(service, { sites: ['told'], mode: 'async' });
  await over(slowly, async (slow) => {
    expectRefused(await post(slow));
    expectRefused(await post(slow, 'told'));
    expect((await post(slow, 'asked')).status).toBe(201);
  });
  // That is all the longer it is waited for.
  const silent = ({ comments }: Deps) => ({ comments: { ...comments, submit: never } });
  await over(silent, async (slow) => expectRefused(await post(slow, 'asked')));
});

it('nor is it where the store is silent on the filters', async () => {
  const silent = ({ filters }: Deps) => ({ filters: { ...filters, all: never } });
  await over(silent, async (slow) => expectRefused(await post(slow)));
});

it('what grows with what it names is waited for', async () => {
  const { comment } = (await post(service)).json as { comment: { id: string } };
  await over(slowly, async (slow) => {
    const decided = await slow.call({
      method: 'POST',
      path: '/v1/moderation/decisions',
      headers: ADMIN,
      body: { action: 'approve', items: [{ id: comment.id }] },
    });
    expect(decided.json).toMatchObject({ results: [{ ok: true }] });
  });
});
