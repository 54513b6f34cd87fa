import type { Submission } from '../../src/comments/comment-store.ts';
import type { Deps } from '../../src/deps.ts';
import { storeUnavailable } from '../../src/errors.ts';
import { codeOf, createKeyedPosts, expectReplay } from '../support/keyed-posts.ts';
import type { ServiceOptions, TestService } from '../support/service.ts';
import { commentBody, makeSite, startService } from '../support/service.ts';

/** A request under an idempotency key that a crash cut off, or whose write comes to pass late. */

let service: TestService;
let now = Date.now();

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all' });
});
afterAll(() => service.stop());

const { freshKey, post, pendingOn } = createKeyedPosts(() => service);

/** A service whose process "dies" during a write: what it had begun stays as it was in the store. */
async function cutOff(
  change: (deps: Deps) => Deps,
  run: (dying: TestService) => Promise<void>,
): Promise<void> {
  const dying = await service.another({ deps: change });
  await run(dying);
  await dying.stop();
}

const never = new Promise<never>(() => undefined);

async function postAndDie(
  body: unknown,
  key: string,
  when: 'before the write' | 'after the write',
): Promise<void> {
  let reached = (): void => undefined;
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await cutOff(
    (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        async submit(submission) {
          if (when === 'after the write') await deps.comments.submit(submission);
          reached();
          return never;
        },
      },
    }),
    async (dying) => {
      const lost = post(body, key, { to: dying }).catch((error: unknown) => error);
      await there;
      expect(codeOf(await post(body, key))).toBe('idempotency-key-in-progress');
      void lost;
    },
  );
}

it('is answered from what it wrote, once its process counts as gone', async () => {
  const before = await pendingOn('news');
  const body = commentBody();
  const key = freshKey();
  await postAndDie(body, key, 'after the write');
  now += 15_001;
  const recovered = await post(body, key);
  expect(recovered.headers['idempotent-replayed']).toBe('true');
  expect(recovered.status).toBe(201);
  expect((recovered.json as { editToken: string }).editToken).toMatch(/\./);
  expectReplay(await post(body, key), recovered);
  expect(await pendingOn('news')).toBe(before + 1);
});

it('counts as gone where the clock that was ahead was set back since, whether it wrote or not', async () => {
  for (const when of ['after the write', 'before the write'] as const) {
    const before = await pendingOn('news');
    const body = commentBody();
    const key = freshKey();
    await postAndDie(body, key, when);
    now -= 3_600_000;
    expect((await post(body, key)).status).toBe(201);
    expect(await pendingOn('news')).toBe(before + 1);
  }
});

it('never happened where it had not written, and runs anew', async () => {
  const before = await pendingOn('news');
  const body = commentBody();
  const key = freshKey();
  await postAndDie(body, key, 'before the write');
  now += 15_001;
  const first = await post(body, key);
  expect([first.status, first.headers['idempotent-replayed']]).toEqual([201, undefined]);
  expectReplay(await post(body, key), first);
  expect(await pendingOn('news')).toBe(before + 1);
});

it('gives its key back where the store refused the write', async () => {
  let refusals = 1;
  const flaky = await service.another({
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        submit: (submission) =>
          refusals-- > 0 ? Promise.reject(storeUnavailable()) : deps.comments.submit(submission),
      },
    }),
  });
  const body = commentBody();
  const key = freshKey();
  expect(codeOf(await post(body, key, { to: flaky }))).toBe('store-unavailable');
  expect((await post(body, key, { to: flaky })).status).toBe(201);
  await flaky.stop();
});

/** A service that refuses its first post, whether it was written or not, and what was to be stored by it. */
async function refusedOnce(
  { written, idempotency }: Pick<ServiceOptions, 'idempotency'> & { written: boolean },
  run: (refusing: TestService, submitted: Submission[]) => Promise<void>,
): Promise<void> {
  const submitted: Submission[] = [];
  const change = (deps: Deps): Deps => ({
    ...deps,
    comments: {
      ...deps.comments,
      async submit(submission) {
        submitted.push(submission);
        if (submitted.length > 1) return deps.comments.submit(submission);
        if (written) await deps.comments.submit(submission);
        throw storeUnavailable();
      },
    },
  });
  const refusing = await service.another({ deps: change, idempotency });
  await run(refusing, submitted);
  await refusing.stop();
}

it('is made under the same id again: a write that comes to pass late is the same comment', async () => {
  await refusedOnce({ written: false }, async (refusing, submitted) => {
    const body = commentBody();
    const key = freshKey();
    expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
    now += 2000;
    const posted = await post(body, key, { to: refusing });
    expect(posted.status).toBe(201);
    const [first, second] = submitted.map(({ comment }) => comment);
    expect(second?.id).toBe(first?.id);
    expect(second?.createdAt).toBe(first?.createdAt);
    expect(posted.headers.location).toBe(`/v1/comments/${first?.id}`);
  });
});

it('has an id of its own once no write can be on its way any more', async () => {
  await refusedOnce({ written: false }, async (refusing, submitted) => {
    const body = commentBody();
    const key = freshKey();
    expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
    now += 3_600_000;
    expect((await post(body, key, { to: refusing })).status).toBe(201);
    const [first, second] = submitted.map(({ comment }) => comment);
    expect(second?.id).not.toBe(first?.id);
    expect(second?.createdAt).toBe(now);
  });
});

it('is not acknowledged by what one server has found, but once the answer is kept', async () => {
  let refusals = 1;
  const idempotency: ServiceOptions['idempotency'] = (kept) => ({
    ...kept,
    finish: (...args) => (refusals-- > 0 ? Promise.reject(storeUnavailable()) : kept.finish(...args)),
  });
  const before = await pendingOn('news');
  await refusedOnce({ written: true, idempotency }, async (refusing) => {
    const body = commentBody();
    const key = freshKey();
    expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
    expect(codeOf(await post(body, key, { to: refusing }))).toBe('store-unavailable');
    const recovered = await post(body, key, { to: refusing });
    expect([recovered.status, recovered.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expectReplay(await post(body, key, { to: refusing }), recovered);
  });
  expect(await pendingOn('news')).toBe(before + 1);
});

it('did not happen where what was found is gone once the answer is kept', async () => {
  const body = commentBody();
  const key = freshKey();
  let isLost = false;
  const losing = await service.another({
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        find: async (id) => (isLost ? null : deps.comments.find(id)),
        submit: async () => ({ kind: 'duplicate', id: 'another' }),
      },
    }),
    // The server that had found it goes, and those that keep the answer have never had it.
    idempotency: (kept) => ({
      ...kept,
      async finish(...args) {
        isLost = true;
        return kept.finish(...args);
      },
    }),
  });
  await postAndDie(body, key, 'after the write');
  now += 15_001;
  expect(codeOf(await post(body, key, { to: losing }))).toBe('store-unavailable');
  // Nothing is kept of it: it is a request like any other.
  expect(codeOf(await post(body, key, { to: losing }))).toBe('duplicate-comment');
  await losing.stop();
});
