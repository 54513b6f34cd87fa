import { createSite, updateSite } from '../../../src/sites/manage.ts';
import { idReference } from '../../../src/sites/site-store.ts';
import { expectLinear } from '../../support/growth.ts';
import { contentOf, tagsOf } from '../../support/markup.ts';
import type { PageServer } from '../../support/page-server.ts';
import { startPages } from '../../support/page-server.ts';

const ADDRESS = 'Canary.Bird+x@Example.org';
const PAGE = 'https://news.example/a';
let server: PageServer;
let now = Date.UTC(2026, 10, 23, 8);

beforeAll(async () => {
  server = await startPages({ clock: { now: () => now } });
  const site = { name: 'The News', origins: ['https://news.example'], timeZone: 'UTC' };
  await createSite(server.deps, { ...site, id: 'news', locale: 'en' });
  await createSite(server.deps, { ...site, id: 'akhbar', locale: 'fa', timeZone: 'Asia/Tehran' });
  await createSite(server.deps, { ...site, id: 'open', locale: 'en', policy: { moderation: 'none' } });
});

afterAll(() => server.close());

interface Sent {
  site?: string;
  fields: Record<string, string>;
  headers?: Record<string, string>;
}

let turn = 0;
/** A form as a browser sends it; each with a text of its own. */
function send({ site = 'news', fields, headers = {} }: Sent): Promise<Response> {
  const given = {
    author: 'Sara',
    email: ADDRESS,
    comment: `A comment, number ${turn++}`,
    page: PAGE,
    ...fields,
  };
  return fetch(`${server.url}/v1/sites/${site}/form`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(given).toString(),
  });
}

const locationOf = (response: Response): URL => new URL(response.headers.get('location') ?? '');

async function storedBehind(response: Response) {
  const id = locationOf(response).hash.replace('#comment-', '');
  const comment = await server.deps.comments.find(id);
  if (!comment) throw new Error(`no comment behind ${response.status} ${response.headers.get('location')}`);
  return comment;
}

function inputsOf(markup: string): Record<string, Record<string, string>> {
  const inputs = tagsOf(markup).filter(({ name }) => name === 'input' || name === 'textarea');
  return Object.fromEntries(inputs.map(({ attributes }) => [attributes.name, attributes]));
}

/** The address in no spelling, whatever else is there. */
function expectNoAddress(text: string): void {
  const plain = decodeURIComponent(
    text.replaceAll('%', '%25').replaceAll('%2540', '%40').replaceAll('%252B', '%2B'),
  );
  expect(plain.toLowerCase()).not.toContain('canary.bird');
}

describe('a form that is taken', () => {
  test('leads to the page with its own query, and says that the comment waits', async () => {
    const response = await send({ fields: { page: `${PAGE}?utm_source=x&lang=fa&unapproved=old#top` } });
    expect(response.status).toBe(303);
    const { id } = await storedBehind(response);
    expect(response.headers.get('location')).toBe(
      `${PAGE}?utm_source=x&lang=fa&unapproved=${id}#comment-${id}`,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('leads straight to a comment that is public at once', async () => {
    const response = await send({ site: 'open', fields: {} });
    const { id, status } = await storedBehind(response);
    expect(status).toBe('approved');
    expect(response.headers.get('location')).toBe(`${PAGE}#comment-${id}`);
  });

  test('leads to the first when it is sent twice', async () => {
    const fields = { comment: 'Twice the same' };
    const first = await send({ fields });
    const second = await send({ fields });
    expect(second.status).toBe(303);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
  });

  test('keeps Persian text, half-spaces included, character for character', async () => {
    const fields = {
      author: 'زهرا نیک‌پی',
      comment: 'می‌خواهم بگویم\nکه ۱۰۰٪ موافقم & همین',
      page: `${PAGE}?p=خ`,
    };
    const comment = await storedBehind(await send({ site: 'akhbar', fields }));
    expect(comment.author.name).toBe(fields.author);
    expect(comment.text).toBe(fields.comment);
  });

  test('may lead to every page of the site, whose scheme, port and `www.` say nothing', async () => {
    const targets = async (id: string, origins: string[], policy?: object): Promise<string | undefined> => {
      await createSite(server.deps, { id, name: id, locale: 'en', timeZone: 'UTC', origins, policy });
      const query = new URLSearchParams({ page: 'https://news.example/a' });
      const { headers } = await fetch(`${server.url}/v1/sites/${id}/thread?${query}`);
      return /form-action ([^;]*);/.exec(headers.get('content-security-policy') ?? '')?.[1];
    };
    // The first origin's scheme is that of all links, so that a form of the second leads to http.
    const origins = ['http://localhost:3000', 'https://news.example'];
    expect(await targets('mixed', origins)).toBe("'self' http://localhost:* http://news.example:*");
    const pages = { ignoreWww: true, hosts: ['*.old.example', 'old.example:8080'] };
    expect(await targets('www', ['https://www.news.example'], { pages })).toBe(
      "'self' http://www.news.example:* http://news.example:* http://*.old.example:* http://old.example:* http://old.example:8080 http://www.old.example:8080",
    );
    expect(await targets('any', origins, { pages: { anyHost: true } })).toBe("'self' http: https:");
  });

  test('is taken with `Origin: null`, and not with a stranger’s', async () => {
    expect((await send({ fields: {}, headers: { Origin: 'null' } })).status).toBe(303);
    const strange = await send({ fields: {}, headers: { Origin: 'https://evil.example' } });
    expect(strange.status).toBe(403);
    expect(strange.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('never leads to a foreign host, also where any host may have threads', async () => {
    await updateSite(server.deps, 'open', { policy: { pages: { anyHost: true } } });
    const response = await send({ site: 'open', fields: { page: 'https://elsewhere.example/x' } });
    await updateSite(server.deps, 'open', { policy: { pages: { anyHost: false } } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(
      new RegExp(`^${server.url}/v1/sites/open/thread\\?page=`),
    );
  });

  test('the comment’s page says that it waits, shows nothing of it, and tells strangers nothing', async () => {
    const response = await send({ fields: { comment: 'Unseen words', page: `${PAGE}wait` } });
    const { id } = await storedBehind(response);
    const thread = `${server.url}/v1/sites/news/thread?page=${encodeURIComponent(`${PAGE}wait`)}`;
    const mine = await (await fetch(`${thread}&unapproved=${id}`)).text();
    expect(mine).toContain('It waits for a moderator.');
    expect(mine).toContain(`id="comment-${id}"`);
    expect(mine).not.toContain('Unseen words');
    expect(await (await fetch(`${thread}&unapproved=nobody`)).text()).not.toContain(
      'It waits for a moderator.',
    );
  });
});

describe('which page and which parent', () => {
  const withoutPage = { page: '' };

  test('without `page`, the Referer of the site names it', async () => {
    const response = await send({ fields: withoutPage, headers: { Referer: `${PAGE}/from-referer` } });
    expect(locationOf(response).pathname).toBe('/a/from-referer');
  });

  test('a stranger’s Referer names nothing', async () => {
    const response = await send({ fields: withoutPage, headers: { Referer: 'https://evil.example/a' } });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('did not say which page');
  });

  test('comment_post_ID names the page wp-{n} once it is known', async () => {
    const post = { comment_post_ID: '77' };
    expect((await send({ fields: { ...post, ...withoutPage } })).status).toBe(422);
    const first = await storedBehind(await send({ fields: { ...post, page: `${PAGE}/post-77` } }));
    const second = await send({ fields: { ...post, ...withoutPage } });
    expect((await storedBehind(second)).pageKey).toBe(first.pageKey);
    expect(locationOf(second).pathname).toBe('/a/post-77');
    expect((await server.deps.sites.findPage('news', idReference('wp-77')))?.key).toBe(first.pageKey);
  });

  test('an empty parent and 0 are none, an id is that comment', async () => {
    const root = await storedBehind(await send({ site: 'open', fields: { comment_parent: '' } }));
    expect(root.parentId).toBeNull();
    expect(
      (await storedBehind(await send({ site: 'open', fields: { comment_parent: '0' } }))).parentId,
    ).toBeNull();
    const reply = await storedBehind(await send({ site: 'open', fields: { comment_parent: root.id } }));
    expect(reply.parentId).toBe(root.id);
  });

  test('a parent that is not there is said, and the next try stands on its own', async () => {
    const response = await send({ fields: { comment_parent: '4711' } });
    expect(response.status).toBe(422);
    const markup = await response.text();
    expect(markup).toContain('The comment you answered is no longer here.');
    expect(inputsOf(markup).comment_parent?.value).toBe('0');
    expect(markup).toContain('<h2 id="respond-heading">Join the conversation</h2>');
  });

  test('an answer that is not taken says whom it answers, as long as readers see that comment', async () => {
    const { id } = await storedBehind(await send({ site: 'open', fields: { author: 'Mina' } }));
    const fields = { comment: ' ', comment_parent: id };
    const markup = await (await send({ site: 'open', fields })).text();
    expect(markup).toContain('<h2 id="respond-heading">Reply to <bdi dir="auto">Mina</bdi></h2>');
    expect(inputsOf(markup).comment_parent?.value).toBe(id);
    const held = await storedBehind(await send({ fields: { author: 'Mina' } }));
    const hidden = await (await send({ fields: { comment: ' ', comment_parent: held.id } })).text();
    expect(hidden).not.toContain('Mina');
  });
});

describe('a form that is not taken', () => {
  test('comes back in the site’s language with all that was typed', async () => {
    const text = '</textarea><script>alert(1)</script>\n«متن»';
    const response = await send({
      site: 'akhbar',
      fields: { author: '', url: 'ftp://x', comment: text, page_title: 'عنوان' },
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-language')).toBe('fa');
    const markup = await response.text();
    expect(tagsOf(markup)[0]?.attributes).toEqual({ lang: 'fa', dir: 'rtl' });
    expect(contentOf(markup, 'textarea')).toBe(`\n${text}`);
    expect(markup).toContain('لطفاً نامتان را بنویسید.');
    expect(inputsOf(markup).url?.value).toBe('ftp://x');
    expect(inputsOf(markup).page).toMatchObject({ value: PAGE });
  });

  test('has a summary that leads to each field, and fields that name their message', async () => {
    const markup = await (await send({ fields: { author: ' ', url: 'ftp://x', comment: '' } })).text();
    const tags = tagsOf(markup);
    const links = tags
      .map(({ attributes }) => attributes.href ?? '')
      .filter((href) => /^#(?!comment)/.test(href));
    expect(links.sort()).toEqual(['#author', '#url']);
    expect(tags.some(({ attributes }) => attributes.href === '#comment')).toBe(true);
    const { author } = inputsOf(markup);
    expect(author?.['aria-invalid']).toBe('true');
    expect(author?.['aria-describedby']).toBe('author-error');
    expect(tags.some(({ attributes }) => attributes.id === 'author-error')).toBe(true);
  });

  test('carries a valid address sealed and masked, and takes it back when the field is empty', async () => {
    const fields = {
      author: '',
      comment: `Write to ${ADDRESS.toLowerCase()}`,
      page: `${PAGE}?m=${ADDRESS}&k=1`,
    };
    const markup = await (await send({ fields })).text();
    expectNoAddress(markup);
    const inputs = inputsOf(markup);
    expect(inputs.email).toMatchObject({ value: '', placeholder: 'C...@Example.org' });
    expect(inputs.email).not.toHaveProperty('required');
    expect(inputs.page?.value).toBe(`${PAGE}?k=1`);
    const sealed = inputs.email_sealed?.value ?? '';
    const again = await send({ fields: { email: '', email_sealed: sealed } });
    const straight = await send({ fields: { email: ADDRESS } });
    expect(again.status).toBe(303);
    expect((await storedBehind(again)).author.key).toBe((await storedBehind(straight)).author.key);
    expect((await send({ site: 'akhbar', fields: { email: '', email_sealed: sealed } })).status).toBe(422);
    now += 60 * 60 * 1000;
    expect((await send({ fields: { email: '', email_sealed: sealed } })).status).toBe(422);
  });

  test.each([
    ['sara@example', 'sara@example'],
    ['sara.example.org', 'sara.example.org'],
    [`Sara <${ADDRESS}>`, ''],
    [`${ADDRESS}, other@example.org`, ''],
    ['canary.bird%40example.org', ''],
    ['canary.bird (at) example.org', ''],
    ['canary.bird＠example.org', ''],
  ])('an address that is none, %s, comes back only where none is in it', async (email, shown) => {
    const response = await send({ fields: { email } });
    expect(response.status).toBe(422);
    const markup = await response.text();
    expect(inputsOf(markup).email?.value).toBe(shown);
    expectNoAddress(markup);
  });

  test('an address in place of the name does not come back', async () => {
    const markup = await (await send({ fields: { author: ADDRESS, email: '' } })).text();
    expect(inputsOf(markup).author?.value).toBe('');
    expectNoAddress(markup);
  });

  test.each([
    ['white space', 'author', ' '],
    ['letters', 'email', 'a'],
    ['addresses', 'email', 'canary@b.example '],
  ])('a field of nothing but %s takes no quadratic time', async (_, name, typed) => {
    await expectLinear(async (length) => {
      const filled = (text: string): string => text.repeat(length / text.length);
      const fields = { [name]: `${filled(typed)}!`, page_title: filled('x@y ') };
      expect((await send({ fields })).status).toBe(422);
    }, 60_000);
  });

  test('of many addresses in the place of one none comes back in it', async () => {
    const email = Array.from({ length: 2000 }, (_, i) => `canary.bird+${i}@example.org`).join(', ');
    const markup = await (await send({ fields: { email } })).text();
    expect(inputsOf(markup).email?.value).toBe('');
    expectNoAddress(markup);
  });

  test('a closed site answers 403 with the text', async () => {
    await updateSite(server.deps, 'open', { policy: { closed: true } });
    const response = await send({ site: 'open', fields: { comment: 'Too late' } });
    await updateSite(server.deps, 'open', { policy: { closed: false } });
    expect(response.status).toBe(403);
    expect(contentOf(await response.text(), 'textarea')).toBe('\nToo late');
  });

  test('another type is 415, bytes that are no UTF-8 are 400, both as pages', async () => {
    const wrong = await send({ fields: {}, headers: { 'Content-Type': 'application/json' } });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([415, 'text/html; charset=utf-8']);
    const broken = await fetch(`${server.url}/v1/sites/news/form`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'comment=%ff%fe',
    });
    expect(broken.status).toBe(400);
  });

  test('an unknown site is a page, too', async () => {
    const response = await send({ site: 'nowhere', fields: {} });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('No such site');
  });

  test('its address opened in a browser, or broken, is no page; that is no failure of the service', async () => {
    const opened = await fetch(`${server.url}/v1/sites/news/form`);
    expect([opened.status, opened.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect(await opened.text()).toContain('There is no such page.');
    const persian = await fetch(`${server.url}/v1/sites/akhbar/form`);
    expect([persian.status, persian.headers.get('content-language')]).toEqual([405, 'fa']);
    expect(await persian.text()).toContain('<html lang="fa" dir="rtl">');
    const broken = await fetch(`${server.url}/v1/sites/news/thread?page=%zz`);
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(await broken.text()).toContain('There is no such page.');
  });

  test('nothing of an address was logged', () => {
    expectNoAddress(server.logged());
  });
});

test('too many forms of one address are 429 with Retry-After, the text kept', async () => {
  const limited = await startPages({
    rateLimits: { off: false, classes: { author: { limit: 1, windowSeconds: 60 } } },
  });
  const site = { id: 'news', name: 'N', origins: ['https://news.example'], locale: 'en', timeZone: 'UTC' };
  await createSite(limited.deps, site);
  const post = (comment: string): Promise<Response> =>
    fetch(`${limited.url}/v1/sites/news/form`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ author: 'S', email: ADDRESS, page: PAGE, comment }),
    });
  expect((await post('one')).status).toBe(303);
  const second = await post('two');
  expect(second.status).toBe(429);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(contentOf(await second.text(), 'textarea')).toBe('\ntwo');
  await limited.close();
});
