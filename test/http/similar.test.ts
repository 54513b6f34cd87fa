import { eventually } from '../support/eventually.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

const SPAM =
  'Buy the finest watches of the town at half the price, only today and only in our shop of wonders';
const COPIES = 7;

interface Shown {
  id: string;
  status: string;
  similar: number;
}
interface Slice {
  items: Shown[];
  total: number;
  nextCursor: string | null;
}

let service: TestService;
let now = Date.UTC(2026, 0, 1);
/** Oldest first; the first one is asked about. */
let copies: string[];

const call = (method: string, path: string, body?: unknown, headers: object = ADMIN): Promise<Answer> =>
  service.call({ method, path, headers: { ...headers }, body });
const post = async (site: string, text: string, name: string): Promise<string> => {
  now += 1000;
  const body = commentBody({ author: { name, email: `${name}@example.org` }, body: text });
  const { json } = await call('POST', `/v1/sites/${site}/comments`, body, {});
  return (json as { comment: { id: string } }).comment.id;
};
const similar = async (id: string, query = ''): Promise<Slice> =>
  (await call('GET', `/v1/moderation/comments/${id}/similar${query}`)).json as Slice;
const queue = async (query: string): Promise<Slice> =>
  (await call('GET', `/v1/moderation/queue?${query}`)).json as Slice;
const idsOf = ({ items }: Slice): string[] => items.map(({ id }) => id);
const decideAlike = (id: string, rest: object): Promise<Answer> =>
  call('POST', '/v1/moderation/decisions', {
    action: 'spam',
    match: {
      site: 'news',
      status: 'pending',
      similarTo: id,
      until: new Date(now + 1000).toISOString(),
      ...rest,
    },
    limit: 3,
  });

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all' });
  await makeSite(service.deps, 'other', { moderation: 'all' });
  copies = [await post('news', SPAM, 'first')];
  for (let i = 1; i <= COPIES; i++) copies.push(await post('news', `${SPAM}! ${i}`, `copier-${i}`));
  await post(
    'news',
    'Nobody had told those who live by the lake that the road was closed for weeks.',
    'mina',
  );
  await post('other', SPAM, 'elsewhere');
});
afterAll(() => service.stop());

it('each comment says how many near copies it has on its site', async () => {
  const { items } = await queue('site=news&limit=200');
  const counts = new Map(items.map((one) => [one.id, one.similar]));
  expect(counts.get(copies[0] ?? '')).toBe(COPIES);
  expect([...counts.values()].filter((count) => count === 0)).toHaveLength(1);
  const one = (await call('GET', `/v1/moderation/comments/${copies[0]}`)).json as Shown;
  expect(one.similar).toBe(COPIES);
  expect((await queue('site=other')).items.map((shown) => shown.similar)).toEqual([0]);
});

it('lists them newest first, in pages', async () => {
  const [first = '', ...rest] = copies;
  const all = await similar(first);
  expect([idsOf(all), all.total, all.nextCursor]).toEqual([rest.toReversed(), COPIES, null]);
  const walked: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const slice: Slice = await similar(first, `?limit=3${cursor && `&cursor=${cursor}`}`);
    expect(slice.total).toBe(COPIES);
    walked.push(...idsOf(slice));
    cursor = slice.nextCursor;
  }
  expect(walked).toEqual(rest.toReversed());
  const { nextCursor } = await similar(first, '?limit=1');
  const other = await call('GET', `/v1/moderation/comments/${rest[0]}/similar?cursor=${nextCursor}`);
  expect(other).toMatchObject({ status: 422, json: { errors: [{ parameter: 'cursor', code: 'invalid' }] } });
});

it('the queue is narrowed to them, beside everything else that narrows it', async () => {
  const [first = '', ...rest] = copies;
  expect(idsOf(await queue(`similarTo=${first}`))).toEqual(rest);
  expect(idsOf(await queue(`similarTo=${first}&q=watches&claimed=free&standing=new&sort=newest`))).toEqual(
    rest.toReversed(),
  );
  for (const query of ['status=spam', 'site=other', 'claimed=mine', 'standing=trusted', 'q=lake'])
    expect(await queue(`similarTo=${first}&${query}`)).toMatchObject({ items: [], total: 0 });
  const paged = await queue(`similarTo=${first}&limit=4`);
  expect([idsOf(paged), paged.total]).toEqual([rest.slice(0, 4), COPIES]);
  const next = await queue(`similarTo=${first}&limit=4&cursor=${paged.nextCursor}`);
  expect([idsOf(next), next.nextCursor]).toEqual([rest.slice(4), null]);
  expect(await queue('similarTo=none')).toMatchObject({ items: [], total: 0 });
});

it('they are decided together, the oldest first, and taken back together', async () => {
  const [first = '', ...rest] = copies;
  expect(await decideAlike(first, { status: 'approved' })).toMatchObject({
    status: 200,
    json: { decided: 0, conflicts: 0, remaining: 0 },
  });
  expect((await decideAlike('none', {})).json).toMatchObject({ decided: 0, remaining: 0 });
  const decided = await decideAlike(first, {});
  expect(decided.json).toMatchObject({ decided: 3, conflicts: 0, remaining: COPIES - 3 });
  expect(idsOf(await queue(`similarTo=${first}&status=spam`))).toEqual(rest.slice(0, 3));
  expect(idsOf(await queue(`similarTo=${first}`))).toEqual(rest.slice(3));
  const { batchId } = decided.json as { batchId: string };
  const undone = await call('POST', `/v1/moderation/batches/${batchId}/undo`);
  expect((undone.json as { results: unknown[] }).results).toHaveLength(3);
  expect(idsOf(await queue(`similarTo=${first}`))).toEqual(rest);
});

it('nobody is told of another site’s', async () => {
  const { json } = await call('POST', '/v1/admin/tokens', {
    name: 'Ann',
    role: 'moderator',
    sites: ['other'],
  });
  const ann = { authorization: `Bearer ${(json as { token: string }).token}` };
  const asked = await call('GET', `/v1/moderation/comments/${copies[0]}/similar`, undefined, ann);
  expect(asked).toMatchObject({ status: 404, json: { code: 'comment-not-found' } });
  const listed = await call('GET', `/v1/moderation/queue?similarTo=${copies[0]}`, undefined, ann);
  expect(listed.json).toMatchObject({ items: [], total: 0 });
});

describe('what people decided on near copies', () => {
  const TEXT =
    'Earn nine hundred a week from your sofa, my cousin did and now she owns a house and two boats';
  const decide = (id: string, action: string): Promise<Answer> =>
    call('POST', `/v1/moderation/comments/${id}/decisions`, { action });
  const saidOf = async (id: string): Promise<object> => {
    const { json } = await call('GET', `/v1/moderation/comments/${id}`);
    const { status, screening } = json as { status: string; screening: { phase: string; outcome: string }[] };
    return { status, outcome: screening.find(({ phase }) => phase === 'similar')?.outcome };
  };
  /** What was decided is heard of a moment later. */
  const expectSoon = (text: string, name: string, said: object): Promise<void> =>
    eventually(async () =>
      expect(await saidOf(await post('open', text, `${name}-${now}`))).toMatchObject(said),
    );

  it('is inherited over all pages, from the third spam on alone, and no more when it is taken back', async () => {
    await makeSite(service.deps, 'open', { moderation: 'none', duplicateHours: 0 });
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push(await post('open', `${TEXT} ${i}`, `earner-${i}`));
    expect(await saidOf(ids[2] ?? '')).toEqual({ status: 'approved', outcome: 'pass' });
    await decide(ids[0] ?? '', 'spam');
    await expectSoon(`${TEXT}!`, 'one', { status: 'pending', outcome: 'hold' });
    await decide(ids[1] ?? '', 'spam');
    const third = (await decide(ids[2] ?? '', 'spam')).json as { decisionId: string };
    await expectSoon(`${TEXT}!!`, 'two', { status: 'spam', outcome: 'spam' });
    await call('POST', `/v1/moderation/decisions/${third.decisionId}/undo`);
    await expectSoon(`${TEXT}!!!`, 'three', { status: 'pending', outcome: 'hold' });
    await expectSoon('Nobody had told those who live by the lake of the road.', 'four', { outcome: 'pass' });
  });

  it('what was rejected keeps its copies for a person, until one of them is approved', async () => {
    const text = 'The mayor is a crook, and everybody who voted for him ought to be ashamed of themselves';
    const id = await post('open', text, 'angry');
    const rejected = (await decide(id, 'reject')).json as { decisionId: string };
    await expectSoon(`${text}!`, 'six', { status: 'pending', outcome: 'hold' });
    await call('POST', `/v1/moderation/decisions/${rejected.decisionId}/undo`);
    await expectSoon(`${text}!!`, 'seven', { status: 'approved', outcome: 'pass' });
    await decide(id, 'reject');
    await expectSoon(`${text}!!!`, 'eight', { status: 'pending', outcome: 'hold' });
    await decide(await post('open', `${text}!?`, 'other'), 'approve');
    await expectSoon(`${text}?`, 'nine', { status: 'approved', outcome: 'pass' });
    await decide(id, 'trash');
    await expectSoon(`${text}??`, 'ten', { status: 'approved', outcome: 'pass' });
  });

  it('a thank-you that was spam once keeps no other back', async () => {
    const id = await post('open', 'Thanks', 'thankful');
    await decide(id, 'spam');
    await expectSoon('thanks!', 'five', { status: 'approved', outcome: 'pass' });
  });
});
