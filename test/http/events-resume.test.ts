import { createDataKey, createKeyring } from '../../src/keys.ts';
import { createEventIds } from '../../src/moderation/live/event-id.ts';
import type { EventReader, HeardEvent } from '../support/event-reader.ts';
import { readEvents } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import { inParallel } from '../support/in-parallel.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Last-Event-ID: what was missed comes first, once, and then what comes. */

let service: TestService;
const opened: { close(): void }[] = [];

const open = async (lastEventId?: string, port = service.port, headers = ADMIN) => {
  const reader = await readEvents(port, { headers, lastEventId });
  opened.push(reader);
  return reader;
};

async function post(site = 'news'): Promise<string> {
  const path = `/v1/sites/${site}/comments`;
  const answer = await service.call({ method: 'POST', path, body: commentBody() });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const posts = (count: number): Promise<string[]> =>
  inParallel(Array.from({ length: count }), 10, () => post());
const idOf = (number: number): string => createEventIds(service.deps.keys, '').write(number);
const isComment = ({ event }: HeardEvent): boolean => event === 'comment';
const commentsOf = (reader: EventReader): unknown[] =>
  reader.events.filter(isComment).map(({ data }) => data.id);
const hearsAll = (reader: EventReader, ids: string[]) =>
  eventually(() => expect([...commentsOf(reader)].sort()).toEqual([...ids].sort()));

beforeAll(async () => {
  service = await startService();
  for (const site of ['news', 'blog']) await makeSite(service.deps, site, { moderation: 'all' });
});
afterEach(() => {
  for (const reader of opened.splice(0)) reader.close();
});
afterAll(() => service.stop());

it('a stream goes on where the last one ended, through another instance too', async () => {
  const first = await open();
  const heard = await posts(3);
  await hearsAll(first, heard);
  first.close();
  const missed = await posts(450);
  const other = await service.another();
  for (const port of [service.port, other.port]) {
    const next = await open(first.lastId(), port);
    await hearsAll(next, missed);
    const later = await post();
    missed.push(later);
    await hearsAll(next, missed);
  }
  await other.stop();
});

it('what was missed of a site that was made under a clock that was set back since is loaded afresh', async () => {
  let now = Date.now() + 3 * 24 * 3_600_000;
  const own = await startService({ clock: { now: () => now } });
  const send = async (path: string, body: unknown) =>
    expect((await own.call({ method: 'POST', path, headers: ADMIN, body })).status).toBe(201);
  await send('/v1/admin/sites', {
    id: 'ahead',
    name: 'Ahead',
    origins: [ORIGIN],
    locale: 'en',
    timeZone: 'UTC',
  });
  const first = await open(undefined, own.port);
  const witness = await open(undefined, own.port);
  await send('/v1/sites/ahead/comments', commentBody());
  await first.hears('the comment', isComment);
  first.close();
  now = Date.now();
  await send('/v1/sites/ahead/comments', commentBody({ body: 'Missed' }));
  await until('it to be in the log', () => commentsOf(witness).length === 2);
  const next = await open(first.lastId(), own.port);
  await next.hears('that it is to load afresh', ({ event }) => event === 'reset');
  for (const reader of [next, witness]) reader.close();
  await own.stop();
});

it('every id of a stream is a place to go on from', async () => {
  const first = await open();
  const ids = await posts(12);
  await hearsAll(first, ids);
  const order = commentsOf(first) as string[];
  for (const [index, { id }] of first.events.filter(isComment).entries()) {
    await hearsAll(await open(id), order.slice(index + 1));
  }
  const { id } = await first.hears('the counts', ({ event }) => event === 'counts');
  const next = await open(id);
  const later = await post();
  await next.hears('what comes', ({ data }) => data.id === later);
  expect(next.events.some(({ event }) => event === 'reset')).toBe(false);
});

it('a client that has heard nothing goes on from where it began', async () => {
  const first = await open();
  await eventually(() => expect(first.lastId()).not.toBe(''));
  expect(first.events).toEqual([]);
  first.close();
  const ids = await posts(2);
  await hearsAll(await open(first.lastId()), ids);
});

it('listeners that come and go while much happens hear all of it, once and in order', async () => {
  const start = await open();
  await eventually(() => expect(start.lastId()).not.toBe(''));
  const from = start.lastId();
  let going = true;
  const sent: string[] = [];
  const writing = inParallel(Array.from({ length: 4 }), 4, async () => {
    while (going && sent.length < 400) sent.push(await post());
  });
  const restless = inParallel(Array.from({ length: 8 }), 8, async (_, index) => {
    const all: unknown[] = [];
    let last = from;
    for (let turn = 0; turn < 5 + index; turn++) {
      const reader = await open(last);
      const wanted = all.length + 1 + turn;
      await eventually(() => {
        if (going)
          expect(all.length + commentsOf(reader).length).toBeGreaterThanOrEqual(Math.min(wanted, 300));
      });
      reader.close();
      await reader.ended();
      last = reader.lastId() || last;
      all.push(...commentsOf(reader));
    }
    return { all, last };
  });
  const ends = await restless;
  going = false;
  await writing;
  await hearsAll(start, sent);
  const order = commentsOf(start);
  for (const { all, last } of ends) {
    const rest = await open(last);
    await eventually(() => expect([...all, ...commentsOf(rest)]).toEqual(order));
    rest.close();
  }
});

it('what was deleted while nobody listened is told as deleted, and its text by nobody', async () => {
  const first = await open();
  await eventually(() => expect(first.lastId()).not.toBe(''));
  first.close();
  const answer = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    body: commentBody({ body: 'Soon regretted words' }),
  });
  const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
  const headers = { authorization: `Bearer ${editToken}` };
  await service.call({ method: 'DELETE', path: `/v1/comments/${comment.id}`, headers });
  const next = await open(first.lastId());
  await next.hears('the deletion', ({ event, data }) => event === 'deleted' && data.commentId === comment.id);
  expect(next.raw()).not.toContain('regretted');
});

describe('an id that is no longer known begins anew with `reset`', () => {
  const expectReset = async (id: string) => {
    const reader = await open(id);
    const reset = await reader.hears('the reset', ({ event }) => event === 'reset');
    expect(reset.data).toEqual({});
    expect(reader.events[0]).toBe(reset);
    const later = await post();
    await hearsAll(reader, [later]);
    // And the reset's own id is one to go on from.
    await hearsAll(await open(reset.id), [later]);
  };

  it.each(['0', 'none', '-1', '1.AAAAAAAAAAAA', 'zzzzzzzzzzzz.AAAAAAAAAAAA', 'é', 'x'.repeat(5000)])(
    'malformed, in way %#',
    expectReset,
  );

  it('of another installation', () =>
    expectReset(createEventIds(createKeyring(createDataKey()), '').write(1)));

  it('from the future', async () => {
    const { last } = await service.deps.events.ends();
    await expectReset(idOf(last + 1000));
  });

  it('from so long ago that what followed is gone', async () => {
    await posts(5);
    const { last } = await service.deps.events.ends();
    const trimmed = await service.another({
      deps: (deps) => ({
        ...deps,
        events: {
          ...deps.events,
          ends: async () => ({ ...(await deps.events.ends()), first: last }),
          after: async (number, limit) => await deps.events.after(Math.max(number, last - 1), limit),
        },
      }),
    });
    const reader = await open(idOf(last - 2), trimmed.port);
    await reader.hears('the reset', ({ event }) => event === 'reset');
    const known = await open(idOf(last - 1), trimmed.port);
    await known.hears('the newest', isComment);
    expect(known.events[0]).toMatchObject({ event: 'comment' });
    await trimmed.stop();
  });
});

it('who comes back hears nothing of a former site whose id another one has since', async () => {
  const first = await open();
  await makeSite(service.deps, 'again', { moderation: 'all' });
  const mark = await post();
  await hearsAll(first, [mark]);
  first.close();
  const former = await post('again');
  const path = `/v1/moderation/comments/${former}/decisions`;
  const decided = await service.call({ method: 'POST', path, headers: ADMIN, body: { action: 'spam' } });
  expect(decided.status).toBe(200);
  const removal = '/v1/admin/sites/again?confirm=again';
  expect((await service.call({ method: 'DELETE', path: removal, headers: ADMIN })).status).toBe(204);
  const removed = Date.now();
  await until('a later millisecond', () => Date.now() > removed);
  await makeSite(service.deps, 'again', { moderation: 'all' });
  const body = { name: 'new', role: 'moderator', sites: ['again'] };
  const made = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  const authorization = `Bearer ${(made.json as { token: string }).token}`;
  const present = await post('again');
  const next = await open(first.lastId(), service.port, { authorization });
  await hearsAll(next, [present]);
  expect(next.raw()).not.toContain(former);
});
