import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Api, Posted } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { WatchedPage } from '../support/browser.ts';
import { inBrowser, openBrowser, openWatched } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { readNaughtyStrings } from '../support/corpora.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';

/** Runs in the page: what a comment must never bring into a document. */
const FIND_STRANGE = `
  const never = 'script, iframe, object, embed, base, svg, math, img, video, audio, style, meta[http-equiv]';
  const isStrange = (element) =>
    element.matches(never) || [...element.attributes].some(({ name }) => /^on|^style$/.test(name));
  [...document.querySelectorAll('*')].filter(isStrange).map((element) => element.outerHTML.slice(0, 200));
`;

let installation: Installation;
let service: Service;
let api: Api;
let browser: Browser | null = null;

beforeAll(async () => {
  installation = createInstallation({ env: { DEMO: 'on', NODE_ENV: 'development' } });
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await installation.dispose();
});

/** A page of a browser of that language. */
function openPage(options: { locale: string; javaScriptEnabled: boolean }): Promise<WatchedPage> {
  if (!browser) throw new Error('no browser');
  const viewport = { width: 900, height: 1200 };
  return openWatched(browser, { bases: [service.url], viewport, ...options });
}

inBrowser(
  'a reader without JavaScript writes in Persian, is told that it waits, and sees it once it is approved',
  async () => {
    const pictures = mkdtempSync(join(tmpdir(), 'gatehouse-pictures-'));
    const { page, strayed } = await openPage({ locale: 'fa-IR', javaScriptEnabled: false });
    await page.goto(`${service.url}/`);
    const html = page.locator('html');
    expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual(['fa', 'rtl']);
    await page.screenshot({ path: join(pictures, '1-article.png'), fullPage: true });

    const text = 'چه مقالهٔ خوبی! می‌خواهم بیشتر بخوانم.';
    await page.fill('#commentform [name=comment]', text);
    await page.fill('#commentform [name=author]', 'نیلوفر');
    await page.fill('#commentform [name=email]', 'nilufar@khanandeh.example');
    await Promise.all([page.waitForLoadState('load'), page.click('#commentform [type=submit]')]);
    await page.waitForURL(/unapproved=/);
    const id = /#comment-(\w+)$/.exec(page.url())?.[1] ?? '';
    const notice = page.locator(`#comment-${id}`);
    expect(await notice.isVisible()).toBe(true);
    expect(await notice.textContent()).toMatch(/\p{Script=Arabic}/u);
    expect(await page.locator('body').textContent()).not.toContain(text);
    await page.screenshot({ path: join(pictures, '2-waiting.png'), fullPage: true });

    expectJson(await api.decide(id, { action: 'approve' }), 200);
    await page.goto(`${service.url}/`);
    const shown = page.locator(`#comment-${id}`);
    expect(await shown.textContent()).toContain(text);
    expect(await shown.textContent()).toContain('نیلوفر');
    await page.screenshot({ path: join(pictures, '3-approved.png'), fullPage: true });
    expect(strayed).toEqual([]);
    process.stderr.write(`pictures of the reader's way: ${pictures}\n`);
  },
);

inBrowser(
  'with JavaScript the demo shows the widget in both languages, and without its script the form that waited there',
  async () => {
    for (const [lang, title, name] of [
      ['fa', 'دیدگاهتان را بنویسید', 'مینا'],
      ['en', 'Leave a comment', 'Mina'],
    ] as const) {
      const { page, context, wrong } = await openPage({ locale: lang, javaScriptEnabled: true });
      await page.goto(`${service.url}/?lang=${lang}`);
      const form = page.locator('gatehouse-comments form[part=form]');
      expect(await form.locator('h2').textContent()).toBe(title);
      expect(await page.locator('#commentform').isVisible()).toBe(false);
      await form.locator('textarea').fill(`${lang}: from the widget`);
      await form.locator('input[autocomplete=name]').fill(name);
      await form.locator('input[autocomplete=email]').fill('mina@readers.example');
      await form.locator('button[part~=submit]').click();
      await page.waitForSelector('article.waiting');
      await page.reload();
      await page.waitForSelector('article.waiting');
      expect(wrong).toEqual([]);

      await context.route('**/embed.js', (route) => route.abort());
      await page.reload();
      await page.waitForSelector('#commentform');
      expect(await page.locator('#commentform textarea').isVisible()).toBe(true);
      await context.close();
    }
  },
);

inBrowser('a mistake in the form keeps what was typed, and mending it is enough', async () => {
  const { page } = await openPage({ locale: 'en', javaScriptEnabled: false });
  await page.goto(`${service.url}/?lang=en`);
  await page.fill('#commentform [name=comment]', 'Typed with care <b>&amp;</b>');
  await page.fill('#commentform [name=email]', 'careful@readers.example');
  await page.click('#commentform [type=submit]');
  await page.waitForSelector('[aria-invalid=true]');
  expect(await page.inputValue('#commentform [name=comment]')).toBe('Typed with care <b>&amp;</b>');
  expect(await page.content()).not.toContain('careful@readers.example');
  await page.fill('#commentform [name=author]', 'Careful');
  await page.click('#commentform [type=submit]');
  await page.waitForURL(/unapproved=/);
});

inBrowser('no naughty string runs, loads or breaks out, shown with JavaScript allowed', async () => {
  const site = 'naughty-shown';
  const url = `https://${site}.example/page`;
  await api.createSite(site, { policy: { moderation: 'none' } });
  const strings = readNaughtyStrings();
  const answers = await inParallel(strings, 24, (text, number) =>
    api.post(site, {
      page: { url, title: 'Naughty' },
      author: {
        name: [...text].length <= 100 && text.trim() !== '' ? text : 'A reader',
        email: `r${number}@readers.example`,
      },
      body: text,
    }),
  );
  const posted = answers.filter(({ status }) => status === 201).map((answer) => jsonOf<Posted>(answer));
  const taken = posted.length;
  expect(taken).toBeGreaterThan(strings.length * 0.8);
  // What screening holds for its tricks of script is shown all the same: that is the worst case.
  const held = posted.filter(({ comment }) => comment.status !== 'approved');
  await inParallel(held, 24, ({ comment }) => api.decide(comment.id, { action: 'approve' }));
  const { page, wrong } = await openPage({ locale: 'en', javaScriptEnabled: true });
  let path: string | null = `/v1/sites/${site}/thread?page=${encodeURIComponent(url)}`;
  let shown = 0;
  while (path !== null) {
    await page.goto(new URL(path, service.url).href);
    shown += await page.locator('li[id^=comment-]').count();
    const strange = await page.evaluate<string[]>(FIND_STRANGE);
    expect(strange).toEqual([]);
    const next = page.locator('a[rel=next]').first();
    path = (await next.count()) > 0 ? await next.getAttribute('href') : null;
  }
  expect({ shown, wrong }).toEqual({ shown: taken, wrong: [] });
});
