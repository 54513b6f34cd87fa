import { dirname } from 'node:path';
import { sealContextOf } from '../../src/requests/kept-answers.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';
import { storedBytes } from '../support/stored-bytes.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const FREE = { rateLimits: { comments: false, author: false }, moderation: 'none' } as const;
const ADDRESS = 'zar.erasable@readers.example';
const WRITTEN = {
  author: { name: 'Zarathoustrian', email: ADDRESS, url: 'https://zarathoustrian.example/' },
  body: 'An unmistakableword of it, and كتابخانه‌ها',
};
/** As written, and as the search index folds them. */
const TRACES = [
  'zar.erasable',
  'arathoustrian',
  'unmistakableword',
  'كتابخانه',
  'کتابخانه',
  'quotedinreport',
  'notedinbulk',
  'notedofauthor',
];

const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  service.call({ method: 'POST', path, headers: { ...ADMIN, ...headers }, body });
const post = (site: string, given: object = {}, headers: Record<string, string> = {}) =>
  service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    headers,
    body: commentBody({ page: { url: `${ORIGIN}/a` }, ...given }),
  });
const idOf = ({ status, json }: Answer): string => {
  expect(status).toBe(201);
  return (json as { comment: { id: string } }).comment.id;
};
const moderated = async (id: string) =>
  (await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN })).json as {
    author: object | null;
    body: { text: string } | null;
  };
const erase = (site: string, mode: string, email = ADDRESS) =>
  ask('/v1/admin/privacy/erase', { email, site, mode });
const ZEROS = { eraseId: expect.any(String), comments: 0, deliveries: 0, subscriptions: 0 };

/** The words that stand anywhere in what the store has written. */
async function leftovers(words: string[]): Promise<string[]> {
  const { place } = service.store;
  const where: Parameters<typeof storedBytes>[0] =
    'file' in place
      ? { dataDir: dirname(place.file), env: {} }
      : { dataDir: '', env: { MONGODB_URI: place.uri } };
  const outlets = await storedBytes(where);
  return words.flatMap((word) =>
    outlets.flatMap(({ from, bytes }) => (bytes.includes(word) ? [`${word} in ${from}`] : [])),
  );
}

it('gives a person all that is kept of them, audited without the address', async () => {
  await makeSite(service.deps, 'told', FREE);
  const id = idOf(await post('told', WRITTEN));
  await post('told', { author: { name: 'Other', email: 'other@readers.example' } });
  const answer = await ask('/v1/admin/privacy/export', { email: ` ${ADDRESS.toUpperCase()}`, site: 'told' });
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json).toMatchObject({
    comments: [
      { id, site: 'told', email: ADDRESS, name: 'Zarathoustrian', text: WRITTEN.body, status: 'approved' },
    ],
    standing: [],
    subscriptions: [],
  });
  const audit = await service.call({
    path: '/v1/moderation/audit?site=told&action=privacy-exported',
    headers: ADMIN,
  });
  expect(audit.text).toContain('1 comments');
  expect(audit.text.toLowerCase()).not.toContain('erasable');
  const unknown = await ask('/v1/admin/privacy/export', { email: 'nobody@readers.example', site: 'told' });
  expect(unknown.json).toMatchObject({ comments: [], standing: [] });
});

it('tells the same once more under its key, and not after an erasure', async () => {
  await makeSite(service.deps, 'again', FREE);
  const email = 'again@readers.example';
  const headers = { 'Idempotency-Key': 'export-again' };
  const tell = (more = {}) => ask('/v1/admin/privacy/export', { email, site: 'again', ...more }, headers);
  const first = await tell();
  // Of somebody without comments, whom no comment's id leads to.
  expect(first.json).toMatchObject({ email, comments: [] });
  await post('again', { author: { name: 'Ada', email } });
  const second = await tell();
  expect(second.text).toBe(first.text);
  expect(second.headers['idempotent-replayed']).toBe('true');
  const audited = async () => {
    const path = '/v1/moderation/audit?site=again&action=privacy-exported';
    return ((await service.call({ path, headers: ADMIN })).json as { items: object[] }).items.length;
  };
  expect(await audited()).toBe(1);
  expect((await tell({ email: 'other@readers.example' })).json).toMatchObject({
    code: 'idempotency-key-reused',
  });
  await erase('again', 'delete', email);
  const after = await tell();
  expect(after.headers['idempotent-replayed']).toBeUndefined();
  expect(after.json).toMatchObject({ comments: [] });
  expect(await audited()).toBe(2);
});

it('of a comment whose author had edited it nothing leads to what they write next', async () => {
  await makeSite(service.deps, 'edited', FREE);
  const email = 'edits@readers.example';
  const posted = await post('edited', { author: { name: 'Nima', email } });
  const id = idOf(posted);
  const { editToken } = posted.json as { editToken: string };
  const edited = await service.call({
    method: 'PATCH',
    path: `/v1/comments/${id}`,
    headers: { authorization: `Bearer ${editToken}` },
    body: { body: 'Written anew' },
  });
  expect(edited.status).toBe(200);
  await erase('edited', 'anonymise', email);
  const again = await post('edited', { author: { name: 'Nima', email }, body: 'Another' });
  const next = again.json as { comment: { author: { key: string } } };
  for (const path of [`comments/${id}`, `audit?site=edited&commentId=${id}`]) {
    const told = await service.call({ path: `/v1/moderation/${path}`, headers: ADMIN });
    expect(told.text).toContain('"kind":"author"');
    expect(told.text).not.toContain(next.comment.author.key);
  }
});

it('an answer that is kept only once its author was erased tells nobody anything', async () => {
  await makeSite(service.deps, 'slow', FREE);
  let answer = (): void => undefined;
  let isHeld = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const goesOn = new Promise<void>((resolve) => {
    answer = resolve;
  });
  /** Stands still between the comment, which is stored, and its answer. */
  const slow = await service.another({
    deps: (deps) => ({
      ...deps,
      comments: {
        ...deps.comments,
        async submit(submission) {
          const stored = await deps.comments.submit(submission);
          isHeld();
          await goesOn;
          return stored;
        },
      },
    }),
  });
  const headers = { 'Idempotency-Key': 'slow' };
  const body = commentBody({ page: { url: `${ORIGIN}/a` }, ...WRITTEN });
  const posting = slow.call({ method: 'POST', path: '/v1/sites/slow/comments', headers, body });
  await held;
  expect((await erase('slow', 'delete')).json).toEqual({ ...ZEROS, comments: 1 });
  answer();
  expect((await posting).status).toBe(201);
  const kept = await service.deps.idempotency.list('', 200);
  const told = kept.map(({ key, answer: one }) => service.deps.keys.open(one ?? '', sealContextOf(key)));
  expect(told.filter((one) => one?.includes('unmistakableword'))).toEqual([]);
  await slow.stop();
});

it('deletes: not a trace is left in what the store has written, kept answers among it', async () => {
  await makeSite(service.deps, 'gone', FREE);
  const key = { 'Idempotency-Key': 'erase-me' };
  const id = idOf(await post('gone', WRITTEN, key));
  const reply = idOf(
    await post('gone', {
      parentId: id,
      body: 'A reply of another',
      author: { name: 'Otto', email: 'otto@readers.example' },
    }),
  );
  await ask(`/v1/comments/${id}/reports`, { reason: 'abuse', note: 'quotedinreport' });
  await ask(`/v1/moderation/comments/${id}/decisions`, {
    action: 'approve',
    note: 'unmistakableword, says a note',
  });
  await ask('/v1/moderation/decisions', { action: 'approve', items: [{ id }], note: 'notedinbulk' });
  await service.call({
    method: 'PATCH',
    path: `/v1/moderation/authors/${((await moderated(id)).author as { key: string }).key}?site=gone`,
    headers: ADMIN,
    body: { standing: 'trusted', note: 'notedofauthor', existing: 'keep' },
  });
  const search = async () =>
    (
      (
        await service.call({
          path: '/v1/moderation/queue?site=gone&status=all&q=zarathoustrian',
          headers: ADMIN,
        })
      ).json as { total: number }
    ).total;
  await eventually(async () => expect(await search()).toBe(1));
  await erase('told', 'delete');

  const answer = await erase('gone', 'delete');
  expect([answer.status, answer.json]).toEqual([200, { ...ZEROS, comments: 1 }]);
  await eventually(async () => expect(await leftovers(TRACES)).toEqual([]));
  expect(await search()).toBe(0);
  expect((await service.call({ path: `/v1/comments/${reply}` })).status).toBe(200);
  const lookup = await ask('/v1/moderation/authors/lookup', { site: 'gone', email: ADDRESS });
  expect(lookup.status).toBe(404);
  expect((await post('gone', WRITTEN, key)).headers['idempotent-replayed']).toBeUndefined();
  await erase('gone', 'delete');
  expect((await erase('gone', 'delete')).json).toEqual(ZEROS);
});

it('anonymises: the texts stay as nobody’s, and nothing leads from them to what the person writes next', async () => {
  await makeSite(service.deps, 'kept', FREE);
  const id = idOf(await post('kept', WRITTEN));
  const judged = { standing: 'trusted', reason: null };
  const author = (await moderated(id)).author as { key: string };
  await service.call({
    method: 'PATCH',
    path: `/v1/moderation/authors/${author.key}?site=kept`,
    headers: ADMIN,
    body: judged,
  });
  expect((await erase('kept', 'anonymise')).json).toEqual({ ...ZEROS, comments: 1 });
  const { json } = await service.call({ path: `/v1/comments/${id}` });
  expect(json).toMatchObject({ body: { text: WRITTEN.body } });
  expect(JSON.stringify(json)).not.toMatch(new RegExp(`${author.key}|arathoustrian`));
  expect((await erase('kept', 'anonymise')).json).toEqual(ZEROS);
  expect((await ask('/v1/moderation/authors/lookup', { site: 'kept', email: ADDRESS })).status).toBe(404);
  const exported = await ask('/v1/admin/privacy/export', { email: ADDRESS, site: 'kept' });
  expect(exported.json).toMatchObject({ comments: [], standing: [] });
  await eventually(async () => expect(await leftovers(['zar.erasable', 'arathoustrian'])).toEqual([]));
  // Whoever tries the words with an address learns nothing by it.
  expect((await post('kept', WRITTEN)).status).toBe(201);
});

it('says every bad member, and nothing of sites out of reach', async () => {
  const { status, json } = await ask('/v1/admin/privacy/erase', { email: 'nobody', mode: 'burn' });
  expect(status).toBe(422);
  expect(
    (json as { errors: { pointer: string; code: string }[] }).errors.map(({ pointer, code }) => [
      pointer,
      code,
    ]),
  ).toEqual([
    ['/email', 'invalid-email'],
    ['/mode', 'invalid'],
  ]);
  expect((await ask('/v1/admin/privacy/erase', { email: 'nobody', mode: 'delete' })).json).toMatchObject({
    errors: [{ pointer: '/email', code: 'invalid-email' }],
  });
  expect((await ask('/v1/admin/privacy/export', { email: ADDRESS, site: 'nowhere' })).status).toBe(404);
});
