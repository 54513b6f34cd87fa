import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
let now = Date.UTC(2026, 0, 1);
const ids: string[] = [];

interface Queue {
  items: { id: string }[];
  total: number;
  nextCursor: string | null;
}

async function post(body: string): Promise<string> {
  now += 1000;
  const sent = commentBody({ body, page: { url: `${ORIGIN}/a`, title: 'The town hall' } });
  const answer = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body: sent });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const ask = (query: Record<string, string>) =>
  service.call({ path: `/v1/moderation/queue?${new URLSearchParams(query)}`, headers: ADMIN });
const queue = async (query: Record<string, string>): Promise<Queue> => (await ask(query)).json as Queue;
const idsOf = ({ items }: Queue): string[] => items.map(({ id }) => id);

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all', duplicateHours: 0 });
  for (const text of ['A road', 'The roads of Rome', 'سلام دنیا', 'کتاب‌های خوب']) ids.push(await post(text));
});
afterAll(() => service.stop());

it('finds the queue’s comments by the beginnings of their words, newest first unless asked otherwise', async () => {
  expect(idsOf(await queue({ q: 'road' }))).toEqual([ids[1], ids[0]]);
  expect(idsOf(await queue({ q: 'road', sort: 'oldest' }))).toEqual([ids[0], ids[1]]);
  expect(idsOf(await queue({ q: 'town كتاب' }))).toEqual([ids[3]]);
  expect(await queue({ q: 'tunnel' })).toEqual({ items: [], total: 0, nextCursor: null });
  expect(await queue({ q: 'road', status: 'spam' })).toMatchObject({ total: 0 });
  expect(await queue({ q: '!!!' })).toMatchObject({ total: 0 });
});

it('takes an empty filter for none', async () => {
  expect(idsOf(await queue({ q: '', phase: '', reason: '' }))).toEqual(ids);
  expect(idsOf(await queue({ q: ' \u200c ' }))).toEqual(ids);
});

it('walks what it finds by cursors that are bound to the search', async () => {
  const first = await queue({ q: 'town', limit: '3' });
  expect(idsOf(first)).toEqual([ids[3], ids[2], ids[1]]);
  expect(first.total).toBe(4);
  const cursor = first.nextCursor as string;
  const second = await queue({ q: 'town', limit: '1', cursor });
  expect(second).toMatchObject({ items: [{ id: ids[0] }], total: 4, nextCursor: null });
  const others: Record<string, string>[] = [
    { q: 'hall' },
    { q: 'town', phase: 'links' },
    { q: 'town', reason: 'spam' },
  ];
  for (const other of others) {
    expect(await ask({ ...other, cursor })).toMatchObject({
      status: 422,
      json: { code: 'validation-failed', errors: [{ parameter: 'cursor', code: 'invalid' }] },
    });
  }
});

it('finds what a phase held and what was decided with a reason; what nobody said finds nothing', async () => {
  expect(idsOf(await queue({ phase: 'moderation' }))).toEqual(ids);
  expect(await queue({ phase: 'own-email' })).toMatchObject({ total: 0 });
  expect(await queue({ phase: 'no-such-phase' })).toMatchObject({ total: 0 });
  const decided = await service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${ids[0]}/decisions`,
    headers: ADMIN,
    body: { action: 'reject', reason: 'off-topic' },
  });
  expect(decided.status).toBe(200);
  const found = await queue({ reason: 'off-topic', phase: 'moderation', q: 'road', status: 'all' });
  expect(found).toMatchObject({ total: 1, items: [{ id: ids[0] }] });
  expect(await queue({ reason: 'off-topic' })).toMatchObject({ total: 0 });
  expect(await queue({ reason: 'unheard of', status: 'all' })).toMatchObject({ total: 0 });
});

it('refuses a query that is too long, repeated, or no text', async () => {
  expect((await ask({ q: 'ش'.repeat(200) })).status).toBe(200);
  expect(await ask({ q: 'ش'.repeat(201) })).toMatchObject({
    status: 422,
    json: { errors: [{ parameter: 'q', code: 'too-long' }] },
  });
  for (const name of ['q', 'phase', 'reason']) {
    const twice = await service.call({
      path: `/v1/moderation/queue?${name}=a&${name}=b`,
      headers: ADMIN,
    });
    expect(twice).toMatchObject({
      status: 422,
      json: { errors: [{ parameter: name, code: 'duplicate' }] },
    });
  }
});
