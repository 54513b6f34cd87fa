import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { readNaughtyStrings } from '../support/corpora.ts';
import type { DeskOptions } from '../support/dashboard.ts';
import { hire, openDesk } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';

/** Every view of the dashboard, as people with other eyes, languages and screens meet it. */
let installation: Installation;
let service: Service;
let api: Api;
let browser: Browser | null = null;
let views: string[] = [];

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** What runs in a page if a text was taken for markup. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  '<svg onload=alert(3)>',
  '[x](javascript:alert(4))',
  '\u202eevil {name} {count}',
];

async function fill(): Promise<void> {
  await api.createSite('views', { name: HOSTILE[0] });
  const page = { url: 'https://views.example/a', title: HOSTILE[1] };
  const ids: string[] = [];
  const keys: (string | null | undefined)[] = [];
  for (const [number, body] of HOSTILE.entries()) {
    const author = {
      name: `N ${body}`.slice(0, 90),
      email: `h${number}@readers.example`,
      url: 'https://x.example/',
    };
    const { comment } = await api.posted('views', { page, author, body });
    ids.push(comment.id);
    keys.push(comment.author?.key);
  }
  const note = HOSTILE[2];
  const decision = { action: 'reject' as const, reason: 'other', note };
  expectJson(await api.decide(ids[0] ?? '', decision), 200);
  const reporting = { reason: 'abuse', note };
  expectJson(await api.decide(ids[1] ?? '', { action: 'approve' }), 200);
  const path = `/v1/comments/${ids[1]}/reports`;
  expectJson(await api.send({ method: 'POST', path, body: reporting }), 202);
  const lists = { hold: [HOSTILE[0]], reject: ['casino'] };
  expectJson(await api.asAdmin({ method: 'PUT', path: '/v1/admin/sites/views/wordlist', body: lists }), 200);
  const token = { name: HOSTILE[1], role: 'moderator', sites: ['views'] };
  expectJson(await api.asAdmin({ method: 'POST', path: '/v1/admin/tokens', body: token }), 201);
  const create = async (path: string, body: object): Promise<string> =>
    expectJson<{ id: string }>(await api.asAdmin({ method: 'POST', path: `/v1/admin/${path}`, body }), 201)
      .id;
  // Nobody is told: nothing of what happens here is an event of it, and its address is no place.
  const url = 'https://hooks.views.example/<svg/onload=alert(5)>';
  const webhook = await create('webhooks', { url, events: ['author.changed'], enabled: false });
  const filter = await create('filters', {
    name: HOSTILE[2],
    url,
    events: ['comment.decided'],
    enabled: false,
  });
  const alias = 'https://views.example/<b>bold</b>?x="><script>alert(6)</script>';
  const aliases = { alias, page: page.url };
  const pages = '/v1/admin/sites/views/pages/aliases';
  expectJson(await api.asAdmin({ method: 'POST', path: pages, body: aliases }), 201);
  const test = `/v1/admin/webhooks/${webhook}/test`;
  expectJson(await api.asAdmin({ method: 'POST', path: test }), 202);
  const line = { id: '<img src=x onerror=alert(7)>', page, author: { name: HOSTILE[3] }, body: '' };
  const imports = {
    path: '/v1/admin/sites/views/imports?format=generic&dryRun=true',
    body: JSON.stringify(line),
  };
  const { importId } = expectJson<{ importId: string }>(
    await api.asAdmin({ method: 'POST', headers: { 'Content-Type': 'text/plain' }, ...imports }),
    201,
  );
  views = [
    '/queue',
    `/sites/views/import?id=${importId}`,
    `/queue?status=all&site=views&similarTo=${ids[1]}`,
    '/webhooks',
    `/webhooks/${webhook}`,
    '/filters',
    `/filters/${filter}`,
    '/privacy',
    '/sites/views/addresses',
    '/sites/views/import',
    '/queue?status=reported',
    '/queue?status=all&q=evil',
    `/comments/${ids[0]}`,
    `/comments/${ids[3]}`,
    '/authors',
    `/authors/${keys[1]}?site=views`,
    '/audit',
    '/stats',
    '/sites',
    '/sites/views',
    '/sites/views/words',
    '/sites/views/pages',
    '/sites/views/embed',
    '/staff',
    '/tokens',
    '/me',
    '/nowhere',
  ];
}

beforeAll(async () => {
  installation = createInstallation();
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
  await hire(api, 'Sara');
  await fill();
});

afterAll(async () => {
  await browser?.close();
  await installation.dispose();
});

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe finds in the page as it stands, each with the first element that has it. */
async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE}; undefined`);
  const { violations } = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** Whether anything makes the page wider than the screen. */
const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(view)}; undefined`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
}

async function visit(page: Page, some: string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const view of some) {
    await show(page, view);
    const barriers = await findBarriers(page);
    if (await isTooWide(page)) barriers.push('too wide');
    if (barriers.length > 0) found[view] = barriers;
  }
  return found;
}

type Eyes = Omit<DeskOptions, 'name'>;
const desk: Eyes = { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 860 } };
const phone: Eyes = { locale: 'fa-IR', colorScheme: 'dark', viewport: { width: 360, height: 740 } };
const others: Eyes[] = [
  { ...phone, locale: 'en-GB' },
  { ...desk, locale: 'fa-IR', viewport: { width: 3840, height: 2160 } },
];
const eyes = [desk, phone, ...(isLongRun ? others : [])];
/** Each view with one pair of eyes; with all of them in a long run. */
const seenBy = (eye: Eyes): string[] =>
  isLongRun ? views : views.filter((_, i) => i % 2 === eyes.indexOf(eye));

inBrowser.each(eyes)(
  'axe finds nothing in its views, none is wider than the screen, and no hostile text runs: %o',
  async (eye) => {
    const { page, wrong, strayed } = await openDesk(browser, service, { name: 'Sara', ...eye });
    const dir = eye.locale === 'fa-IR' ? 'rtl' : 'ltr';
    expect(await page.getAttribute('html', 'dir')).toBe(dir);
    expect(await visit(page, seenBy(eye))).toEqual({});
    expect({ wrong, strayed }).toEqual({ wrong: [], strayed: [] });
    await page.context().close();
  },
);

inBrowser(
  'what keys ask for can be used without eyes, too: why it is rejected, a reply, an edit, the keys themselves',
  async () => {
    const { page, wrong } = await openDesk(browser, service, { name: 'Sara' });
    await page.waitForSelector('.row');
    for (const key of ['r', 'e', 'Enter', '?']) {
      await page.keyboard.press(key);
      await page.waitForSelector('dialog[open]');
      expect({ key, barriers: await findBarriers(page) }).toEqual({ key, barriers: [] });
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { state: 'detached' });
    }
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

inBrowser('a contrast theme of the system leaves what is chosen and what is marked to be seen', async () => {
  await api.createSite('contrast');
  const page = { url: 'https://contrast.example/page' };
  const author = { name: 'A reader', email: 'reader@readers.example' };
  await api.posted('contrast', { page, author, body: 'Call +98 912 345 6789 any time.' });
  const place = '/queue?site=contrast';
  const desk = await openDesk(browser, service, { name: 'Sara', place, forcedColors: 'active' });
  // What each is told apart by; without it the picture is another one.
  const tellings = [
    ['.tabs a[aria-current]', 'removeAttribute("aria-current")'],
    ['.row.is-current', 'classList.remove("is-current")'],
    ['.card .body', 'querySelector("mark").replaceWith("+98 912 345 6789")'],
  ];
  await desk.page.waitForSelector('.card mark');
  for (const [selector = '', telling] of tellings) {
    const element = await desk.page.waitForSelector(selector);
    const seen = await element.screenshot();
    expect(await element.screenshot()).toEqual(seen);
    await desk.page.evaluate(`document.querySelector('${selector}').${telling}`);
    const without = await element.screenshot();
    expect({ selector, same: without.equals(seen) }).toEqual({ selector, same: false });
  }
  await desk.page.context().close();
});

inBrowser('why a comment is there is said in the moderator’s own language alone', async () => {
  await api.createSite('reasons');
  const lists = { hold: ['canary*'], reject: [] };
  const path = '/v1/admin/sites/reasons/wordlist';
  expectJson(await api.asAdmin({ method: 'PUT', path, body: lists }), 200);
  const page = { url: 'https://reasons.example/page' };
  const author = { name: 'سارا', email: 'canary.bird@readers.example' };
  await api.posted('reasons', { page, author, body: 'زنگ بزنید: ۰۹۱۲۳۴۵۶۷۸۹' });
  const desk = await openDesk(browser, service, {
    name: 'Sara',
    place: '/queue?site=reasons',
    locale: 'fa-IR',
  });
  const reasons = await desk.page.waitForSelector('.card .reasons');
  const text = await reasons.textContent();
  expect(text).toContain('شمارهٔ تلفن دارد.');
  expect(text).toContain('نشانی ایمیل عبارتی از فهرست سایت دارد.');
  expect(text).not.toMatch(/[a-z]/i);
  await desk.page.context().close();
});

inBrowser('no naughty string runs, loads or breaks out, looked at one by one', async () => {
  await api.createSite('naughty');
  const all = readNaughtyStrings();
  const strings = isLongRun ? all : all.filter((text) => /[<>&"'`{}]/.test(text)).slice(0, 60);
  const page = { url: 'https://naughty.example/page', title: 'Naughty' };
  await inParallel(strings, 24, (text, number) =>
    api.post('naughty', {
      page,
      author: { name: 'A reader', email: `n${number}@readers.example` },
      body: text,
    }),
  );
  const { total } = expectJson<{ total: number }>(
    await api.asAdmin({ path: '/v1/moderation/queue?site=naughty&status=all' }),
    200,
  );
  const desk = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=naughty&status=all' });
  await desk.page.waitForSelector('.row');
  for (let seen = 1; seen < total; seen += 1) await desk.page.keyboard.press('j');
  await desk.page.waitForSelector('.list-foot');
  const strange = await desk.page.evaluate<number>(
    'document.querySelectorAll(".card :is(script, iframe, object, img, svg, style), .row :is(script, iframe, object, img, svg, style)").length',
  );
  const { wrong, strayed } = desk;
  expect({ strange, wrong, strayed }).toEqual({ strange: 0, wrong: [], strayed: [] });
  expect(total).toBeGreaterThan(strings.length * 0.5);
  await desk.page.context().close();
});
