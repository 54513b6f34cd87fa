import type { ReaderOptions } from '../support/event-reader.ts';
import { readEvents } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import { inParallel } from '../support/in-parallel.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** What a stream may cost, and when it ends. */

let service: TestService;
let now = Date.now();
let presentations = 0;
const opened: { close(): void }[] = [];

const open = async (options: ReaderOptions = {}, port = service.port) => {
  const reader = await readEvents(port, { headers: ADMIN, ...options });
  opened.push(reader);
  return reader;
};

async function post(rest: Record<string, unknown> = {}): Promise<string> {
  const path = '/v1/sites/news/comments';
  const answer = await service.call({ method: 'POST', path, body: commentBody(rest) });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

async function makeToken(rest: object = {}) {
  const body = { name: 'A desk', role: 'moderator', sites: ['news'], ...rest };
  const made = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  const { id, token } = made.json as { id: string; token: string };
  return { id, headers: { authorization: `Bearer ${token}` } };
}

beforeAll(async () => {
  service = await startService({
    clock: { now: () => now },
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        findMany(ids) {
          presentations += 1;
          return deps.comments.findMany(ids);
        },
      },
    }),
  });
  await makeSite(service.deps, 'news', { moderation: 'all', duplicateHours: 0 });
});
afterEach(() => {
  for (const reader of opened.splice(0)) reader.close();
});
afterAll(() => service.stop());

it('of two hundred listeners each hears of a comment, which is presented once for each scope', async () => {
  const { headers } = await makeToken();
  const options = Array.from({ length: 200 }, (_, index) => (index % 2 ? { headers } : {}));
  const readers = await inParallel(options, 50, (one) => open(one));
  presentations = 0;
  const id = await post();
  await Promise.all(readers.map((reader) => reader.hears('the comment', ({ data }) => data.id === id)));
  expect(presentations).toBe(1);
  const { text } = await service.call({ path: '/metrics' });
  expect(text).toContain('gatehouse_live_listeners 200\n');
});

it('what no listener may hear of is not presented', async () => {
  await makeSite(service.deps, 'blog', { moderation: 'all' });
  const reader = await open({ path: '/v1/moderation/events?site=blog' });
  await eventually(() => expect(reader.lastId()).not.toBe(''));
  presentations = 0;
  await post();
  await service.call({ method: 'POST', path: '/v1/sites/blog/comments', body: commentBody() });
  await reader.hears('the comment', ({ event }) => event === 'comment');
  expect(presentations).toBe(1);
});

it('a listener that does not read is dropped, and others hear on', async () => {
  const [sleeper, reader] = [await open(), await open()];
  await eventually(() => expect(sleeper.lastId()).not.toBe(''));
  sleeper.pause();
  // The widest letters there are: what is waited for is a number of bytes.
  const body = '𐎠'.repeat(9900);
  let last = '';
  await until(
    'the listener to be dropped',
    async () => {
      last =
        (
          await inParallel([...Array(20)], 10, (_, index) =>
            post({ body: `${body}${Math.random()}${index}` }),
          )
        ).at(-1) ?? '';
      return service.logged.some((line) => line.includes('did not read was dropped'));
    },
    150_000,
  );
  await reader.hears('the last', ({ data }) => data.id === last);
  expect(reader.hasEnded()).toBe(false);
  sleeper.resume();
  await sleeper.ended();
});

describe('a stream ends', () => {
  it('when its token is taken away, and others go on', async () => {
    const { id, headers } = await makeToken();
    const [doomed, other] = [await open({ headers }), await open()];
    await service.call({ method: 'DELETE', path: `/v1/admin/tokens/${id}`, headers: ADMIN });
    await doomed.ended();
    expect((await open({ headers })).status).toBe(401);
    const later = await post();
    await other.hears('the comment', ({ data }) => data.id === later);
    expect(other.hasEnded()).toBe(false);
  });

  it('when its token’s time is over', async () => {
    const expiresAt = new Date(now + 60_000).toISOString();
    const { headers } = await makeToken({ expiresAt });
    const doomed = await open({ headers });
    expect(doomed.status).toBe(200);
    now += 61_000;
    await doomed.ended();
  });

  it('when its site is removed', async () => {
    await makeSite(service.deps, 'short-lived');
    const doomed = await open({ path: '/v1/moderation/events?site=short-lived' });
    const path = '/v1/admin/sites/short-lived?confirm=short-lived';
    expect((await service.call({ method: 'DELETE', path, headers: ADMIN })).status).toBe(204);
    await doomed.ended();
  });

  it('at once when the process stops, which takes no new one', async () => {
    const stopping = await service.another();
    const readers = await inParallel([...Array(20)], 10, () => open({}, stopping.port));
    stopping.endStreams();
    await Promise.all(readers.map((reader) => reader.ended()));
    const refused = await open({}, stopping.port);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    await stopping.stop();
  });
});
