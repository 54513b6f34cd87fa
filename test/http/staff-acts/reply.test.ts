import { expectProblem, type FieldPlaceAndCode } from '../../support/expectations.ts';
import { ADMIN, commentBody } from '../../support/service.ts';
import { prepareStaff, shown } from '../../support/staff-desk.ts';

const world = prepareStaff();
const { posted, removed, reply, decide, detail, publicly } = world;

let keys = 0;
const freshKey = () => ({ 'idempotency-key': `staff-${++keys}` });

describe('a moderator’s reply', () => {
  it('is approved, the moderator’s by name, without key or address, and counted below its parent', async () => {
    const id = await posted();
    const answer = await reply(id, { body: 'سلام **همه**' });
    expect(answer.status).toBe(201);
    const made = shown(answer);
    expect(answer.headers.location).toBe(`/v1/comments/${made.id}`);
    expect(made).toMatchObject({
      parentId: id,
      status: 'approved',
      version: 1,
      decidedBy: { kind: 'token', name: 'The desk' },
      author: { key: null, name: 'The desk', url: null, moderator: true },
      emailMasked: null,
      body: { text: 'سلام **همه**' },
    });
    expect((await publicly(made.id)).json).toMatchObject({ author: { moderator: true, name: 'The desk' } });
    expect((await publicly(id)).json).toMatchObject({ replyCount: 1 });
    expect((await detail(id)).history).toMatchObject([
      { action: 'reply', by: { name: 'The desk' }, note: made.id, from: 'approved', to: 'approved' },
    ]);
  });

  it('approves a pending parent first where that is wanted, and else is refused with what stands', async () => {
    const id = await posted('held');
    const refused = await reply(id, { body: 'An answer' });
    expectProblem(refused, 'conflict');
    expect(refused.json).toMatchObject({ current: { status: 'pending', version: 1 } });
    const answer = await reply(id, { body: 'An answer', approveParent: true });
    expect(answer.status).toBe(201);
    expect((await detail(id)).history.map(({ action }) => action)).toEqual(['approve', 'reply']);
    expect((await publicly(id)).json).toMatchObject({ replyCount: 1 });
  });

  it('writes nothing where the parent is not pending, deleted, or below what is hidden', async () => {
    const count = async () =>
      (await world.service.call({ path: '/v1/moderation/counts', headers: ADMIN })).json as object;
    const spam = await posted();
    await decide(spam, { action: 'spam' });
    const root = await posted();
    const child = await posted('news', { parentId: root });
    await decide(root, { action: 'trash' });
    const gone = await removed('news');
    const before = await count();
    for (const [id, code] of [
      [spam, 'conflict'],
      [child, 'conflict'],
      [gone, 'comment-deleted'],
    ] as const) {
      expectProblem(await reply(id, { body: 'An answer', approveParent: true }), code);
    }
    expect(await count()).toEqual(before);
  });

  it('can’t answer a tombstone', async () => {
    const first = await world.service.call({
      method: 'POST',
      path: '/v1/sites/news/comments',
      body: commentBody(),
    });
    const { comment, editToken } = first.json as { comment: { id: string }; editToken: string };
    await posted('news', { parentId: comment.id });
    await world.service.call({
      method: 'DELETE',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
    });
    expectProblem(await reply(comment.id, { body: 'An answer' }), 'comment-deleted');
  });

  it.each<[string, unknown, FieldPlaceAndCode[]]>([
    ['nothing', {}, [['/body', 'required']]],
    [
      'wrong types',
      { body: [], approveParent: 'yes' },
      [
        ['/body', 'invalid'],
        ['/approveParent', 'invalid'],
      ],
    ],
    ['too much', { body: 'x'.repeat(10_001) }, [['/body', 'too-long']]],
  ])('names every bad field of %s', async (_what, body, fields) => {
    expectProblem(await reply(await posted(), body), 'validation-failed', fields);
  });

  it('goes no deeper than the site allows', async () => {
    const root = await posted();
    const child = shown(await reply(root, { body: 'One' }));
    const grandchild = shown(await reply(child.id, { body: 'Two' }));
    expectProblem(await reply(grandchild.id, { body: 'Three' }), 'validation-failed', [
      ['/parentId', 'too-deep'],
    ]);
  });

  it('said twice is a duplicate', async () => {
    const id = await posted();
    const first = shown(await reply(id, { body: 'Once' }));
    expect(await reply(id, { body: 'once ' })).toMatchObject({ status: 409, json: { commentId: first.id } });
    expect((await detail(id)).history).toHaveLength(1);
  });

  it('masks the address of the author it answers', async () => {
    const id = await posted('news', { author: { name: 'Mina', email: 'mina.secret@example.org' } });
    const answer = await reply(id, { body: 'We wrote to mina.secret@example.org' });
    expect(shown(answer)).toMatchObject({ body: { text: 'We wrote to m...@example.org' } });
  });

  it('under one Idempotency-Key is made once, also by many at once, its parent approved once', async () => {
    const id = await posted('held');
    const headers = { ...world.desk, ...freshKey() };
    const body = { body: 'An answer', approveParent: true };
    const answers = await Promise.all(Array.from({ length: 10 }, () => reply(id, body, headers)));
    const made = answers.filter(({ status }) => status === 201);
    for (const { status, json } of answers)
      if (status !== 201) expect(json).toMatchObject({ code: 'idempotency-key-in-progress' });
    const again = await reply(id, body, headers);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(new Set([...made, again].map((one) => shown(one).id)).size).toBe(1);
    expect((await detail(id)).history.map(({ action }) => action)).toEqual(['approve', 'reply']);
    expectProblem(await reply(id, { body: 'Another' }, headers), 'idempotency-key-reused');
  });

  it('that was stored before its answer was cut off is found by its key, the note made good', async () => {
    const id = await posted();
    const headers = { ...world.desk, ...freshKey() };
    let fails = true;
    const cut = await world.service.another({
      deps: (deps) => ({
        ...deps,
        comments: {
          ...deps.comments,
          change: (on, command) =>
            fails ? Promise.reject(new Error('cut off')) : deps.comments.change(on, command),
        },
      }),
    });
    const again = () =>
      cut.call({
        method: 'POST',
        path: `/v1/moderation/comments/${id}/replies`,
        headers,
        body: { body: 'An answer' },
      });
    expect((await again()).status).toBe(500);
    fails = false;
    const answer = await again();
    expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([201, 'true']);
    await cut.stop();
    expect((await detail(id)).history).toMatchObject([{ action: 'reply' }]);
  });
});
