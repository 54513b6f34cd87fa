import { expectProblem, type FieldPlaceAndCode } from '../../support/expectations.ts';
import { ADMIN, commentBody, makeSite } from '../../support/service.ts';
import { prepareStaff, shown } from '../../support/staff-desk.ts';

const world = prepareStaff();
const { posted, removed, revise, reveal, decide, detail, publicly } = world;

describe('a moderator’s edit', () => {
  it('gives text, name and link, renders it, keeps the status and raises version and revision', async () => {
    const id = await posted();
    const answer = await revise(id, {
      body: ' نو\r\n*شد* ',
      author: { name: 'Mina\nM.', url: 'mina.example' },
      version: 1,
    });
    expect(answer.status).toBe(200);
    expect(shown(answer)).toMatchObject({
      status: 'approved',
      version: 2,
      revision: 2,
      body: { text: 'نو\n*شد*', html: expect.stringContaining('<em>شد</em>') },
      author: { name: 'Mina M.', url: 'https://mina.example', moderator: false },
      emailMasked: 'm...@example.org',
    });
    expect((await publicly(id)).json).toMatchObject({
      body: { text: 'نو\n*شد*' },
      editedAt: expect.any(String),
    });
    expect((await detail(id)).history).toMatchObject([
      { action: 'edit', by: { kind: 'token', name: 'The desk' }, from: 'approved', to: 'approved' },
    ]);
    const renamed = await revise(id, { author: { name: 'Mina' }, version: 2 });
    expect(shown(renamed)).toMatchObject({ version: 3, revision: 2 });
    // A name alone is no state of the text.
    expect((await detail(id)).revisions).toMatchObject([
      { revision: 1, by: { kind: 'author' } },
      { revision: 2, by: { kind: 'token', name: 'The desk' } },
    ]);
  });

  it('of the name alone leaves the text’s revision, and null takes away what is not required', async () => {
    const id = await posted('news', {
      author: { name: 'Mina', email: 'm@example.org', url: 'https://m.example' },
    });
    const answer = await revise(id, { author: { name: 'M.', url: null }, version: 1 });
    expect(shown(answer)).toMatchObject({ version: 2, revision: 1, author: { name: 'M.', url: null } });
    const nameless = await posted('anonymous', { author: { name: 'Mina' } });
    expect(shown(await revise(nameless, { author: { name: null }, version: 1 }))).toMatchObject({
      author: { name: null },
    });
  });

  it('of what stands already changes nothing', async () => {
    const id = await posted('news', { body: 'As it is' });
    for (const body of [
      { version: 1 },
      { version: 1, body: ' As it is' },
      { version: 1, author: { name: 'Mina' } },
      { version: 1, author: null },
    ]) {
      expect(shown(await revise(id, body))).toMatchObject({ version: 1, revision: 1 });
    }
    expect((await detail(id)).history).toEqual([]);
  });

  it('on a passed version is a conflict that tells what stands; of fifty at once one is made', async () => {
    const id = await posted();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => revise(id, { body: `Text ${i}`, version: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost).toHaveLength(49);
    for (const { json } of lost)
      expect(json).toMatchObject({
        code: 'conflict',
        current: { status: 'approved', version: 2, by: { name: 'The desk' } },
      });
    expectProblem(await revise(id, { version: 1 }), 'conflict');
  });

  it('masks the author’s own address in text and name, and refuses it in the link', async () => {
    const author = { name: 'Mina', email: 'mina.secret@example.org' };
    const id = await posted('news', { author });
    const answer = await revise(id, {
      body: 'Write to mina.secret@example.org',
      author: { name: 'Ask MINA.SECRET@example.org' },
      version: 1,
    });
    expect(shown(answer)).toMatchObject({
      body: { text: 'Write to m...@example.org' },
      author: { name: 'Ask m...@example.org' },
    });
    const link = { author: { url: 'https://x.example/?e=mina.secret%40example.org' }, version: 2 };
    expectProblem(await revise(id, link), 'validation-failed', [['/author/url', 'invalid']]);
  });

  it.each<[string, string, unknown, FieldPlaceAndCode[]]>([
    ['nothing', 'news', {}, [['/version', 'required']]],
    ['no object', 'news', [], [['', 'invalid']]],
    [
      'wrong types',
      'news',
      { body: 5, author: { name: [], url: {} }, version: '1' },
      [
        ['/body', 'invalid'],
        ['/author/name', 'invalid'],
        ['/author/url', 'invalid'],
        ['/version', 'invalid'],
      ],
    ],
    [
      'what a post would be refused for',
      'news',
      {
        body: 'x'.repeat(10_001),
        author: { name: 'a@b.example', url: 'javascript:alert(1)' },
        version: 0,
      },
      [
        ['/body', 'too-long'],
        ['/author/name', 'invalid'],
        ['/author/url', 'invalid-url'],
        ['/version', 'out-of-range'],
      ],
    ],
    [
      'what the site requires',
      'strict',
      { body: 'ab', author: { name: null, url: null }, version: 1 },
      [
        ['/body', 'too-short'],
        ['/author/name', 'required'],
        ['/author/url', 'required'],
      ],
    ],
    ['no text', 'news', { body: null, version: 1 }, [['/body', 'required']]],
    ['an invisible text', 'news', { body: '\u200b', version: 1 }, [['/body', 'required']]],
    ['half a character', 'news', { body: '\ud800', version: 1 }, [['/body', 'invalid']]],
  ])('names every bad field of %s', async (_what, site, body, fields) => {
    const author = { name: 'Mina', email: 'm@example.org', url: 'https://m.example' };
    expectProblem(await revise(await posted(site, { author }), body), 'validation-failed', fields);
  });

  it('shows no link on sites that show none', async () => {
    const id = await posted('linkless');
    expect(shown(await revise(id, { author: { url: 'https://m.example' }, version: 1 }))).toMatchObject({
      version: 1,
      author: { url: null },
    });
  });

  it('makes the new text what counts as a duplicate, and of an author without an address the new name', async () => {
    const author = { name: 'Mina' };
    const id = await posted('anonymous', { author, body: 'The first words' });
    await revise(id, { body: 'Other words', author: { name: 'Nima' }, version: 1 });
    const again = (rest: object) =>
      world.service.call({
        method: 'POST',
        path: '/v1/sites/anonymous/comments',
        body: commentBody({ author: { name: 'Nima' }, ...rest }),
      });
    expect(await again({ body: 'other  WORDS' })).toMatchObject({ status: 409, json: { commentId: id } });
    expect((await again({ body: 'The first words', author })).status).toBe(201);
    await revise(id, { author: { name: 'Third' }, version: 2 });
    expect((await again({ body: 'Other words' })).status).toBe(201);
  });

  it('of a deleted comment is comment-deleted, and stands in the way of an undo', async () => {
    expectProblem(await revise(await removed('news'), { body: 'x', version: 2 }), 'comment-deleted');
    const id = await posted('held');
    const { decisionId } = (await decide(id, { action: 'approve' })).json as { decisionId: string };
    await revise(id, { body: 'Edited', version: 2 });
    const undo = { method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers: world.desk };
    expectProblem(await world.service.call(undo), 'conflict');
  });

  it('leaves the reason that its author was told', async () => {
    await makeSite(world.service.deps, 'telling', { tellReason: true });
    const answer = await world.service.call({
      method: 'POST',
      path: '/v1/sites/telling/comments',
      body: commentBody(),
    });
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    await decide(comment.id, { action: 'reject', reason: 'abuse' }, ADMIN);
    await revise(comment.id, { body: 'Milder', version: 2 }, ADMIN);
    await reveal(comment.id, ADMIN);
    const own = { path: `/v1/comments/${comment.id}`, headers: { authorization: `Bearer ${editToken}` } };
    expect((await world.service.call(own)).json).toMatchObject({ reason: 'abuse', body: { text: 'Milder' } });
  });
});
