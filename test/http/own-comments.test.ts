import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** What an author may do with a comment by its edit token. */

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
});
afterAll(() => service.stop());

async function post(name: string): Promise<{ id: string; editToken: string }> {
  const answer = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    body: commentBody({ page: { url: `${ORIGIN}/${name}` } }),
  });
  expect(answer.status).toBe(201);
  const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
  return { id: comment.id, editToken };
}

it('is public where visible, and its author’s alone where not', async () => {
  await makeSite(service.deps, 'held', { moderation: 'all', tellReason: true });
  const body = commentBody();
  const posted = await service.call({ method: 'POST', path: '/v1/sites/held/comments', body });
  const { comment, editToken } = posted.json as {
    comment: { id: string; status: string };
    editToken: string;
  };
  expect(comment.status).toBe('pending');
  const own = { path: `/v1/comments/${comment.id}`, headers: { authorization: `Bearer ${editToken}` } };
  const read = await service.call(own);
  expect(read.headers['cache-control']).toBe('no-store');
  expect(read.json).toMatchObject({ id: comment.id, status: 'pending', editableUntil: expect.any(String) });
  const decision = {
    method: 'POST',
    path: `/v1/moderation/comments/${comment.id}/decisions`,
    headers: ADMIN,
  };
  await service.call({ ...decision, body: { action: 'spam', reason: 'abuse' } });
  expect((await service.call(own)).json).toMatchObject({ status: 'pending', reason: 'abuse' });
  await service.call({ ...decision, body: { action: 'approve' } });
  const open = await service.call({ path: own.path });
  expect([open.status, open.headers['cache-control']]).toEqual([200, 'public, max-age=0, must-revalidate']);
  expect(open.json).not.toHaveProperty('editableUntil');
});

it('keeps what was decided on it, its version and its date when it is sent again with the text it has', async () => {
  await makeSite(service.deps, 'saved', { moderation: 'all' });
  const body = commentBody({
    body: 'Write to me: m@y.example',
    author: { name: 'M', email: 'm@y.example' },
  });
  const posted = await service.call({ method: 'POST', path: '/v1/sites/saved/comments', body });
  const { comment, editToken } = posted.json as { comment: { id: string }; editToken: string };
  const desk = { path: `/v1/moderation/comments/${comment.id}`, headers: ADMIN };
  const edit = (text: string) =>
    service.call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
      body: { body: text },
    });
  expect((await edit('Write to me: m@y.example!')).status).toBe(200);
  const decision = { method: 'POST', path: `${desk.path}/decisions`, headers: ADMIN };
  await service.call({ ...decision, body: { action: 'approve' } });
  const before = (await service.call(desk)).json;
  const again = await edit('  Write to me: m@y.example!\r\n');
  expect(again.json).toMatchObject({
    comment: { id: comment.id, status: 'approved', body: { text: 'Write to me: m...@y.example!' } },
    editableUntil: expect.any(String),
  });
  expect((await service.call(desk)).json).toEqual(before);
  expect(before).toMatchObject({ status: 'approved', version: 3, revision: 2 });
});

it('is edited and taken away with its token, and listed by it', async () => {
  const { id, editToken } = await post('mine');
  const path = `/v1/comments/${id}`;
  const headers = { authorization: `Bearer ${editToken}` };
  const edited = await service.call({ method: 'PATCH', path, headers, body: { body: 'Better words' } });
  expect(edited.json).toMatchObject({
    comment: { id, body: { text: 'Better words' }, editedAt: expect.any(String) },
    editableUntil: expect.any(String),
  });
  const own = (editTokens: unknown) =>
    service.call({ method: 'POST', path: '/v1/sites/news/comments/own', body: { editTokens } });
  expect((await own([editToken, 'dead', `${editToken}x`])).json).toMatchObject({
    comments: [{ id, readableUntil: expect.any(String) }],
  });
  expect((await own('x')).json).toMatchObject({ errors: [{ pointer: '/editTokens', code: 'invalid' }] });
  expect((await service.call({ method: 'DELETE', path, headers })).status).toBe(204);
  expect((await own([editToken])).json).toEqual({ comments: [] });
  expect((await service.call({ path, headers })).status).toBe(404);
});

it('is changed by its author a thousand times at most, and taken away all the same', async () => {
  const { id, editToken } = await post('often');
  const own = { path: `/v1/comments/${id}`, headers: { authorization: `Bearer ${editToken}` } };
  const findOften = jest.spyOn(service.deps.comments, 'find');
  const edit = async (revision: number, body: string) => {
    findOften.mockImplementationOnce(async (asked) => {
      const [comment] = await service.deps.comments.findMany([asked]);
      return comment ? { ...comment, revision } : null;
    });
    return service.call({ ...own, method: 'PATCH', body: { body } });
  };
  expect((await edit(1000, 'the last text')).status).toBe(200);
  const refused = await edit(1001, 'one too many');
  expect([refused.status, refused.json]).toEqual([
    403,
    expect.objectContaining({ code: 'edit-window-closed' }),
  ]);
  findOften.mockRestore();
  expect((await service.call(own)).json).toMatchObject({ body: { text: 'the last text' } });
  expect((await service.call({ ...own, method: 'DELETE' })).status).toBe(204);
});
