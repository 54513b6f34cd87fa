import { urlReference } from '../../src/sites/site-store.ts';
import { comment, stored, submission } from '../support/builders.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const FREE = { rateLimits: { comments: false, author: false }, moderation: 'none' } as const;

const ask = (site: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  service.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/pages/${path}`,
    headers: { ...ADMIN, ...headers },
    body,
  });
const table = (site: string, text: string | Buffer, headers = {}) =>
  ask(site, 'aliases', text, { 'Content-Type': 'text/csv; charset=utf-8', ...headers });
const total = async (site: string, url: string): Promise<number> => {
  const path = `/v1/sites/${site}/comments?page=${encodeURIComponent(url)}`;
  return ((await service.call({ path })).json as { total: number }).total;
};
const codeOf = ({ status, json }: Answer) => [status, (json as { code: string }).code];
const fields = ({ json }: Answer) =>
  (json as { errors: { pointer: string; code: string }[] }).errors.map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );

async function siteWith(id: string, paths: string[]): Promise<void> {
  await makeSite(service.deps, id, FREE);
  for (const path of paths) {
    const page = { url: ORIGIN + path, title: `Title of ${path}` };
    const body = commentBody({ page });
    expect((await service.call({ method: 'POST', path: `/v1/sites/${id}/comments`, body })).status).toBe(201);
  }
}

async function actions(site: string): Promise<string[]> {
  const { json } = await service.call({ path: `/v1/moderation/audit?site=${site}`, headers: ADMIN });
  return (json as { items: { action: string; note: string }[] }).items.map(
    ({ action, note }) => `${action} ${note}`,
  );
}

describe('aliases in bulk', () => {
  it('are joined each on its own; what is wrong with some is told by its place', async () => {
    await siteWith('many', ['/old-1', '/old-1', '/old-2', '/new']);
    const to = `${ORIGIN}/new`;
    const answer = await ask('many', 'aliases', {
      aliases: [
        { alias: `${ORIGIN}/old-1`, page: to },
        { alias: 'nothing', page: 'https://other.example/' },
        { alias: `${ORIGIN}/old-2/?utm_source=x`, page: to },
        { alias: `${ORIGIN}/old-1#again`, page: to },
        { alias: 'https://short.example/1', page: to },
        { alias: to, page: to },
        { alias: ' ', page: '' },
      ],
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ added: 3, moved: 3 });
    expect(fields(answer)).toEqual([
      '/aliases/1/alias invalid-url',
      '/aliases/1/page not-of-site',
      '/aliases/3/alias duplicate',
      '/aliases/5/alias invalid',
      '/aliases/6/alias required',
      '/aliases/6/page required',
    ]);
    expect(await total('many', to)).toBe(4);
    expect(await total('many', 'https://short.example/1')).toBe(4);
    const again = await ask('many', 'aliases', { aliases: [{ alias: `${ORIGIN}/old-1`, page: to }] });
    expect(again.json).toEqual({ added: 0, moved: 0, errors: [] });
    expect((await actions('many')).filter((action) => action.startsWith('alias-added'))).toHaveLength(3);
  });

  it('are at most a thousand of JSON, and every bad member of the body is told', async () => {
    await makeSite(service.deps, 'bounds', FREE);
    const one = { alias: `${ORIGIN}/a`, page: `${ORIGIN}/b` };
    const tooMany = await ask('bounds', 'aliases', { aliases: Array.from({ length: 1001 }, () => one) });
    expect([tooMany.status, ...fields(tooMany)]).toEqual([422, '/aliases too-long']);
    const wrong = await ask('bounds', 'aliases', { aliases: [one, { alias: 7 }] });
    expect([wrong.status, ...fields(wrong)]).toEqual([
      422,
      '/aliases/1/alias invalid',
      '/aliases/1/page required',
    ]);
    expect((await ask('bounds', 'aliases', { aliases: [] })).status).toBe(422);
  });

  it('come as a table too, quoted, in any order of columns, with what is wrong by its line', async () => {
    await siteWith('tables', ['/خبر', '/two', '/three']);
    const text = [
      '\ufeffPage,note,Alias',
      `${ORIGIN}/three,"a ""quoted"" note,",${ORIGIN}/خبر`,
      '',
      `${ORIGIN}/three,"over`,
      `two lines",${ORIGIN}/two`,
      `${ORIGIN}/three,,mailto:x`,
    ].join('\r\n');
    const answer = await table('tables', text);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      added: 2,
      moved: 2,
      errors: [{ line: 6, pointer: '/alias', code: 'invalid-url' }],
    });
    expect(await total('tables', `${ORIGIN}/three`)).toBe(3);
  });

  it('tell what is wrong with a table up to two thousand times', async () => {
    await siteWith('wrong', []);
    const answer = await table('wrong', `alias,page\n${'a,b\n'.repeat(1500)}`);
    expect(answer.json).toMatchObject({ added: 0, errorsCapped: true });
    const { errors } = answer.json as { errors: object[] };
    expect(errors).toHaveLength(2000);
    expect(errors.at(-1)).toMatchObject({ line: 1001, pointer: '/page', code: 'invalid-url' });
  });

  it('of a table that is none are refused whole, with the line and not a word of the file', async () => {
    await makeSite(service.deps, 'broken', FREE);
    const refused = async (text: string | Buffer) => {
      const answer = await table('broken', text);
      expect(codeOf(answer)).toEqual([422, 'malformed-file']);
      expect(answer.text).not.toContain('secretive');
      return (answer.json as { line: number }).line;
    };
    expect(await refused('')).toBe(1);
    expect(await refused('from,to\nsecretive,secretive')).toBe(1);
    expect(await refused(`alias,page\n${ORIGIN}/a,${ORIGIN}/b\n"secretive`)).toBe(3);
    expect(await refused(`alias,page\nsecretive`)).toBe(2);
    expect(await refused(Buffer.from([0x61, 0xff, 0xfe]))).toBe(1);
    expect(codeOf(await ask('broken', 'aliases', 'x', { 'Content-Type': 'text/plain' }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });

  it('under one Idempotency-Key are answered as the first time; another table is refused', async () => {
    await makeSite(service.deps, 'keyed', FREE);
    const key = { 'Idempotency-Key': 'aliases-1' };
    const text = `alias,page\nhttps://short.example/k,${ORIGIN}/k\n`;
    const first = await table('keyed', text, key);
    const second = await table('keyed', text, key);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(codeOf(await table('keyed', `${text}\n`, key))).toEqual([422, 'idempotency-key-reused']);
  });
});

it('answers to a thread are taken while an alias takes it along', async () => {
  await siteWith('answered', ['/old', '/new']);
  const { sites, comments } = service.deps;
  const [old, now] = await Promise.all(
    ['/old', '/new'].map((path) => sites.findPage('answered', urlReference(ORIGIN + path))),
  );
  if (!old || !now) throw new Error('the pages are not there');
  const thread = await Promise.all(
    Array.from({ length: 1200 }, () =>
      comments.submit(submission(old, comment(old, { status: 'approved' }))),
    ),
  );
  const roots = thread.map((one) => stored(one));
  const joining = ask('answered', 'aliases', { alias: old.url, page: now.url });
  const answers = await Promise.all(
    roots.slice(-40).map((root, i) => {
      const body = commentBody({ page: { url: old.url }, parentId: root.id, body: `Yes ${i}` });
      return service.call({ method: 'POST', path: '/v1/sites/answered/comments', body });
    }),
  );
  expect((await joining).json).toMatchObject({ added: 1 });
  expect(answers.filter(({ status }) => status !== 201).map(({ text }) => text)).toEqual([]);
  expect(await total('answered', `${ORIGIN}/new`)).toBe(1202 + answers.length);
  expect(await total('answered', `${ORIGIN}/old`)).toBe(await total('answered', `${ORIGIN}/new`));
});

describe('a move of pages', () => {
  it('is shown by a dry run, then done; old addresses lead to the pages as before', async () => {
    await siteWith('moved', [
      '/blog',
      '/blog/one',
      '/blog/one',
      '/blog/two?p=2',
      '/blogroll',
      '/articles/one',
    ]);
    const request = { from: `${ORIGIN}/blog/`, to: `${ORIGIN}/articles` };
    const dry = await ask('moved', 'moves', { ...request, dryRun: true });
    expect([dry.status, dry.json]).toMatchObject([200, { pages: 3, comments: 4, merged: 1 }]);
    expect((dry.json as { samples: object[] }).samples).toContainEqual({
      from: `${ORIGIN}/blog/one`,
      to: `${ORIGIN}/articles/one`,
      comments: 2,
      merged: true,
    });
    expect(await total('moved', `${ORIGIN}/articles/two?p=2`)).toBe(0);
    expect((await actions('moved')).filter((action) => action.startsWith('pages-moved'))).toEqual([]);

    expect((await ask('moved', 'moves', request)).json).toEqual(dry.json);
    for (const [old, now, comments] of [
      ['/blog', '/articles', 1],
      ['/blog/one', '/articles/one', 3],
      ['/blog/two?p=2', '/articles/two?p=2', 1],
    ] as const) {
      expect([await total('moved', ORIGIN + old), await total('moved', ORIGIN + now)]).toEqual([
        comments,
        comments,
      ]);
    }
    expect(await total('moved', `${ORIGIN}/blogroll`)).toBe(1);
    expect(await actions('moved')).toContain(`pages-moved ${ORIGIN}/blog → ${ORIGIN}/articles`);
    expect((await ask('moved', 'moves', request)).json).toEqual({
      pages: 0,
      comments: 0,
      merged: 0,
      samples: [],
    });
  });

  it('takes a whole domain along, also one that is not of the site any more', async () => {
    await siteWith('domain', ['/', '/a', '/b/c']);
    const headers = ADMIN;
    const body = { origins: ['https://moved.example'] };
    await service.call({ method: 'PATCH', path: '/v1/admin/sites/domain', headers, body });
    const answer = await ask('domain', 'moves', { from: ORIGIN, to: 'http://moved.example/' });
    expect(answer.json).toMatchObject({ pages: 3, comments: 3, merged: 0 });
    for (const path of ['/', '/a', '/b/c']) {
      expect([
        await total('domain', `https://moved.example${path}`),
        await total('domain', ORIGIN + path),
      ]).toEqual([1, 1]);
    }
  });

  it('below its own prefix goes one deeper once, however often it is repeated', async () => {
    await siteWith('deeper', ['/a', '/b']);
    const request = { from: `${ORIGIN}/`, to: `${ORIGIN}/blog` };
    expect((await ask('deeper', 'moves', request)).json).toMatchObject({ pages: 2 });
    expect((await ask('deeper', 'moves', request)).json).toMatchObject({ pages: 0 });
    expect(await total('deeper', `${ORIGIN}/blog/a`)).toBe(1);
  });

  it('refuses what is no URL, is not of the site, or ends in a query', async () => {
    await makeSite(service.deps, 'refusing', FREE);
    const refused = async (body: object) => {
      const answer = await ask('refusing', 'moves', body);
      expect(answer.status).toBe(422);
      return fields(answer);
    };
    expect(await refused({})).toEqual(['/from required', '/to required']);
    expect(await refused({ from: '', to: ' \u3164' })).toEqual(['/from required', '/to required']);
    expect(await refused({ from: 'x', to: 'https://other.example' })).toEqual([
      '/from invalid-url',
      '/to not-of-site',
    ]);
    expect(await refused({ from: `${ORIGIN}/a`, to: `${ORIGIN}/?p=1` })).toEqual(['/to invalid']);
    expect((await ask('refusing', 'moves', { from: `${ORIGIN}/?p=1`, to: `${ORIGIN}/?p=2` })).status).toBe(
      200,
    );
  });
});
