import fc from 'fast-check';
import { createHotReads } from '../../src/http/hot-reads.ts';
import { createSharedAnswer } from '../../src/http/shared-answer.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, PUBLIC_URL, startService } from '../support/service.ts';

let kept: TestService;
let plain: TestService;

beforeAll(async () => {
  kept = await startService();
  plain = await kept.another({ config: { hotPaths: false } });
  await makeSite(kept.deps, 'news', { duplicateHours: 0 });
});
afterAll(async () => {
  await plain.stop();
  await kept.stop();
});

const urlOf = (page: string) => `${ORIGIN}/${page}`;
const pathOf = (page: string, query = '') =>
  `/v1/sites/news/comments?page=${encodeURIComponent(urlOf(page))}${query}`;

async function post(page: string, service = kept): Promise<string> {
  const body = commentBody({ page: { url: urlOf(page) }, body: 'Words upon words. '.repeat(30) });
  const answer = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const total = async (page: string, service = kept): Promise<number> =>
  ((await service.call({ path: pathOf(page) })).json as { total: number }).total;

function comparable({ status, headers, bytes }: Answer): object {
  const { 'x-request-id': id, date: _, ...rest } = headers;
  expect(id).toMatch(/\S/);
  return { status, rest, order: Object.keys(headers), bytes: bytes.toString('base64') };
}

it('answers 500 requests equally in status, headers and bytes with kept answers and without', async () => {
  const pages = ['a', 'b', 'c', 'unknown'];
  for (const page of pages.slice(0, 3)) for (let count = 0; count < 4; count++) await post(page);
  const etags = new Set<string>(['"none"']);
  const request = fc.record({
    kind: fc.constantFrom('tree', 'flat', 'html', 'counts', 'site', 'wrong', 'none', 'missing'),
    page: fc.constantFrom(...pages),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
    origin: fc.constantFrom(undefined, ORIGIN, PUBLIC_URL, 'https://evil.example', 'null'),
    encoding: fc.constantFrom(undefined, 'gzip', 'br', 'gzip, br', 'identity', 'br;q=0.1, gzip'),
    condition: fc.nat({ max: 40 }),
    language: fc.constantFrom(undefined, 'fa', 'en'),
  });
  const paths: Record<string, (page: string) => string> = {
    tree: (page) => pathOf(page, '&limit=2'),
    flat: (page) => pathOf(page, '&format=flat&sort=newest'),
    html: (page) => pathOf(page, '&format=html'),
    counts: (page) => `/v1/sites/news/counts?page=${urlOf(page)}&page=${urlOf('a')}`,
    site: () => '/v1/sites/news',
    wrong: (page) => pathOf(page, '&limit=0'),
    none: () => '/v1/sites/none/comments?page=x',
    missing: () => '/v1/sites/news/comments',
  };
  const statuses = new Set<number>();
  for (const { kind, page, method, origin, encoding, condition, language } of fc.sample(request, {
    numRuns: 500,
    seed: 20,
  })) {
    const known = [...etags];
    const headers: Record<string, string> = {
      ...(origin && { origin }),
      ...(encoding && { 'accept-encoding': encoding }),
      ...(language && { 'accept-language': language }),
      ...(condition < known.length && { 'if-none-match': known[condition] ?? '' }),
    };
    const call = { method, path: (paths[kind] ?? pathOf)(page), headers };
    const first = await kept.call(call);
    const again = await kept.call(call);
    const long = await plain.call(call);
    expect(comparable(first)).toEqual(comparable(long));
    expect(comparable(again)).toEqual(comparable(long));
    statuses.add(long.status);
    if (long.headers.etag) etags.add(long.headers.etag);
    if (condition === 40) await post(page === 'unknown' ? 'a' : page);
  }
  expect([...statuses].sort()).toEqual([200, 304, 404, 422]);
});

it('shows a write in the very next read: post, decision, edit, deletion, site, alias', async () => {
  const id = await post('fresh');
  expect(await total('fresh')).toBe(1);
  const decide = (action: string) =>
    kept.call({
      method: 'POST',
      path: `/v1/moderation/comments/${id}/decisions`,
      headers: ADMIN,
      body: { action },
    });
  await decide('spam');
  expect(await total('fresh')).toBe(0);
  await decide('approve');
  expect(await total('fresh')).toBe(1);
  expect(await total('short')).toBe(0);
  const alias = { alias: urlOf('short'), page: urlOf('fresh') };
  await kept.call({
    method: 'POST',
    path: '/v1/admin/sites/news/pages/aliases',
    headers: ADMIN,
    body: alias,
  });
  expect(await total('short')).toBe(1);
  const closed = async () =>
    ((await kept.call({ path: '/v1/sites/news' })).json as { closed: boolean }).closed;
  expect(await closed()).toBe(false);
  const patch = (value: boolean) =>
    kept.call({
      method: 'PATCH',
      path: '/v1/admin/sites/news',
      headers: ADMIN,
      body: { policy: { closed: value } },
    });
  await patch(true);
  expect(await closed()).toBe(true);
  await patch(false);
});

it('shows the first comment of a page that was asked for before it existed', async () => {
  expect(await total('new')).toBe(0);
  expect(await total('new')).toBe(0);
  await post('new');
  expect(await total('new')).toBe(1);
});

it('never keeps an answer that was begun before a change and finished after it', async () => {
  await post('raced');
  let hold = false;
  let arrived = (): void => undefined;
  let go = (): void => undefined;
  const service = await kept.another({
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        async listPage(query) {
          const found = await deps.comments.listPage(query);
          if (hold) {
            arrived();
            await new Promise<void>((resolve) => {
              go = resolve;
            });
          }
          return found;
        },
      },
    }),
  });
  const held = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  hold = true;
  const slow = total('raced', service);
  await held;
  hold = false;
  await post('raced', service);
  go();
  await slow;
  expect(await total('raced', service)).toBe(2);
  await service.stop();
});

it('asks the store once for many equal reads', async () => {
  let asked = 0;
  const service = await kept.another({
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        listPage(query) {
          asked += 1;
          return deps.comments.listPage(query);
        },
      },
    }),
  });
  await post('asked', service);
  for (let time = 0; time < 10; time++) expect(await total('asked', service)).toBe(1);
  expect(asked).toBe(1);
  const tagged = await service.call({ path: `${pathOf('asked')}&fbclid=x` });
  expect((tagged.json as { total: number }).total).toBe(1);
  await service.stop();
});

describe('reads of one address that arrive together', () => {
  /** A service whose lists wait for `go` while `hold` is set; `asked` counts them. */
  async function holding() {
    const state = { hold: false, asked: 0, go: (): void => undefined, arrived: (): void => undefined };
    const service = await kept.another({
      deps: (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          async listPage(query) {
            const found = await deps.comments.listPage(query);
            state.asked += 1;
            if (!state.hold) return found;
            state.hold = false;
            state.arrived();
            await new Promise<void>((resolve) => {
              state.go = resolve;
            });
            return found;
          },
        },
      }),
    });
    const first = (page: string): { answer: Promise<number>; held: Promise<void> } => {
      state.hold = true;
      const held = new Promise<void>((resolve) => {
        state.arrived = resolve;
      });
      return { answer: total(page, service), held };
    };
    return { service, state, first };
  }

  it('share the answer that the first of them has made', async () => {
    await post('together');
    const { service, state, first } = await holding();
    const { answer, held } = first('together');
    await held;
    const others = Array.from({ length: 5 }, () => total('together', service));
    // A read of another address is answered meanwhile, so the five have arrived, too.
    expect(await total('elsewhere', service)).toBe(0);
    state.go();
    expect(await Promise.all([answer, ...others])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(state.asked).toBe(1);
    await service.stop();
  });

  it('never get what a write had made old before they came', async () => {
    await post('overtaken');
    const { service, state, first } = await holding();
    const { answer, held } = first('overtaken');
    await held;
    const waiting = total('overtaken', service);
    await post('overtaken', service);
    const after = total('overtaken', service);
    expect(await Promise.all([waiting, after])).toEqual([2, 2]);
    state.go();
    await answer;
    expect(await total('overtaken', service)).toBe(2);
    await service.stop();
  });
});

it('sends reads the long way where a site limits them', async () => {
  await makeSite(kept.deps, 'slow', { rateLimits: { reads: { limit: 2, windowSeconds: 60 } } });
  const limited = await kept.another({ config: { rateLimits: { off: false, classes: {} } } });
  const ask = () => limited.call({ path: '/v1/sites/slow' });
  const answers = [await ask(), await ask(), await ask()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.map(({ headers }) => headers.ratelimit)).toEqual([
    '"reads";r=1;t=60',
    '"reads";r=0;t=60',
    '"reads";r=0;t=60',
  ]);
  await limited.stop();
});

describe('its memory', () => {
  const answer = (body: string) =>
    createSharedAnswer({ contentType: 'text/plain', body, security: [], servesOrigin: () => false });

  function keep(hot: ReturnType<typeof createHotReads>, url: string, body: string, page: string): void {
    const request = { url } as Parameters<typeof hot.begin>[0];
    const fill = hot.begin(request, { once: () => undefined } as unknown as Parameters<typeof hot.begin>[1]);
    fill?.showsPages([page]);
    fill?.keep(answer(body), 'route');
  }

  it('stays within its budget and keeps what is asked for', () => {
    const budget = 200_000;
    const hot = createHotReads({ budget });
    keep(hot, '/v1/sites/s/comments?page=loved', 'loved', 'loved');
    for (let index = 0; index < 1000; index++) {
      keep(hot, `/v1/sites/s/comments?page=${index}`, `${index}`.repeat(500), `p${index}`);
      expect(hot.find('/v1/sites/s/comments?page=loved')).toBeDefined();
      expect(hot.size()).toBeLessThanOrEqual(budget);
    }
    expect(hot.find('/v1/sites/s/comments?page=0')).toBeUndefined();
    hot.drop({ kind: 'site', site: 's' });
    expect(hot.size()).toBe(0);
  });

  it('drops everything where everything may have changed, and keeps nothing that was begun before', () => {
    const hot = createHotReads({ budget: 1_000_000 });
    for (const page of ['a', 'b']) keep(hot, `/v1/sites/s/comments?page=${page}`, page, page);
    const late = { url: '/v1/sites/s/comments?page=c' } as Parameters<typeof hot.begin>[0];
    const fill = hot.begin(late, { once: () => undefined } as unknown as Parameters<typeof hot.begin>[1]);
    hot.drop({ kind: 'everything' });
    fill?.showsPages(['c']);
    fill?.keep(answer('c'), 'route');
    expect(hot.size()).toBe(0);
  });

  it('holds equal answers of one page once, and drops all their addresses together', () => {
    const hot = createHotReads({ budget: 1_000_000 });
    const body = 'x'.repeat(10_000);
    for (let index = 0; index < 50; index++)
      keep(hot, `/v1/sites/s/comments?page=a&utm_x=${index}`, body, 'a');
    expect(hot.size()).toBeLessThan(50_000);
    hot.drop({ kind: 'page', site: 's', pageKey: 'b' });
    expect(hot.find('/v1/sites/s/comments?page=a&utm_x=7')).toBeDefined();
    hot.drop({ kind: 'page', site: 's', pageKey: 'a' });
    expect(hot.find('/v1/sites/s/comments?page=a&utm_x=7')).toBeUndefined();
    expect(hot.size()).toBe(0);
  });
});
