import { hashToken } from '../../../src/keys.ts';
import { ensureDemo } from '../../../src/sites/demo.ts';
import { createSite } from '../../../src/sites/manage.ts';
import { findPage } from '../../../src/sites/pages.ts';
import { createSetup } from '../../../src/staff/setup.ts';
import { tagsOf } from '../../support/markup.ts';
import type { PageServer } from '../../support/page-server.ts';
import { startPages } from '../../support/page-server.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPages();
  await ensureDemo(server.deps, { publicUrl: server.url, extraOrigins: [] });
});

afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { headers, redirect: 'manual' });

describe('the demo', () => {
  test.each([
    ['/', {}, 'en', 'ltr'],
    ['/', { 'Accept-Language': 'fa-IR,fa;q=0.9,en;q=0.5' }, 'fa', 'rtl'],
    ['/', { 'Accept-Language': 'de, en;q=0.5' }, 'en', 'ltr'],
    ['/?lang=fa', {}, 'fa', 'rtl'],
    ['/?lang=en', { 'Accept-Language': 'fa' }, 'en', 'ltr'],
  ])('GET %s with %j is in %s', async (path, headers, lang, dir) => {
    const response = await get(path, headers);
    expect(response.status).toBe(200);
    const markup = await response.text();
    expect(tagsOf(markup)[0]?.attributes).toEqual({ lang, dir });
    expect(markup).toContain('<form');
  });

  test.each([
    ['en', 'demo'],
    ['fa', 'demo-fa'],
  ])(
    'the article in %s embeds the widget, with the thread and form inside for who has no script',
    async (lang, site) => {
      const markup = await (await get(`/?lang=${lang}`)).text();
      const inside = markup.slice(
        markup.indexOf('<gatehouse-comments'),
        markup.indexOf('</gatehouse-comments>'),
      );
      const [element, ...rest] = tagsOf(inside);
      const address = `${server.url}/?lang=${lang}`;
      expect(element?.attributes).toEqual({ site, page: address, 'page-id': 'night-opening', locale: lang });
      expect(
        rest.filter(({ name }) => ['ol', 'section', 'form', 'textarea'].includes(name)).length,
      ).toBeGreaterThan(3);
      const scripts = tagsOf(markup).filter(({ name }) => name === 'script');
      expect(scripts.map(({ attributes }) => attributes)).toEqual([{ src: '/embed.js', async: '' }]);
    },
  );

  test('each article links to the other', async () => {
    expect(await (await get('/?lang=en')).text()).toContain('href="/?lang=fa"');
    expect(await (await get('/?lang=fa')).text()).toContain('href="/?lang=en"');
  });

  test('the policy allows the widget and nothing inline, and the publisher’s pages as frames and targets', async () => {
    const { headers } = await get('/?lang=en');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';connect-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script';trusted-types 'none'");
    expect(policy).toMatch(/form-action 'self' http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\*;/);
    expect(policy).toMatch(/frame-ancestors 'self' http:\/\/localhost:\d+ http:\/\/127\.0\.0\.1:\d+;/);
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  test('a form sent from it leads back to it, where it says that the comment waits', async () => {
    const markup = await (await get('/?lang=fa')).text();
    const inputs = tagsOf(markup).filter(({ name }) => name === 'input');
    const hidden = inputs
      .filter(({ attributes }) => attributes.type === 'hidden')
      .map(({ attributes }) => attributes);
    const form = tagsOf(markup).find(({ name }) => name === 'form')?.attributes;
    const fields = Object.fromEntries(hidden.map(({ name = '', value = '' }) => [name, value]));
    const sent = await fetch(server.url + form?.action, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: server.url },
      body: new URLSearchParams({
        ...fields,
        author: 'نگار',
        email: 'n@example.org',
        comment: 'چراغ‌ها بمانند',
      }),
    });
    expect(sent.status).toBe(303);
    const location = sent.headers.get('location') ?? '';
    expect(location).toMatch(new RegExp(`^${server.url}/\\?lang=fa&unapproved=(\\w+)#comment-\\1$`));
    const back = await (await fetch(location)).text();
    expect(back).not.toContain('<script');
    expect(back).toContain('دیدگاه شما در انتظار بررسی است');
    expect(back).not.toContain('چراغ‌ها بمانند');
    const id = location.split('#comment-')[1] ?? '';
    const by = { kind: 'system', id: 'test', name: 'test' } as const;
    const at = Date.now();
    const decisionId = server.deps.ids.next(at) + id;
    await server.deps.comments.change(id, {
      kind: 'decide',
      decisionId,
      at,
      by,
      action: 'approve',
      reason: null,
      note: null,
    });
    const approved = await (await get(`/?lang=fa&unapproved=${id}`)).text();
    expect(approved).toContain('چراغ‌ها بمانند');
    expect(approved).toContain('>۱ دیدگاه</h2>');
    expect(approved).not.toContain('در انتظار بررسی است');
  });

  test.each(['en', 'fa'])(
    'the short link of the article in %s leads to it and is the same page',
    async (lang) => {
      expect((await get(`/s/${lang}`)).headers.get('location')).toBe(`/?lang=${lang}`);
      const site = await server.deps.sites.find(lang === 'en' ? 'demo' : 'demo-fa');
      if (!site) throw new Error('no demo site');
      const byLink = await findPage(server.deps, site, { url: `${server.url}/s/${lang}`, id: null });
      const twin = server.url.replace('127.0.0.1', 'localhost');
      const byTwin = await findPage(server.deps, site, { url: `${twin}/?lang=${lang}`, id: null });
      const byUrl = await findPage(server.deps, site, { url: `${server.url}/?lang=${lang}`, id: null });
      expect(byUrl).not.toBeNull();
      expect([byLink?.key, byTwin?.key]).toEqual([byUrl?.key, byUrl?.key]);
    },
  );

  test('set up again it changes nothing; on another port the articles keep their threads', async () => {
    const before = await server.deps.sites.find('demo');
    await ensureDemo(server.deps, { publicUrl: server.url, extraOrigins: [] });
    expect((await server.deps.sites.find('demo'))?.version).toBe(before?.version);
    await ensureDemo(server.deps, { publicUrl: 'http://localhost:9999', extraOrigins: [] });
    const site = await server.deps.sites.find('demo');
    if (!site) throw new Error('no demo site');
    expect(site.origins).toEqual(['http://localhost:9999', 'http://127.0.0.1:9999']);
    const moved = await findPage(server.deps, site, { url: 'http://localhost:9999/?lang=en', id: null });
    const known = await findPage(server.deps, site, { url: null, id: 'night-opening' });
    expect(moved?.key).toBe(known?.key);
    await ensureDemo(server.deps, { publicUrl: server.url, extraOrigins: [] });
  });

  test('the stylesheet is there under the address that the pages give', async () => {
    const markup = await (await get('/')).text();
    const href =
      tagsOf(markup).find(({ attributes }) => attributes.rel === 'stylesheet')?.attributes.href ?? '';
    const response = await get(href);
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toContain('prefers-color-scheme: dark');
  });
});

describe('the thread page', () => {
  test('without a page it is 422, with an altered cursor too, as pages', async () => {
    expect((await get('/v1/sites/demo/thread')).status).toBe(422);
    const page = encodeURIComponent(`${server.url}/?lang=en`);
    const response = await get(`/v1/sites/demo/thread?page=${page}&cursor=xyz`);
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test.each([
    '/v1/sites/demo/thread?pageId=x&cursor=xyz',
    '/v1/sites/demo/thread?pageId=x&under=',
    '/?under=x',
  ])('a link that was cut short is told as one, and as no fault of the service: %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('the link was cut short');
  });

  test('a page of strangers is an empty thread that links nowhere', async () => {
    const response = await get('/v1/sites/demo/thread?page=https%3A%2F%2Fevil.example%2F');
    expect(response.status).toBe(200);
    const links = tagsOf(await response.text()).map(({ attributes }) => attributes.href ?? '');
    expect(links.filter((href) => href.startsWith('https://evil.example'))).toEqual([]);
  });

  test('walks through all roots with its pager, each once', async () => {
    await createSite(server.deps, {
      ...{ id: 'walk', name: 'Walk', origins: ['https://walk.example'], locale: 'en', timeZone: 'UTC' },
      policy: { moderation: 'none', pageSize: 3 },
    });
    for (let n = 0; n < 8; n++) {
      const body = new URLSearchParams({
        author: `N${n}`,
        email: `n${n}@example.org`,
        comment: `c${n}`,
        page: 'https://walk.example/',
      });
      expect(
        (await fetch(`${server.url}/v1/sites/walk/form`, { method: 'POST', redirect: 'manual', body }))
          .status,
      ).toBe(303);
    }
    const seen: string[] = [];
    let path: string | undefined = '/v1/sites/walk/thread?page=https%3A%2F%2Fwalk.example%2F';
    for (let steps = 0; path && steps < 10; steps++) {
      const tags: ReturnType<typeof tagsOf> = tagsOf(await (await get(path)).text());
      seen.push(
        ...tags
          .filter(({ name, attributes }) => name === 'li' && attributes.id)
          .map(({ attributes }) => attributes.id ?? ''),
      );
      path = tags.find(({ attributes }) => attributes.rel === 'next')?.attributes.href?.split('#')[0];
    }
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  test('takes up replies where the HTML fragment cut them', async () => {
    const page = 'https://walk.example/deep';
    const post = async (comment: string, parent: string): Promise<string> => {
      const body = new URLSearchParams({
        author: 'N',
        email: `${comment}@example.org`,
        comment,
        page,
        comment_parent: parent,
      });
      const sent = await fetch(`${server.url}/v1/sites/walk/form`, {
        method: 'POST',
        redirect: 'manual',
        body,
      });
      return sent.headers.get('location')?.split('#comment-')[1] ?? '';
    };
    const root = await post('root', '0');
    const replies = [await post('first', root), await post('second', root), await post('third', root)];
    const query = `page=${encodeURIComponent(page)}&format=html&replyLimit=1`;
    const cut = tagsOf(await (await get(`/v1/sites/walk/comments?${query}`)).text());
    const more = cut.find(({ attributes }) => attributes.href?.includes('under='))?.attributes.href ?? '';
    expect(more.startsWith(`${server.url}/v1/sites/walk/thread?`)).toBe(true);
    const rest = tagsOf(await (await fetch(more)).text());
    const ids = rest
      .filter(({ name, attributes }) => name === 'li' && attributes.id)
      .map(({ attributes }) => attributes.id);
    expect(ids).toEqual(replies.slice(1).map((id) => `comment-${id}`));
  });
});

describe('the setup', () => {
  test('a wrong token, none, two, and a HEAD are 404 and use nothing up', async () => {
    const { token } = server.setup;
    for (const path of ['/setup', '/setup?token=wrong', `/setup?token=${token}&token=${token}`]) {
      expect((await get(path)).status).toBe(404);
    }
    const head = (headers: Record<string, string>) =>
      fetch(`${server.url}/setup?token=${token}`, { method: 'HEAD', headers });
    expect((await head({ Accept: 'text/plain' })).status).toBe(404);
    expect((await head({})).status).toBe(200);
  });

  test('of many at once one gets an admin token, and afterwards nobody', async () => {
    const path = `/setup?token=${server.setup.token}`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(path, { Accept: 'text/plain' })));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken).toHaveLength(1);
    const [response] = taken;
    const text = (await response?.text()) ?? '';
    expect(text).toMatch(/^gh_[\w-]{43}\n$/);
    expect(response?.headers.get('cache-control')).toBe('no-store');
    expect(response?.headers.get('referrer-policy')).toBe('no-referrer');
    const stored = await server.deps.tokens.findByHash(hashToken(text.trim()));
    expect(stored).toMatchObject({ role: 'admin', sites: ['*'], createdBy: { kind: 'system' } });
    expect((await get(path)).status).toBe(404);
  });

  test('browsers get a form for the first admin, which signs in and uses the token up', async () => {
    const other = await startPages();
    const { token } = other.setup;
    const page = `${other.url}/setup?token=${token}`;
    const show = () => fetch(page, { headers: { Accept: 'text/html,*/*;q=0.8', 'Accept-Language': 'fa' } });
    await show();
    const response = await show();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const markup = await response.text();
    expect(markup).toContain('<html lang="fa" dir="rtl">');
    expect(tagsOf(markup).find(({ name }) => name === 'form')?.attributes.action).toBe('/setup');
    expect(markup).not.toContain('<script');

    const send = (fields: Record<string, string>) =>
      fetch(`${other.url}/setup`, {
        method: 'POST',
        headers: { Origin: other.url },
        body: new URLSearchParams({ token, ...fields }),
      });
    const wrong = await send({ name: 'نگار', email: 'negar', password: 'short' });
    expect(wrong.status).toBe(422);
    const again = tagsOf(await wrong.text()).filter(({ name }) => name === 'input');
    const typed = again.map(({ attributes }) => [
      attributes.name,
      attributes.value,
      attributes['aria-invalid'],
    ]);
    expect(typed).toEqual([
      ['token', token, undefined],
      ['name', 'نگار', undefined],
      ['email', 'negar', 'true'],
      ['password', '', 'true'],
    ]);

    const good = { name: 'نگار', email: 'negar@staff.example', password: 'a long enough password' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(good)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422]);
    const cookie = answers.find(({ status }) => status === 200)?.headers.get('set-cookie') ?? '';
    const me = await fetch(`${other.url}/v1/me`, { headers: { Cookie: cookie.split(';')[0] ?? '' } });
    expect(await me.json()).toMatchObject({ name: 'نگار', role: 'admin', sites: ['*'], kind: 'moderator' });
    expect((await show()).status).toBe(404);
    expect((await fetch(page, { headers: { Accept: 'text/plain' } })).status).toBe(404);
    await other.close();
  });

  test('POST /v1/setup makes the first admin by the same rules', async () => {
    const other = await startPages();
    const { token } = other.setup;
    const send = async (body: unknown) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${other.url}/v1/setup`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const { errors = [] } = (await answer.json()) as { errors?: { pointer: string; code: string }[] };
      return [answer.status, ...errors.map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    const good = { token, name: 'Ada', email: 'ada@staff.example', password: 'a long enough password' };
    expect(await send({ ...good, token: 'wrong', email: 'x' })).toEqual([
      422,
      '/email invalid-email',
      '/token invalid',
    ]);
    expect(await send({ token })).toEqual([422, '/name required', '/email required', '/password required']);
    expect(await send(good)).toEqual([201]);
    expect(await send(good)).toEqual([422, '/token invalid']);
    const second = createSetup(other.deps);
    expect(await second.isOpen(second.token)).toBe(false);
    expect(await second.redeem(second.token)).toBeNull();
    await other.close();
  });
});
