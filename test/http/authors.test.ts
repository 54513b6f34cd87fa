import { makePerson } from '../support/people.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, PUBLIC_URL, startService } from '../support/service.ts';

interface Author {
  key: string;
  standing: string;
  version: number;
  counts: Record<string, number>;
}

interface Authors {
  items: Author[];
  total: number;
  nextCursor: string | null;
}

const BASE = '/v1/moderation/authors';
let service: TestService;
let desk: { authorization: string };
let now = Date.UTC(2026, 0, 1);

async function post(site: string, author: object, rest: Record<string, unknown> = {}): Promise<Answer> {
  now += 1000;
  return service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody({ author: { name: 'Mina', email: 'mina@example.org', ...author }, ...rest }),
  });
}

/** A comment that must be taken; its id and its author's key. */
async function posted(site: string, author: object): Promise<{ id: string; key: string; status: string }> {
  const answer = await post(site, author);
  expect(answer.status).toBe(201);
  const { comment } = answer.json as { comment: { id: string; author: { key: string }; status: string } };
  return { id: comment.id, key: comment.author.key, status: comment.status };
}

const decide = (id: string, action: string) =>
  service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${id}/decisions`,
    headers: ADMIN,
    body: { action },
  });
const patch = (key: string, body: unknown, headers: Record<string, string> = ADMIN) =>
  service.call({ method: 'PATCH', path: `${BASE}/${key}`, headers, body });
const get = (path: string, headers: Record<string, string> = ADMIN) => service.call({ path, headers });
const list = async (query: string, headers = ADMIN) =>
  (await get(`${BASE}?${query}`, headers)).json as Authors;
const statusOf = async (id: string) =>
  ((await get(`/v1/moderation/comments/${id}`)).json as { status: string }).status;
const moderated = async (id: string) =>
  (await get(`/v1/moderation/comments/${id}`)).json as { author: { standing: string }; screening: object[] };
const fields = (answer: Answer) => {
  expect(answer.status).toBe(422);
  return (answer.json as { errors: { pointer?: string; parameter?: string; code: string }[] }).errors.map(
    ({ pointer, parameter, code }) => [pointer ?? parameter, code],
  );
};

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  const policy = { duplicateHours: 0, rateLimits: { author: false } } as const;
  for (const id of ['news', 'blog']) await makeSite(service.deps, id, { moderation: 'first', ...policy });
  await makeSite(service.deps, 'held', { moderation: 'all', ...policy });
  await makeSite(service.deps, 'open', { moderation: 'none', ...policy });
  await makeSite(service.deps, 'told', { moderation: 'none', banned: 'told', ...policy });
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'The desk', role: 'moderator', sites: ['news'] },
  });
  desk = { authorization: `Bearer ${(token.json as { token: string }).token}` };
});
afterAll(() => service.stop());

describe('trust', () => {
  it('lets an author through once as many comments are approved under the address and the name', async () => {
    const who = { email: 'trust@example.org', name: 'Sara' };
    const first = await posted('news', who);
    expect(first.status).toBe('pending');
    expect((await moderated(first.id)).author.standing).toBe('new');
    await decide(first.id, 'approve');
    expect((await moderated(first.id)).author.standing).toBe('known');
    expect((await posted('news', who)).status).toBe('approved');
    expect((await posted('news', { ...who, name: 'SARA' })).status).toBe('approved');
    expect((await posted('news', { ...who, name: 'Sam' })).status).toBe('pending');
    expect((await posted('news', { ...who, email: 'other@example.org' })).status).toBe('pending');
    expect((await posted('blog', who)).status).toBe('pending');
    expect((await posted('held', who)).status).toBe('pending');
  });

  it('ends where too much of an author was refused, and comes back', async () => {
    const who = { email: 'share@example.org', name: 'Sara' };
    const first = await posted('news', who);
    await decide(first.id, 'approve');
    const second = await posted('news', who);
    expect(second.status).toBe('approved');
    await decide(second.id, 'spam');
    const third = await posted('news', who);
    expect(third.status).toBe('pending');
    for (const { id } of [second, third]) await decide(id, 'approve');
    expect((await posted('news', who)).status).toBe('approved');
  });

  it('is measured by the policy, and an edit is screened by the same measure', async () => {
    await makeSite(service.deps, 'strict', {
      moderation: 'unsure',
      duplicateHours: 0,
      trust: { approvals: 2 },
      rateLimits: { author: false },
    });
    const who = { email: 'strict@example.org' };
    const answer = await post('strict', who);
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    await decide(comment.id, 'approve');
    const second = await posted('strict', who);
    expect(second.status).toBe('pending');
    const edit = (body: string) =>
      service.call({
        method: 'PATCH',
        path: `/v1/comments/${comment.id}`,
        headers: { authorization: `Bearer ${editToken}` },
        body: { body },
      });
    expect((await edit('Said otherwise')).json).toMatchObject({ comment: { status: 'pending' } });
    for (const id of [comment.id, second.id]) await decide(id, 'approve');
    expect((await edit('And otherwise again')).json).toMatchObject({ comment: { status: 'approved' } });
  });

  it('of fifty comments in the queue is told each for its own name', async () => {
    const who = { email: 'many@example.org' };
    for (const name of ['A', 'B', 'A', 'C']) await posted('blog', { ...who, name });
    const queue = (await get('/v1/moderation/queue?site=blog&status=pending&limit=50')).json as {
      items: { id: string; author: { name: string; key: string } }[];
    };
    const mine = queue.items.filter(({ author }) => 'ABC'.includes(author.name));
    await decide(mine[0]?.id ?? '', 'approve');
    const again = (await get(`/v1/moderation/queue?site=blog&status=all&author=${mine[0]?.author.key}`))
      .json as {
      items: { author: { name: string; standing: string } }[];
    };
    expect(again.items.map(({ author }) => [author.name, author.standing])).toEqual([
      ['A', 'known'],
      ['B', 'new'],
      ['A', 'known'],
      ['C', 'new'],
    ]);
  });
});

describe('a standing', () => {
  it('is set, shown everywhere, and holds for the next comment at once', async () => {
    const who = { email: 'held@example.org', name: 'Hadi' };
    const { key, id } = await posted('open', who);
    const answer = await patch(key, { standing: 'held', reason: 'abuse', note: 'Twice this week.' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toEqual({
      author: {
        key,
        site: 'open',
        name: 'Hadi',
        names: ['Hadi'],
        url: null,
        avatar: `${PUBLIC_URL}/v1/avatars/${key}.svg`,
        emailMasked: 'h...@example.org',
        standing: 'held',
        until: null,
        reason: 'abuse',
        by: { kind: 'token', id: 'root', name: 'root' },
        at: new Date(now).toISOString(),
        version: 2,
        counts: { pending: 0, approved: 1, rejected: 0, spam: 0, trash: 0, reported: 0 },
        firstAt: new Date(now).toISOString(),
        lastAt: new Date(now).toISOString(),
      },
      batchId: null,
      decided: 0,
    });
    expect((await moderated(id)).author.standing).toBe('held');
    const second = await posted('open', who);
    expect(second.status).toBe('pending');
    expect((await moderated(second.id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', outcome: 'hold', code: 'author-held' }),
    );
    expect((await patch(key, { standing: null, version: 2 })).json).toMatchObject({
      author: { standing: 'known', by: null, at: null, reason: null, version: 3 },
    });
    expect((await posted('open', who)).status).toBe('approved');
  });

  it('ends by itself', async () => {
    const who = { email: 'until@example.org' };
    const { key } = await posted('open', who);
    const until = new Date(now + 60_000).toISOString();
    expect((await patch(key, { standing: 'banned', until })).json).toMatchObject({
      author: { standing: 'banned', until },
    });
    const refused = await posted('open', who);
    expect([refused.status, await statusOf(refused.id)]).toEqual(['pending', 'rejected']);
    now += 60_000;
    expect((await posted('open', who)).status).toBe('approved');
    expect((await get(`${BASE}/${key}`)).json).toMatchObject({ standing: 'new', until: null, version: 2 });
  });

  it('trusted skips first moderation, and screening by name does not', async () => {
    const who = { email: 'trusted@example.org', name: 'Tara' };
    const { key } = await posted('news', who);
    await patch(key, { standing: 'trusted' });
    expect((await posted('news', { ...who, name: 'Another name' })).status).toBe('approved');
    expect((await posted('held', who)).status).toBe('pending');
  });

  it('banned and silent: 201, stored rejected, and the author sees pending', async () => {
    const who = { email: 'silent@example.org' };
    const { key } = await posted('open', who);
    await patch(key, { standing: 'banned' });
    const answer = await post('open', who);
    expect(answer.status).toBe(201);
    const { comment, editToken } = answer.json as {
      comment: { id: string; status: string };
      editToken: string;
    };
    expect(comment.status).toBe('pending');
    expect(await statusOf(comment.id)).toBe('rejected');
    const own = await get(`/v1/comments/${comment.id}`, { authorization: `Bearer ${editToken}` });
    expect(own.json).toMatchObject({ status: 'pending' });
  });

  it('banned and told: 403 after the fields, for posts, forms and edits', async () => {
    const who = { email: 'told@example.org' };
    const answer = await post('told', who);
    const { comment, editToken } = answer.json as {
      comment: { id: string; author: { key: string } };
      editToken: string;
    };
    await patch(comment.author.key, { standing: 'banned' });
    const refused = await post('told', who);
    expect([refused.status, refused.json]).toEqual([403, expect.objectContaining({ code: 'author-banned' })]);
    expect(fields(await post('told', who, { body: '' }))).toEqual([['/body', 'required']]);
    const edited = await service.call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
      body: { body: 'Other words' },
    });
    expect(edited.json).toMatchObject({ code: 'author-banned' });
    const form = await service.call({
      method: 'POST',
      path: '/v1/sites/told/form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        author: 'Mina',
        email: 'told@example.org',
        comment: 'Let me in',
        page: 'https://news.example/a',
      }).toString(),
    });
    expect([form.status, form.text]).toEqual([403, expect.stringContaining('Let me in')]);
    expect((await post('told', { email: 'another@example.org' })).status).toBe(201);
    expect((await get('/v1/moderation/counts?site=told')).json).toMatchObject({ approved: 2, rejected: 0 });
  });

  it('lost to another is told, and of fifty on one version one is set', async () => {
    const { key } = await posted('open', { email: 'race@example.org' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => patch(key, { standing: i % 2 ? 'held' : 'banned', version: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost).toHaveLength(49);
    for (const { json } of lost) expect(json).toMatchObject({ code: 'conflict', current: { version: 2 } });
    expect((await patch(key, { standing: null })).json).toMatchObject({ author: { version: 3 } });
  });

  it('decides what the author has written as one batch, which can be undone', async () => {
    const who = { email: 'existing@example.org' };
    const comments = [await posted('open', who), await posted('open', who), await posted('open', who)];
    const [first] = comments;
    const { id: kept } = await posted('open', { email: 'bystander@example.org' });
    await decide(first?.id ?? '', 'spam');
    const answer = await patch(first?.key ?? '', { standing: 'banned', reason: 'spam', existing: 'spam' });
    const judged = answer.json as { author: Author; batchId: string; decided: number };
    expect(judged).toMatchObject({
      author: { standing: 'banned', counts: { spam: 3, approved: 0 } },
      decided: 2,
    });
    expect(await statusOf(kept)).toBe('approved');
    const entries = await service.deps.audit.list({ sites: ['open'], action: 'spam', limit: 2 });
    expect(entries.map(({ batchId, reason }) => [batchId, reason])).toEqual(
      Array(2).fill([judged.batchId, 'spam']),
    );
    const path = `/v1/moderation/batches/${judged.batchId}/undo`;
    const undone = await service.call({ method: 'POST', path, headers: ADMIN });
    expect((undone.json as { results: { ok: boolean }[] }).results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await Promise.all(comments.map(({ id }) => statusOf(id)))).toEqual([
      'spam',
      'approved',
      'approved',
    ]);
    expect((await patch(first?.key ?? '', { standing: null, existing: 'keep' })).json).toMatchObject({
      batchId: null,
      decided: 0,
    });
  });

  it('is refused where a field is wrong, all of them at once', async () => {
    const { key } = await posted('open', { email: 'fields@example.org' });
    expect(fields(await patch(key, {}))).toEqual([['/standing', 'required']]);
    expect(fields(await patch(key, []))).toEqual([['', 'invalid']]);
    expect(fields(await patch(key, { standing: 'known', version: 0, existing: 'all' }))).toEqual([
      ['/standing', 'invalid'],
      ['/version', 'out-of-range'],
      ['/existing', 'invalid'],
    ]);
    const past = new Date(now).toISOString();
    const wrong = { standing: 'banned', until: past, reason: 'none of ours', note: 'x'.repeat(1001) };
    expect(fields(await patch(key, wrong))).toEqual([
      ['/reason', 'invalid'],
      ['/note', 'too-long'],
      ['/until', 'out-of-range'],
    ]);
    expect(fields(await patch(key, { standing: null, until: new Date(now + 1000).toISOString() }))).toEqual([
      ['/until', 'invalid'],
    ]);
    expect(fields(await patch(key, { standing: 'banned', until: 'tomorrow' }))).toEqual([
      ['/until', 'invalid'],
    ]);
    expect((await get(`${BASE}/${key}`)).json).toMatchObject({ standing: 'known', version: 1 });
  });

  it('is in the audit, with whom it is about', async () => {
    const { key } = await posted('open', { email: 'audit@example.org' });
    await patch(key, { standing: 'banned', reason: 'spam', note: 'Sells watches.' });
    await patch(key, { standing: null });
    const entries = await service.deps.audit.list({ sites: ['open'], limit: 2 });
    expect(entries).toMatchObject([
      { action: 'author-cleared', subject: key, reason: null, note: null, commentId: null },
      { action: 'author-banned', subject: key, reason: 'spam', note: 'Sells watches.', by: { id: 'root' } },
    ]);
  });
});

describe('names', () => {
  it.each([
    'Newsroom',
    'NEWS ROOM',
    'Nеwsrооm',
    'Ｎｅｗｓｒｏｏｍ',
    'news.room',
    'Newsroorn',
    'سردبير',
    'سردبی‌ر',
  ])('%s is held where it is reserved', async (name) => {
    await makeSite(service.deps, 'named', {
      moderation: 'none',
      duplicateHours: 0,
      reservedNames: ['Newsroom', 'سردبیر'],
      rateLimits: { author: false, comments: false },
    }).catch(() => undefined);
    const { id, status } = await posted('named', { name });
    expect(status).toBe('pending');
    expect((await moderated(id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', code: 'name-reserved' }),
    );
    const longer = await posted('named', { name: `${name} reader` });
    expect((await moderated(longer.id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', outcome: 'pass' }),
    );
  });
});

describe('a moderator’s name', () => {
  it('is held on the sites that they moderate, unless the account is disabled', async () => {
    const { account } = await makePerson(service, { name: 'Nilufar Kia', sites: ['open'] });
    const { id, status } = await posted('open', { name: 'NiIufar Kia' });
    expect(status).toBe('pending');
    expect((await moderated(id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', code: 'name-of-moderator' }),
    );
    expect((await posted('told', { name: 'Nilufar Kia' })).status).toBe('approved');
    await service.call({
      method: 'PATCH',
      path: `/v1/admin/moderators/${account.id}`,
      headers: ADMIN,
      body: { state: 'disabled' },
    });
    expect((await posted('open', { name: 'Nilufar Kia' })).status).toBe('approved');
  });
});

describe('the calls', () => {
  it('list by each sort, filter and page, within the caller’s sites', async () => {
    await makeSite(service.deps, 'listed', {
      moderation: 'none',
      duplicateHours: 0,
      rateLimits: { author: false },
    });
    const keys: string[] = [];
    for (const [i, name] of ['Ali Rezaei', 'Bahar', 'علی رضایی'].entries()) {
      for (let n = 0; n <= i; n++) {
        const { id, key } = await posted('listed', { name, email: `listed-${i}@example.org` });
        if (!keys.includes(key)) keys.push(key);
        if (i === 0) await decide(id, 'reject');
      }
    }
    await patch(keys[1] ?? '', { standing: 'trusted' });
    const keysOf = async (query: string) => (await list(`site=listed&${query}`)).items.map(({ key }) => key);
    const [ali, bahar, persian] = keys;
    expect(await keysOf('')).toEqual([persian, bahar, ali]);
    expect(await keysOf('sort=comments')).toEqual([persian, bahar, ali]);
    expect((await keysOf('sort=rejected'))[0]).toBe(ali);
    expect(await keysOf('q=rez')).toEqual([ali]);
    expect(await keysOf(`q=${encodeURIComponent('رضایي')}`)).toEqual([persian]);
    expect(await keysOf('q=%21%21')).toEqual([]);
    expect(await keysOf('standing=trusted')).toEqual([bahar]);
    expect(await keysOf('standing=known')).toEqual([persian]);
    expect(await keysOf('standing=new')).toEqual([ali]);
    expect(await keysOf('standing=banned')).toEqual([]);
    for (const sort of ['recent', 'comments', 'rejected']) {
      const walked: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const slice: Authors = await list(`site=listed&sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`);
        expect(slice.total).toBe(3);
        walked.push(...slice.items.map(({ key }) => key));
        cursor = slice.nextCursor;
      }
      expect([...walked].sort()).toEqual([...keys].sort());
    }
    expect((await list('', desk)).items.every(({ key }) => !keys.includes(key))).toBe(true);
    const all = await list('limit=200');
    expect(keys.every((key) => all.items.some((one) => one.key === key))).toBe(true);
  });

  it('counts what the queue would list', async () => {
    const { key, id } = await posted('open', { email: 'counts@example.org' });
    await decide(id, 'spam');
    const [listed] = (await list('site=open')).items;
    expect(listed).toMatchObject({ key, counts: { spam: 1, approved: 0 } });
    const queue = (await get(`/v1/moderation/queue?status=spam&author=${key}`)).json as { total: number };
    expect(queue.total).toBe(1);
  });

  it('refuse parameters that are none', async () => {
    for (const [query, code] of [
      ['standing=friend', 'invalid'],
      ['sort=name', 'invalid'],
      ['limit=0', 'out-of-range'],
      ['limit=201', 'out-of-range'],
      ['cursor=abc', 'invalid'],
      [`q=${'x'.repeat(201)}`, 'too-long'],
      ['sort=recent&sort=recent', 'duplicate'],
    ] as const) {
      expect(fields(await get(`${BASE}?${query}`))).toEqual([[query.split('=')[0], code]]);
    }
    const { nextCursor } = await list('limit=1');
    expect(fields(await get(`${BASE}?limit=1&sort=comments&cursor=${nextCursor}`))).toEqual([
      ['cursor', 'invalid'],
    ]);
  });

  it('tell nothing of an author out of scope or unknown', async () => {
    const { key } = await posted('open', { email: 'scope@example.org' });
    for (const answer of [
      await get(`${BASE}/${key}`, desk),
      await patch(key, { standing: 'banned' }, desk),
      await get(`${BASE}/${key}?site=news`),
      await get(`${BASE}/nobody`),
      await patch('nobody', { standing: 'banned' }),
    ]) {
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([404, 'not-found']);
    }
    expect((await get(`${BASE}?site=open`, desk)).json).toMatchObject({ code: 'site-not-found' });
    expect((await get(`${BASE}/${key}`, {})).status).toBe(401);
    expect((await get(`${BASE}/${key}?site=open`)).status).toBe(200);
  });

  it('know an author by what was said of them when every comment is gone', async () => {
    const answer = await post('open', { email: 'gone@example.org' });
    const { comment, editToken } = answer.json as {
      comment: { id: string; author: { key: string } };
      editToken: string;
    };
    const { key } = comment.author;
    await get(`${BASE}/${key}`);
    const headers = { authorization: `Bearer ${editToken}` };
    await service.call({ method: 'DELETE', path: `/v1/comments/${comment.id}`, headers });
    expect((await get(`${BASE}/${key}`)).status).toBe(404);
    const other = await posted('open', { email: 'gone@example.org' });
    await patch(key, { standing: 'banned' });
    await decide(other.id, 'trash');
    expect((await list('site=open&standing=banned')).items.map((one) => one.key)).toContain(key);
  });

  it('look up by an address that stands in no answer, no log and no entry', async () => {
    const email = 'Kanari.Zard@Lookup.Example';
    const { key } = await posted('open', { email, name: 'Kanari' });
    const look = (body: unknown, headers: Record<string, string> = ADMIN) =>
      service.call({ method: 'POST', path: `${BASE}/lookup`, headers, body });
    const found = await look({ site: 'open', email: 'kanari.zard@lookup.example' });
    expect(found.json).toMatchObject({ key, emailMasked: 'K...@Lookup.Example' });
    const [entry] = await service.deps.audit.list({ sites: ['open'], limit: 1 });
    expect(entry).toMatchObject({ action: 'author-looked-up', subject: key, by: { id: 'root' } });
    const missed = await look({ site: 'open', email: 'nobody@lookup.example' });
    expect([missed.status, (missed.json as { code: string }).code]).toEqual([404, 'not-found']);
    expect((await look({ site: 'blog', email })).status).toBe(404);
    expect((await look({ site: 'open', email }, desk)).json).toMatchObject({ code: 'site-not-found' });
    expect(fields(await look({ site: 'open', email: 'no address' }))).toEqual([['/email', 'invalid-email']]);
    expect(fields(await look({}))).toEqual([
      ['/site', 'required'],
      ['/email', 'required'],
    ]);
    const seen =
      [found, missed].map(({ text }) => text).join() + service.logged.join() + JSON.stringify(entry);
    expect(seen.toLowerCase()).not.toContain('kanari.zard');
    expect(seen).not.toContain('nobody@');
  });
});
