import { AUTHORS, type Authors, fieldsOf, prepareAuthors } from '../../support/authors-desk.ts';
import { ADMIN, makeSite } from '../../support/service.ts';

const world = prepareAuthors();
const { post, posted, decide, patch, get, list } = world;

describe('the calls', () => {
  it('list by each sort, filter and page, within the caller’s sites', async () => {
    await makeSite(world.service.deps, 'listed', {
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
    expect((await list('', world.desk)).items.every(({ key }) => !keys.includes(key))).toBe(true);
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
      expect(fieldsOf(await get(`${AUTHORS}?${query}`))).toEqual([[query.split('=')[0], code]]);
    }
    const { nextCursor } = await list('limit=1');
    expect(fieldsOf(await get(`${AUTHORS}?limit=1&sort=comments&cursor=${nextCursor}`))).toEqual([
      ['cursor', 'invalid'],
    ]);
  });

  it('tell nothing of an author out of scope or unknown', async () => {
    const { key } = await posted('open', { email: 'scope@example.org' });
    for (const answer of [
      await get(`${AUTHORS}/${key}`, world.desk),
      await patch(key, { standing: 'banned' }, world.desk),
      await get(`${AUTHORS}/${key}?site=news`),
      await get(`${AUTHORS}/nobody`),
      await patch('nobody', { standing: 'banned' }),
    ]) {
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([404, 'not-found']);
    }
    expect((await get(`${AUTHORS}?site=open`, world.desk)).json).toMatchObject({ code: 'site-not-found' });
    expect((await get(`${AUTHORS}/${key}`, {})).status).toBe(401);
    expect((await get(`${AUTHORS}/${key}?site=open`)).status).toBe(200);
  });

  it('know an author by what was said of them when every comment is gone', async () => {
    const answer = await post('open', { email: 'gone@example.org' });
    const { comment, editToken } = answer.json as {
      comment: { id: string; author: { key: string } };
      editToken: string;
    };
    const { key } = comment.author;
    await get(`${AUTHORS}/${key}`);
    const headers = { authorization: `Bearer ${editToken}` };
    await world.service.call({ method: 'DELETE', path: `/v1/comments/${comment.id}`, headers });
    expect((await get(`${AUTHORS}/${key}`)).status).toBe(404);
    const other = await posted('open', { email: 'gone@example.org' });
    await patch(key, { standing: 'banned' });
    await decide(other.id, 'trash');
    expect((await list('site=open&standing=banned')).items.map((one) => one.key)).toContain(key);
  });

  it('look up by an address that stands in no answer, no log and no entry', async () => {
    const email = 'Kanari.Zard@Lookup.Example';
    const { key } = await posted('open', { email, name: 'Kanari' });
    const look = (body: unknown, headers: Record<string, string> = ADMIN) =>
      world.service.call({ method: 'POST', path: `${AUTHORS}/lookup`, headers, body });
    const found = await look({ site: 'open', email: 'kanari.zard@lookup.example' });
    expect(found.json).toMatchObject({ key, emailMasked: 'K...@Lookup.Example' });
    const [entry] = await world.service.deps.audit.list({ sites: ['open'], limit: 1 });
    expect(entry).toMatchObject({ action: 'author-looked-up', subject: key, by: { id: 'root' } });
    const missed = await look({ site: 'open', email: 'nobody@lookup.example' });
    expect([missed.status, (missed.json as { code: string }).code]).toEqual([404, 'not-found']);
    expect((await look({ site: 'blog', email })).status).toBe(404);
    expect((await look({ site: 'open', email }, world.desk)).json).toMatchObject({ code: 'site-not-found' });
    expect(fieldsOf(await look({ site: 'open', email: 'no address' }))).toEqual([
      ['/email', 'invalid-email'],
    ]);
    expect(fieldsOf(await look({}))).toEqual([
      ['/site', 'required'],
      ['/email', 'required'],
    ]);
    const seen =
      [found, missed].map(({ text }) => text).join() + world.service.logged.join() + JSON.stringify(entry);
    expect(seen.toLowerCase()).not.toContain('kanari.zard');
    expect(seen).not.toContain('nobody@');
  });
});
