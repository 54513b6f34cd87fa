import type { TestService } from '../support/service.ts';
import { commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  service.call({ method: 'POST', path: '/v1/sites/news/comments', body, headers });

interface Submitted {
  comment: { id: string; body: { text: string } };
  editToken: string;
}

it('answers a post with 201, its address and a token, and lists it at once', async () => {
  const answer = await post(commentBody({ body: 'A *first* word' }), { origin: ORIGIN });
  expect(answer.status).toBe(201);
  const { comment, editToken } = answer.json as Submitted;
  expect(answer.headers.location).toBe(`/v1/comments/${comment.id}`);
  expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(editToken.startsWith(`${comment.id}.`)).toBe(true);
  const listed = await service.call({
    path: `/v1/sites/news/comments?page=${encodeURIComponent(`${ORIGIN}/a`)}`,
  });
  expect(listed.status).toBe(200);
  expect((listed.json as { comments: object[] }).comments).toMatchObject([
    { id: comment.id, body: { text: 'A *first* word' } },
  ]);
});
