import { eventually } from '../support/eventually.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const call = (method: string, path: string, body?: unknown) =>
  service.call({ method, path: `/v1/admin/sites/${path}`, headers: ADMIN, body });

let sites = 0;
async function freshSite(): Promise<string> {
  sites += 1;
  await makeSite(service.deps, `words-${sites}`);
  return `words-${sites}`;
}

const fieldsOf = (json: unknown) =>
  (json as { errors: { pointer: string; code: string }[] }).errors.map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );

async function statusOf(
  site: string,
  body: Record<string, unknown>,
  through = service,
): Promise<string | undefined> {
  const answer = await through.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(body),
  });
  expect(answer.status).toBe(201);
  const { id } = (answer.json as { comment: { id: string } }).comment;
  return (await through.deps.comments.find(id))?.status;
}

describe('word lists', () => {
  it('are empty at version 0, then as they were put, in order', async () => {
    const site = await freshSite();
    expect((await call('GET', `${site}/wordlist`)).json).toEqual({ hold: [], reject: [], version: 0 });
    const lists = { hold: ['viagra', '*casino*', 'می‌خرم'], reject: ['قمار'] };
    const put = await call('PUT', `${site}/wordlist`, lists);
    expect([put.status, put.json]).toEqual([200, { ...lists, version: 1 }]);
    expect((await call('GET', `${site}/wordlist`)).json).toEqual({ ...lists, version: 1 });
    expect((await call('PUT', `${site}/wordlist`, { hold: [], reject: [] })).json).toMatchObject({
      version: 2,
    });
  });

  it('decide over the next comment, and are audited', async () => {
    const site = await freshSite();
    await call('PUT', `${site}/wordlist`, { hold: ['viagra'], reject: ['قمار', 'bad-mail'] });
    expect(await statusOf(site, { body: 'cheap v1agra' })).toBe('pending');
    expect(await statusOf(site, { body: 'بیا قِمار کن' })).toBe('rejected');
    expect(await statusOf(site, { body: 'a quiet word' })).toBe('approved');
    const author = { name: 'Someone', email: 'bad-mail@host.example', url: null };
    expect(await statusOf(site, { body: 'a quiet one', author })).toBe('rejected');
    await call('PUT', `${site}/wordlist`, { hold: [], reject: [] });
    expect(await statusOf(site, { body: 'dear v1agra' })).toBe('approved');
    const entries = await service.deps.audit.list({ sites: [site], action: 'wordlist-changed', limit: 9 });
    expect(entries.map(({ by, note }) => [by.name, note])).toEqual([
      ['root', '0 to hold, 0 to reject'],
      ['root', '1 to hold, 2 to reject'],
    ]);
  });

  it('show a moderator the words and where they stand', async () => {
    const site = await freshSite();
    await call('PUT', `${site}/wordlist`, { hold: ['viagra'], reject: [] });
    const path = `/v1/sites/${site}/comments`;
    const posted = await service.call({
      method: 'POST',
      path,
      body: commentBody({ body: 'so v.i.a.g.r.a it is' }),
    });
    const { id } = (posted.json as { comment: { id: string } }).comment;
    const seen = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
    expect((seen.json as { screening: unknown[] }).screening).toContainEqual({
      phase: 'wordlist',
      outcome: 'hold',
      code: 'hold-word',
      detail: 'On the hold list: «viagra».',
      score: null,
      ms: expect.any(Number),
      matches: [{ field: 'body', start: 3, end: 14, weight: 1 }],
    });
  });

  it('are held against an edit, too', async () => {
    const site = await freshSite();
    await call('PUT', `${site}/wordlist`, { hold: [], reject: ['viagra'] });
    const path = `/v1/sites/${site}/comments`;
    const posted = await service.call({ method: 'POST', path, body: commentBody() });
    const { comment, editToken } = posted.json as { comment: { id: string }; editToken: string };
    const headers = { authorization: `Bearer ${editToken}` };
    const edit = { method: 'PATCH', path: `/v1/comments/${comment.id}`, headers, body: { body: 'viagra' } };
    expect((await service.call(edit)).status).toBe(200);
    expect((await service.deps.comments.find(comment.id))?.status).toBe('rejected');
  });

  it('are soon known to another instance', async () => {
    const site = await freshSite();
    const other = await service.another();
    try {
      expect(await statusOf(site, { body: 'old viagra' }, other)).toBe('approved');
      await call('PUT', `${site}/wordlist`, { hold: ['viagra'], reject: [] });
      let n = 0;
      await eventually(async () =>
        expect(await statusOf(site, { body: `viagra number ${n++}` }, other)).toBe('pending'),
      );
    } finally {
      await other.stop();
    }
  });

  it('are refused with every bad term at its place', async () => {
    const site = await freshSite();
    const wrong = {
      hold: ['ok', '***', 'x'.repeat(201), '', 'OK', 5, '–'],
      reject: ['ok', 'كتاب', 'کتاب', 'کتاب*'],
    };
    const answer = await call('PUT', `${site}/wordlist`, wrong);
    expect([answer.status, fieldsOf(answer.json)]).toEqual([
      422,
      ['/hold/2 too-long', '/hold/3 required', '/hold/5 invalid'],
    ]);
    const valid = { hold: ['ok', '***', 'OK', '–'], reject: ['ok', 'كتاب', 'کتاب', 'کتاب*'] };
    expect(fieldsOf((await call('PUT', `${site}/wordlist`, valid)).json)).toEqual([
      ...['/hold/1 invalid', '/hold/2 duplicate', '/hold/3 invalid', '/reject/2 duplicate'],
    ]);
    expect(fieldsOf((await call('PUT', `${site}/wordlist`, { version: -1 })).json).sort()).toEqual([
      ...['/hold required', '/reject required', '/version out-of-range'],
    ]);
    const many = { hold: Array.from({ length: 5001 }, (_, at) => `term${at}`), reject: [] };
    expect(fieldsOf((await call('PUT', `${site}/wordlist`, many)).json)).toEqual(['/hold too-long']);
    expect((await call('GET', `${site}/wordlist`)).json).toMatchObject({ version: 0 });
  });

  it('of a version that no longer stands are a conflict', async () => {
    const site = await freshSite();
    const put = (version: number) =>
      call('PUT', `${site}/wordlist`, { hold: [`w${version}`], reject: [], version });
    expect((await put(0)).status).toBe(200);
    const late = await put(0);
    expect([late.status, late.json]).toMatchObject([409, { code: 'conflict', current: { version: 1 } }]);
    expect((await put(1)).status).toBe(200);
  });

  it('are an admin’s of the site alone', async () => {
    const site = await freshSite();
    expect((await service.call({ path: `/v1/admin/sites/${site}/wordlist` })).status).toBe(401);
    expect((await call('GET', 'no-such-site/wordlist')).status).toBe(404);
    expect((await call('PUT', 'no-such-site/wordlist', { hold: [], reject: [] })).status).toBe(404);
  });
});

describe('a test of a text', () => {
  it('finds the terms in offsets into the text as sent', async () => {
    const site = await freshSite();
    await call('PUT', `${site}/wordlist`, { hold: ['viagra'], reject: ['قمار'] });
    const text = '\u202e😀 VIAGRA و قِمار، v i a g r a';
    const { status, json } = await call('POST', `${site}/wordlist/test`, { text });
    expect(status).toBe(200);
    const { matches } = json as { matches: { list: string; term: string; start: number; end: number }[] };
    expect(matches.map(({ list, term, start, end }) => [list, term, text.slice(start, end)])).toEqual([
      ['hold', 'viagra', 'VIAGRA'],
      ['reject', 'قمار', 'قِمار'],
      ['hold', 'viagra', 'v i a g r a'],
    ]);
  });

  it('finds under its key what it found first', async () => {
    const site = await freshSite();
    const path = `/v1/admin/sites/${site}/wordlist/test`;
    const headers = { ...ADMIN, 'Idempotency-Key': 'test-again' };
    const test = () => service.call({ method: 'POST', path, headers, body: { text: 'a word' } });
    expect((await test()).json).toEqual({ matches: [] });
    await call('PUT', `${site}/wordlist`, { hold: ['word'], reject: [] });
    const again = await test();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.json).toEqual({ matches: [] });
  });

  it('finds nothing without lists, and wants a text', async () => {
    const site = await freshSite();
    expect((await call('POST', `${site}/wordlist/test`, { text: 'viagra' })).json).toEqual({ matches: [] });
    expect(fieldsOf((await call('POST', `${site}/wordlist/test`, {})).json)).toEqual(['/text required']);
    const long = { text: 'x'.repeat(100_001) };
    expect(fieldsOf((await call('POST', `${site}/wordlist/test`, long)).json)).toEqual(['/text too-long']);
  });
});

describe('a preview', () => {
  it('tells what lists would have done to the last days’ comments, and changes nothing', async () => {
    const site = await freshSite();
    const say = (text: string) => statusOf(site, { body: text });
    await Promise.all(Array.from({ length: 110 }, (_, n) => say(`quiet number ${n}`)));
    await Promise.all(Array.from({ length: 24 }, (_, n) => say(`viagra number ${n}`)));
    await say('viagra at last');
    const lists = { hold: ['viagra'], reject: ['قمار'] };
    const answer = await call('POST', `${site}/wordlist/preview`, { ...lists, days: 7 });
    expect(answer.status).toBe(200);
    const { matched, approvedMatched, sample } = answer.json as {
      matched: number;
      approvedMatched: number;
      sample: { body: { text: string }; emailMasked: string }[];
    };
    expect([matched, approvedMatched, sample.length]).toEqual([25, 25, 20]);
    expect(sample[0]).toMatchObject({ body: { text: 'viagra at last' }, emailMasked: 'm...@example.org' });
    expect((await call('GET', `${site}/wordlist`)).json).toMatchObject({ version: 0 });
  });

  it('is in the audit where it tells of an address, which nobody learns unseen', async () => {
    const site = await freshSite();
    await statusOf(site, { body: 'quiet', author: { name: 'Sara', email: 'hidden.canary@example.org' } });
    const lookUps = async (): Promise<object[]> => {
      const path = `/v1/moderation/audit?site=${site}&action=author-looked-up`;
      const audit = await service.call({ path, headers: ADMIN });
      return (audit.json as { items: object[] }).items;
    };
    const matchedBy = async (term: string): Promise<number> => {
      const lists = { hold: [term], reject: [], days: 1 };
      return ((await call('POST', `${site}/wordlist/preview`, lists)).json as { matched: number }).matched;
    };
    expect([await matchedBy('sara'), await matchedBy('other*')]).toEqual([1, 0]);
    expect(await lookUps()).toEqual([]);
    expect(await matchedBy('hid*')).toBe(1);
    expect(await lookUps()).toMatchObject([{ by: { id: 'root' }, note: 'preview of word lists' }]);
    expect(JSON.stringify(await lookUps())).not.toContain('hid*');
  });

  it('ends where nobody waits for it any more', async () => {
    const site = await freshSite();
    await Promise.all(Array.from({ length: 100 }, (_, n) => statusOf(site, { body: `quiet number ${n}` })));
    const { queue } = service.deps.comments;
    const caller = new AbortController();
    let chunks = 0;
    // A site that has no end.
    service.deps.comments.queue = ({ from: _, ...asked }) => {
      chunks += 1;
      if (chunks === 2) caller.abort();
      return queue.call(service.deps.comments, asked);
    };
    try {
      const asked = fetch(`http://127.0.0.1:${service.port}/v1/admin/sites/${site}/wordlist/preview`, {
        ...{ method: 'POST', signal: caller.signal },
        headers: { ...ADMIN, 'Content-Type': 'application/json' },
        body: JSON.stringify({ hold: ['viagra'], reject: [], days: 1 }),
      });
      await expect(asked).rejects.toThrow('aborted');
      await eventually(async () => {
        const before = chunks;
        for (let i = 0; i < 200; i += 1) await new Promise((resolve) => setImmediate(resolve));
        expect(chunks).toBe(before);
      });
    } finally {
      service.deps.comments.queue = queue;
    }
  });

  it('refuses bad terms and days at their places', async () => {
    const site = await freshSite();
    const wrong = { hold: ['!'], reject: [], days: 1 };
    expect(fieldsOf((await call('POST', `${site}/wordlist/preview`, wrong)).json)).toEqual([
      '/hold/0 invalid',
    ]);
    const late = { hold: [], reject: [], days: 0 };
    expect(fieldsOf((await call('POST', `${site}/wordlist/preview`, late)).json)).toEqual([
      '/days out-of-range',
    ]);
  });
});
