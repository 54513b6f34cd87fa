import { useFilters } from '../support/asked-filters.ts';
import type { Behaviour } from '../support/filters.ts';
import { isSignedBy, makeFilter, says } from '../support/filters.ts';
import { ADMIN } from '../support/service.ts';

/** Outside filters: how admins set them up, and what is asked of them while a comment is posted. */
const { service, listen, freshSite, post, admin, stored } = useFilters();

describe('an admin', () => {
  it('makes a filter, whose secret is shown once', async () => {
    const made = await admin('POST', '', { name: 'Oracle', url: 'http://127.0.0.1:9/x' });
    expect(made.status).toBe(201);
    const view = made.json as { id: string; secret: string };
    expect(made.headers.location).toBe(`/v1/admin/filters/${view.id}`);
    expect(view.secret).toMatch(/^whsec_/);
    const { secret: _, ...shown } = view;
    expect(shown).toMatchObject({
      name: 'Oracle',
      kind: 'webhook',
      mode: 'sync',
      deadlineMs: 2000,
      onFailure: 'hold',
      thresholds: null,
      events: ['comment.check', 'comment.decided'],
      sites: ['*'],
      enabled: true,
      health: { state: 'closed', asked: 0, failed: 0 },
      version: 1,
    });
    const got = (await admin('GET', `/${view.id}`)).json as object;
    expect(got).toEqual(shown);
    // In one order on both stores.
    expect(Object.keys(got).slice(0, 4)).toEqual(['id', 'name', 'kind', 'url']);
    expect(Object.keys(got)).toEqual(Object.keys(shown));
    expect(((await admin('GET', '')).json as { items: object[] }).items).toContainEqual(shown);
    // It would be asked about every other test's comments, too.
    await admin('DELETE', `/${view.id}`);
  });

  it('is told of every bad field at once', async () => {
    const bad = {
      name: ' ',
      url: 'nonsense',
      deadlineMs: 99,
      onFailure: 'x',
      thresholds: { approve: 0.9, spam: 0.1 },
      events: ['y'],
    };
    const { status, json } = await admin('POST', '', bad);
    expect(status).toBe(422);
    expect(
      (json as { errors: { pointer: string; code: string }[] }).errors.map(({ pointer, code }) => [
        pointer,
        code,
      ]),
    ).toEqual([
      ['/name', 'required'],
      ['/deadlineMs', 'out-of-range'],
      ['/onFailure', 'invalid'],
      ['/thresholds/approve', 'out-of-range'],
      ['/events/0', 'invalid'],
      ['/url', 'invalid-url'],
    ]);
    const url = await admin('POST', '', { name: 'Odd', url: 'ftp://a.example/', sites: ['nowhere'] });
    expect(url.json).toMatchObject({
      errors: [
        { pointer: '/url', code: 'invalid-url' },
        { pointer: '/sites/0', code: 'invalid' },
      ],
    });
  });

  it('changes it with its version, and takes it away', async () => {
    const { id } = await makeFilter(service(), { name: 'Changed', thresholds: { approve: 0.1, spam: 0.9 } });
    const patched = await admin('PATCH', `/${id}`, { thresholds: null, mode: 'async', version: 1 });
    expect(patched.json).toMatchObject({ thresholds: null, mode: 'async', version: 2 });
    const late = await admin('PATCH', `/${id}`, { enabled: false, version: 1 });
    expect([late.status, late.json]).toMatchObject([409, { code: 'conflict', current: { version: 2 } }]);
    expect((await admin('POST', '', { name: 'CHANGED', url: 'http://127.0.0.1:9/' })).json).toMatchObject({
      code: 'already-exists',
    });
    expect((await admin('DELETE', `/${id}`)).status).toBe(204);
    expect((await admin('GET', `/${id}`)).status).toBe(404);
    const audit = await service().call({ path: '/v1/moderation/audit', headers: ADMIN });
    const actions = (audit.json as { items: { action: string; note: string }[] }).items;
    expect(actions.slice(0, 3).map(({ action, note }) => [action, note])).toEqual([
      ['filter-deleted', 'Changed'],
      ['filter-changed', 'Changed: mode, thresholds'],
      ['filter-created', 'Changed'],
    ]);
  });

  it('merges one threshold with the other that stands, and refuses what they would be together', async () => {
    const { id } = await makeFilter(service(), { name: 'Merged', thresholds: { approve: 0.1, spam: 0.9 } });
    const patch = async (thresholds: object | null) => (await admin('PATCH', `/${id}`, { thresholds })).json;
    expect(await patch({ spam: 0.8 })).toMatchObject({ thresholds: { approve: 0.1, spam: 0.8 } });
    expect(await patch({ approve: 0.8 })).toMatchObject({ thresholds: { approve: 0.8, spam: 0.8 } });
    expect(await patch({})).toMatchObject({ thresholds: { approve: 0.8, spam: 0.8 } });
    const wrong = (name: string, code: string) => ({ errors: [{ pointer: `/thresholds/${name}`, code }] });
    expect(await patch({ spam: 0.7 })).toMatchObject(wrong('spam', 'out-of-range'));
    expect(await patch({ approve: 0.9 })).toMatchObject(wrong('approve', 'out-of-range'));
    expect(await patch({ approve: 0.9, spam: 0.7 })).toMatchObject(wrong('approve', 'out-of-range'));
    expect(await patch({ spam: null })).toMatchObject(wrong('spam', 'required'));
    expect(await patch(null)).toMatchObject({ thresholds: null });
    expect(await patch({ spam: 0.9 })).toMatchObject(wrong('approve', 'required'));
    expect(await patch({ spam: 0.9, approve: 0.2 })).toMatchObject({
      thresholds: { approve: 0.2, spam: 0.9 },
    });
    await admin('DELETE', `/${id}`);
  });

  it('who may not have private addresses is refused one', async () => {
    const { createOutgoing } = await import('../../src/outgoing/client.ts');
    const strict = await service().another({
      deps: (deps) => ({ ...deps, outgoing: createOutgoing({ allowPrivate: false }) }),
    });
    const body = { name: 'Inner', url: 'https://127.0.0.1/' };
    const refused = await strict.call({ method: 'POST', path: '/v1/admin/filters', headers: ADMIN, body });
    expect(refused.json).toMatchObject({ errors: [{ pointer: '/url', code: 'private-address' }] });
    await strict.stop();
  });
});

describe('a post', () => {
  it('is asked about, signed, with what a filter may know and no address', async () => {
    const site = await freshSite();
    const server = await listen(says({ verdict: 'ham', score: 0.02 }));
    const { secret, id } = await makeFilter(service(), { url: server.url, sites: [site] });
    const answer = await post(site, {
      body: 'سلام https://a.example',
      elapsedMs: 4000,
      author: { name: 'Mina', email: 'mina@example.org' },
    });
    expect((answer.json as { comment: { status: string } }).comment.status).toBe('approved');
    const [heard] = server.heard;
    if (!heard) throw new Error('nothing was asked');
    expect(isSignedBy(heard, secret)).toBe(true);
    expect(heard.json).toMatchObject({
      type: 'comment.check',
      data: {
        revision: 1,
        site,
        page: { url: 'https://news.example/a', title: 'An article' },
        author: { name: 'Mina', url: null },
        body: { text: 'سلام https://a.example' },
        parentId: null,
        context: {
          locale: 'en',
          edit: false,
          parent: null,
          author: { standing: 'new', approved: 0, rejected: 0, spam: 0, firstAt: null },
          links: 1,
          elapsedMs: 4000,
          trap: false,
        },
      },
    });
    expect(heard.bytes.toString('utf8')).not.toContain('example.org');
    expect((await admin('GET', `/${id}`)).json).toMatchObject({ health: { asked: 1, failed: 0 } });
  });

  it.each([
    ['ham', { verdict: 'ham' }, 'approved', 'pass'],
    ['spam', { verdict: 'spam', score: 0.99, reason: 'casino' }, 'spam', 'spam'],
    ['unsure', { verdict: 'unsure' }, 'pending', 'hold'],
  ])('goes by the verdict %s', async (_, verdict, status, outcome) => {
    const site = await freshSite();
    const server = await listen(says(verdict));
    await makeFilter(service(), { url: server.url, sites: [site] });
    expect(await stored(await post(site))).toMatchObject({
      status,
      said: { outcome, score: (verdict as { score?: number }).score ?? null },
    });
  });

  it('goes by an answer that begins with a byte order mark, as it may in what comes in', async () => {
    const site = await freshSite();
    const server = await listen((_, response) => response.end('\ufeff{"verdict":"spam"}'));
    await makeFilter(service(), { url: server.url, sites: [site] });
    expect(await stored(await post(site))).toMatchObject({ status: 'spam', said: { outcome: 'spam' } });
  });

  it.each([
    [0.9, 'spam'],
    [0.5, 'pending'],
    [0.1, 'approved'],
  ])('goes by the thresholds where the score is %d, whatever the verdict', async (score, status) => {
    const site = await freshSite();
    const server = await listen(says({ verdict: 'unsure', score }));
    await makeFilter(service(), { url: server.url, sites: [site], thresholds: { approve: 0.1, spam: 0.9 } });
    expect((await stored(await post(site))).status).toBe(status);
  });

  it('is not published by a filter where the site wants a person', async () => {
    const site = await freshSite({ moderation: 'all' });
    const server = await listen(says({ verdict: 'ham' }));
    await makeFilter(service(), { url: server.url, sites: [site] });
    expect((await stored(await post(site))).status).toBe('pending');
  });

  it('waits where the answer is 202, and so does one of an asynchronous filter, which is not asked now', async () => {
    const site = await freshSite();
    const server = await listen((_, response) => response.writeHead(202).end());
    await makeFilter(service(), { url: server.url, sites: [site] });
    expect(await stored(await post(site))).toMatchObject({ status: 'pending', said: { outcome: 'waiting' } });
    const other = await freshSite();
    await makeFilter(service(), { url: server.url, sites: [other], mode: 'async', onFailure: 'publish' });
    expect(await stored(await post(other))).toMatchObject({
      status: 'approved',
      said: { outcome: 'waiting' },
    });
  });

  it('is asked about side by side: each filter hears of it before any has answered', async () => {
    const site = await freshSite();
    const waiting: (() => void)[] = [];
    const both: Behaviour = (_, response) => {
      waiting.push(() => says({ verdict: 'ham' })(_, response));
      if (waiting.length === 2) for (const go of waiting) go();
    };
    for (const server of [await listen(both), await listen(both)])
      await makeFilter(service(), { url: server.url, sites: [site], deadlineMs: 10_000 });
    expect((await stored(await post(site))).status).toBe('approved');
  });

  it('that is repeated under its key is asked about once', async () => {
    const site = await freshSite();
    const server = await listen(says({ verdict: 'ham' }));
    await makeFilter(service(), { url: server.url, sites: [site] });
    const key = { 'idempotency-key': 'once' };
    const body = { body: 'The same words' };
    const first = await post(site, body, key);
    expect((await post(site, body, key)).text).toBe(first.text);
    expect(server.heard).toHaveLength(1);
  });

  it('of a site without filters, and of one whose filter is off, is nobody’s business', async () => {
    const [site, off] = [await freshSite(), await freshSite()];
    const server = await listen(says({ verdict: 'spam' }));
    const { id } = await makeFilter(service(), { url: server.url, sites: [off] });
    await admin('PATCH', `/${id}`, { enabled: false });
    for (const one of [site, off])
      expect(await stored(await post(one))).toMatchObject({ status: 'approved', said: undefined });
    expect(server.heard).toEqual([]);
  });
});

describe('an edit', () => {
  it('is asked about with its revision', async () => {
    const site = await freshSite();
    const server = await listen((heard, response) =>
      says({ verdict: heard.json.data.revision === 2 ? 'spam' : 'ham' })(heard, response),
    );
    await makeFilter(service(), { url: server.url, sites: [site] });
    const answer = await post(site);
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    const edited = await service().call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
      body: { body: 'Buy this' },
    });
    expect(edited.status).toBe(200);
    expect((await stored(answer)).status).toBe('spam');
    expect(server.heard[1]?.json.data).toMatchObject({
      revision: 2,
      body: { text: 'Buy this' },
      context: { edit: true },
    });
  });
});
