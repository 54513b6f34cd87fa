import type { FieldPlaceAndCode } from '../support/expectations.ts';
import { expectProblem } from '../support/expectations.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** What a moderator does with one comment beside deciding: edit, answer, see the address, highlight. */

let service: TestService;
let desk: Record<string, string>;
let stranger: Record<string, string>;
let keys = 0;

interface Shown {
  id: string;
  status: string;
  version: number;
  revision: number;
  parentId: string | null;
  pinned: boolean;
  body: { text: string; html: string };
  author: { name: string | null; url: string | null; key: string | null; moderator: boolean };
  emailMasked: string | null;
  replyCount: number;
  decidedBy: { name: string } | null;
}

const tokenFor = async (name: string, sites: string[]) => {
  const body = { name, role: 'moderator', sites };
  const answer = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  return { authorization: `Bearer ${(answer.json as { token: string }).token}` };
};

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { maxDepth: 2 });
  await makeSite(service.deps, 'held', { moderation: 'all' });
  await makeSite(service.deps, 'strict', { requiredFields: ['name', 'url'], bodyMin: 3 });
  await makeSite(service.deps, 'anonymous', { requiredFields: [], moderation: 'none' });
  await makeSite(service.deps, 'linkless', { authorUrl: false });
  desk = await tokenFor('The desk', ['news', 'held', 'strict', 'anonymous', 'linkless']);
  stranger = await tokenFor('Another desk', ['elsewhere']);
});
afterAll(() => service.stop());

async function posted(site = 'news', rest: Record<string, unknown> = {}): Promise<string> {
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(rest),
  });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const act = (method: string, id: string, place: string, body?: unknown, headers = desk) =>
  service.call({ method, path: `/v1/moderation/comments/${id}${place}`, headers, body });
const revise = (id: string, body: unknown, headers = desk) => act('PATCH', id, '', body, headers);
const reply = (id: string, body: unknown, headers = desk) => act('POST', id, '/replies', body, headers);
const reveal = (id: string, headers = desk) => act('POST', id, '/email', undefined, headers);
const highlight = (id: string, body: unknown, headers = desk) => act('POST', id, '/highlight', body, headers);
const decide = (id: string, action: string) => act('POST', id, '/decisions', { action });
const shown = (answer: Answer): Shown => (answer.json as { comment: Shown }).comment;
const detail = async (id: string) =>
  (await act('GET', id, '')).json as Shown & {
    history: { action: string; note: string | null; by: object }[];
    revisions: object[];
  };
const remove = async (site: string, rest: Record<string, unknown> = {}): Promise<string> => {
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(rest),
  });
  const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
  await service.call({
    method: 'DELETE',
    path: `/v1/comments/${comment.id}`,
    headers: { authorization: `Bearer ${editToken}` },
  });
  return comment.id;
};
const publicly = (id: string) => service.call({ path: `/v1/comments/${id}` });
const freshKey = () => ({ 'idempotency-key': `staff ${++keys}`.replace(' ', '-') });

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
      service.call({
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
    expectProblem(await revise(await remove('news'), { body: 'x', version: 2 }), 'comment-deleted');
    const id = await posted('held');
    const { decisionId } = (await decide(id, 'approve')).json as { decisionId: string };
    await revise(id, { body: 'Edited', version: 2 });
    const undo = { method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers: desk };
    expectProblem(await service.call(undo), 'conflict');
  });

  it('leaves the reason that its author was told', async () => {
    await makeSite(service.deps, 'telling', { tellReason: true });
    const answer = await service.call({
      method: 'POST',
      path: '/v1/sites/telling/comments',
      body: commentBody(),
    });
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    await act('POST', comment.id, '/decisions', { action: 'reject', reason: 'abuse' }, ADMIN);
    await revise(comment.id, { body: 'Milder', version: 2 }, ADMIN);
    await reveal(comment.id, ADMIN);
    const own = { path: `/v1/comments/${comment.id}`, headers: { authorization: `Bearer ${editToken}` } };
    expect((await service.call(own)).json).toMatchObject({ reason: 'abuse', body: { text: 'Milder' } });
  });
});

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
      (await service.call({ path: '/v1/moderation/counts', headers: ADMIN })).json as object;
    const spam = await posted();
    await decide(spam, 'spam');
    const root = await posted();
    const child = await posted('news', { parentId: root });
    await decide(root, 'trash');
    const gone = await remove('news');
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
    const first = await service.call({
      method: 'POST',
      path: '/v1/sites/news/comments',
      body: commentBody(),
    });
    const { comment, editToken } = first.json as { comment: { id: string }; editToken: string };
    await posted('news', { parentId: comment.id });
    await service.call({
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
    const headers = { ...desk, ...freshKey() };
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
    const headers = { ...desk, ...freshKey() };
    let fails = true;
    const cut = await service.another({
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

describe('the reveal of an address', () => {
  it('tells the letters as written, to nobody’s cache, and stands in the history', async () => {
    const id = await posted('news', { author: { name: 'Mina', email: 'Mina.Secret@Example.org' } });
    const answer = await reveal(id);
    expect([answer.status, answer.json]).toEqual([200, { email: 'Mina.Secret@Example.org' }]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { history, version } = await detail(id);
    expect(version).toBe(1);
    expect(history).toMatchObject([{ action: 'reveal', by: { name: 'The desk' }, note: null }]);
  });

  it('is not-found where there is none or no longer one, and leaves nothing', async () => {
    const nameless = await posted('anonymous', { author: { name: 'Mina' } });
    expectProblem(await reveal(nameless), 'not-found');
    expect((await detail(nameless)).history).toEqual([]);
    expectProblem(await reveal(await remove('news')), 'not-found');
  });

  it('does not tell where it could not be noted', async () => {
    const id = await posted('news', { author: { name: 'Mina', email: 'unnoted@example.org' } });
    const broken = await service.another({
      deps: (deps) => ({
        ...deps,
        comments: { ...deps.comments, change: () => Promise.reject(new Error('no')) },
      }),
    });
    const path = `/v1/moderation/comments/${id}/email`;
    const answer = await broken.call({ method: 'POST', path, headers: desk });
    expect(answer.status).toBe(500);
    expect(answer.text + broken.logged.join()).not.toContain('unnoted');
    await broken.stop();
  });

  it('does not change who a late decider is told has decided', async () => {
    const id = await posted('held');
    await act('POST', id, '/decisions', { action: 'approve' }, ADMIN);
    await reveal(id);
    const late = await act('POST', id, '/decisions', { action: 'spam', version: 1 });
    expect(late.json).toMatchObject({ current: { status: 'approved', version: 2, by: { name: 'root' } } });
  });
});

describe('a highlight', () => {
  it('is public at once, in kept answers too, and can be taken back', async () => {
    const url = `${ORIGIN}/pinned`;
    const id = await posted('news', { page: { url } });
    const list = async () => {
      const answer = await service.call({ path: `/v1/sites/news/comments?page=${encodeURIComponent(url)}` });
      return (answer.json as { comments: Shown[] }).comments[0]?.pinned;
    };
    expect([await list(), await list()]).toEqual([false, false]);
    expect(shown(await highlight(id, { pinned: true }))).toMatchObject({ pinned: true, version: 1 });
    expect(await list()).toBe(true);
    expect((await publicly(id)).json).toMatchObject({ pinned: true });
    await highlight(id, { pinned: true });
    expect(shown(await highlight(id, { pinned: false })).pinned).toBe(false);
    expect(await list()).toBe(false);
    expect((await detail(id)).history.map(({ action }) => action)).toEqual(['highlight', 'highlight']);
  });

  it.each<[unknown, FieldPlaceAndCode[]]>([
    [{}, [['/pinned', 'required']]],
    [{ pinned: 'yes' }, [['/pinned', 'invalid']]],
    [[], [['', 'invalid']]],
  ])('names what is wrong with %j', async (body, fields) => {
    expectProblem(await highlight(await posted(), body), 'validation-failed', fields);
  });

  it('of a deleted comment is comment-deleted', async () => {
    expectProblem(await highlight(await remove('news'), { pinned: true }), 'comment-deleted');
  });
});

it('none of it can be done from out of scope or without credentials', async () => {
  const id = await posted();
  const tries = (headers: Record<string, string>) => [
    revise(id, { body: 'x', version: 1 }, headers),
    reply(id, { body: 'x' }, headers),
    reveal(id, headers),
    highlight(id, { pinned: true }, headers),
  ];
  for (const answer of await Promise.all(tries(stranger))) expectProblem(answer, 'comment-not-found');
  for (const answer of await Promise.all(tries({}))) expectProblem(answer, 'unauthenticated');
  expect((await detail(id)).history).toEqual([]);
});
