import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** Comments that two moderators have to approve before they are published. */
let service: TestService;
const people: Record<string, Record<string, string>> = {};

interface Shown {
  status: string;
  version: number;
  decidedBy: { name: string } | null;
  secondReview: { first: { name: string } | null } | null;
  history: { action: string; from: string; to: string }[];
}

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { moderation: 'all', secondReview: ['links'] });
  for (const name of ['Sara', 'Tom']) {
    const { json } = await service.call({
      method: 'POST',
      path: '/v1/admin/tokens',
      headers: ADMIN,
      body: { name, role: 'moderator', sites: ['news'] },
    });
    people[name] = { authorization: `Bearer ${(json as { token: string }).token}` };
  }
});
afterAll(() => service.stop());

let posts = 0;
async function held(text = 'See https://a.example and https://b.example'): Promise<string> {
  posts += 1;
  const body = commentBody({
    body: `${text} ${posts}`,
    author: { name: `Reader ${posts}`, email: `r${posts}@readers.example` },
  });
  const { json } = await service.call({ method: 'POST', path: '/v1/sites/news/comments', body });
  return (json as { comment: { id: string } }).comment.id;
}

const decide = (id: string, name: string, action = 'approve', path = `comments/${id}/decisions`) =>
  service.call({ method: 'POST', path: `/v1/moderation/${path}`, headers: people[name], body: { action } });

const look = async (id: string): Promise<Shown> =>
  (await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN })).json as Shown;

const decisionOf = ({ json }: Answer): string => (json as { decisionId: string }).decisionId;

test('the first approval is kept and publishes nothing; another moderator’s publishes', async () => {
  const id = await held();
  expect((await look(id)).secondReview).toEqual({ first: null });
  const answer = await decide(id, 'Sara');
  expect(answer.status).toBe(200);
  expect((answer.json as { comment: Shown }).comment).toMatchObject({
    status: 'pending',
    version: 2,
    secondReview: { first: { name: 'Sara' } },
  });
  expect((await service.call({ path: `/v1/comments/${id}` })).status).toBe(404);
  await decide(id, 'Tom');
  expect(await look(id)).toMatchObject({
    status: 'approved',
    version: 3,
    secondReview: null,
    history: [
      { action: 'approve', from: 'pending', to: 'pending' },
      { action: 'approve', from: 'pending', to: 'approved' },
    ],
  });
  expect((await service.call({ path: `/v1/comments/${id}` })).status).toBe(200);
});

test('one moderator alone never publishes it, however often and however many at once', async () => {
  const id = await held();
  await decide(id, 'Sara');
  await decide(id, 'Sara');
  const items = { action: 'approve', items: [{ id }] };
  const match = { site: 'news', status: 'pending', until: new Date(Date.now() + 1000).toISOString() };
  for (const body of [items, { action: 'approve', match, limit: 100 }]) {
    const path = '/v1/moderation/decisions';
    expect((await service.call({ method: 'POST', path, headers: people.Sara, body })).status).toBe(200);
  }
  expect(await look(id)).toMatchObject({ status: 'pending', secondReview: { first: { name: 'Sara' } } });
  const path = '/v1/moderation/decisions';
  await service.call({ method: 'POST', path, headers: people.Tom, body: items });
  expect((await look(id)).status).toBe('approved');
});

test('a first approval that is taken back counts no longer, nor does one of an older text', async () => {
  const id = await held();
  const first = decisionOf(await decide(id, 'Sara'));
  await decide(id, 'Sara', '', `decisions/${first}/undo`);
  expect((await look(id)).secondReview).toEqual({ first: null });
  await decide(id, 'Tom');
  const { version } = await look(id);
  const body = { body: 'Other words, https://c.example https://d.example', version };
  const path = `/v1/moderation/comments/${id}`;
  expect((await service.call({ method: 'PATCH', path, headers: people.Sara, body })).status).toBe(200);
  await decide(id, 'Sara');
  expect(await look(id)).toMatchObject({ status: 'pending', secondReview: { first: { name: 'Sara' } } });
});

test('what other phases stopped, and every other decision, wants one moderator only', async () => {
  const plain = await held('Nothing but words');
  expect((await look(plain)).secondReview).toBeNull();
  await decide(plain, 'Sara');
  expect((await look(plain)).status).toBe('approved');
  const spam = await held();
  await decide(spam, 'Sara', 'spam');
  expect((await look(spam)).status).toBe('spam');
});

test('a reply that would approve what it answers waits for the second approval too', async () => {
  const id = await held();
  const reply = (name: string) =>
    service.call({
      method: 'POST',
      path: `/v1/moderation/comments/${id}/replies`,
      headers: people[name],
      body: { body: 'Thank you.', approveParent: true },
    });
  expect((await reply('Sara')).status).toBe(409);
  expect(await look(id)).toMatchObject({ status: 'pending', secondReview: { first: { name: 'Sara' } } });
  expect((await reply('Tom')).status).toBe(201);
  expect((await look(id)).status).toBe('approved');
});

test('the first of two approvals that the second bears out is not overturned', async () => {
  const id = await held();
  await decide(id, 'Sara');
  await decide(id, 'Tom');
  const { json } = await service.call({ path: '/v1/moderation/stats?site=news', headers: ADMIN });
  const { moderators } = json as { moderators: { overturned: number }[] };
  expect(moderators.map(({ overturned }) => overturned)).toEqual([0, 0]);
});

test('only phases can be named, each once', async () => {
  const patch = (secondReview: unknown) =>
    service.call({
      method: 'PATCH',
      path: '/v1/admin/sites/news',
      headers: ADMIN,
      body: { policy: { secondReview } },
    });
  expect((await patch(['nonsense'])).status).toBe(422);
  expect((await patch(['links', 'links'])).status).toBe(422);
  expect((await patch(['links', 'filter:House'])).status).toBe(200);
});
