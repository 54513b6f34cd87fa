import type { Browser, Page } from 'playwright-core';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { readCorpus } from '../support/corpora.ts';
import { hire, nameNow, openDesk, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';
import { until } from '../support/until.ts';
import { holdBack } from '../support/widget-page.ts';

/** Many comments decided at once in a real browser: those that say the same, and all that a filter finds. */
let installation: Installation;
let service: Service;
let api: Api;
let browser: Browser | null = null;

/** Comments of the run by keys. */
const RUN = isLongRun ? 200 : 40;
/** Comments loaded by scrolling and chosen. */
const LOADED = isLongRun ? 500 : 120;

beforeAll(async () => {
  installation = createInstallation();
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
  await hire(api, 'Sara');
});

afterAll(async () => {
  await browser?.close();
  await installation.dispose();
});

const becomes = (site: string, counts: Record<string, number>): Promise<unknown> =>
  until(`the counts of ${site} to be ${JSON.stringify(counts)}`, async () => {
    const found: Record<string, unknown> = { ...(await api.counts(site)) };
    return Object.entries(counts).every(([name, count]) => found[name] === count) || undefined;
  });

/** A site with so many comments; their ids in order. */
async function fill(site: string, count: number, bodyOf: (number: number) => string): Promise<string[]> {
  await api.createSite(site);
  return inParallel([...Array(count).keys()], 8, async (number) => {
    const { comment } = await api.posted(site, {
      page: { url: `https://${site}.example/page` },
      author: { name: `Reader ${number}`, email: `r${number}@readers.example` },
      body: bodyOf(number),
    });
    return comment.id;
  });
}

/** Goes to the end of the list until all of it is loaded. */
const loadAll = (page: Page, count: number): Promise<unknown> =>
  until('everything to be loaded', async () => {
    await page.evaluate('(box => { box.scrollTop = box.scrollHeight })(document.querySelector(".rows"))');
    const height = await page.evaluate<number>(
      'document.querySelector(".rows").scrollHeight / document.querySelector(".row").offsetHeight',
    );
    return Math.round(height) === count || undefined;
  });

/** From here on the page counts the formatters that are made in it, and the ages that are written. */
const COUNT_WORK = `(() => {
  window.work = { made: 0, ages: 0 };
  for (const name of ['DateTimeFormat', 'NumberFormat', 'PluralRules', 'RelativeTimeFormat']) {
    Intl[name] = new Proxy(Intl[name], {
      construct: (...call) => { window.work.made += 1; return Reflect.construct(...call); },
    });
  }
  const { prototype } = Intl.RelativeTimeFormat;
  const { format } = prototype;
  prototype.format = function (...given) { window.work.ages += 1; return format.apply(this, given); };
})()`;

/** Scrolls from the end to the beginning, a step a frame; the most rows that were there at once. */
const SCROLL_BACK = `(async () => {
  const box = document.querySelector('.rows');
  let most = 0;
  while (box.scrollTop > 0) {
    box.scrollTop -= 500;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    most = Math.max(most, box.querySelectorAll('.row').length);
  }
  return most;
})()`;

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click();

inBrowser('those that say the same are decided together by two keys, and taken back by one', async () => {
  await fill('alike', 6, (number) =>
    number < 4
      ? `Buy the very best watches of the whole town at my shop today, only number ${number} is left`
      : `Something else altogether, said by the reader ${number}`,
  );
  const { page, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=alike' });
  await waitForRows(page, 6);
  await page.locator('.row-open:has-text("watches")').first().click();
  await page.keyboard.press('l');
  await page.waitForSelector('dialog[open]:has-text("4 comments")');
  await page.keyboard.press('s');
  await becomes('alike', { spam: 4, pending: 2 });
  await waitForRows(page, 2);
  await page.keyboard.press('u');
  await becomes('alike', { spam: 0, pending: 6 });
  await waitForRows(page, 6);
  expect(wrong).toEqual([]);
  await page.context().close();
});

/** From here on the answers of the service come as late as over a slow line, by what their `Date` says. */
async function comeLate(page: Page, ms: number): Promise<void> {
  await page.context().route(/\/v1\/moderation\/(?:queue|counts|sites)/, async (route) => {
    const response = await route.fetch();
    const date = new Date(Date.now() - ms).toUTCString();
    await route.fulfill({ response, headers: { ...response.headers(), date } });
  });
}

inBrowser('what is seen is decided, however late the service’s answers tell the time', async () => {
  const copies = (number: number) =>
    `Cheap shoes and bags for everybody in my shop, pair ${number} is the last`;
  await fill('late', 3, copies);
  const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=late' });
  await waitForRows(page, 3);
  await comeLate(page, 60_000);
  await page.reload();
  await waitForRows(page, 3);
  await page.keyboard.press('l');
  await page.waitForSelector('dialog[open]:has-text("3 comments")');
  // One that comes while the dialog stands open was not counted by it.
  await api.posted('late', {
    page: { url: 'https://late.example/page' },
    author: { name: 'Late', email: 'late@readers.example' },
    body: copies(9),
  });
  await page.keyboard.press('s');
  await becomes('late', { spam: 3, pending: 1 });
  // An answer that is on its way while the page is closed has nobody to be given to, and the test would fail for it.
  await page.context().unrouteAll({ behavior: 'wait' });
  await page.context().close();
});

inBrowser(
  'all that a filter finds is decided, loaded or not; what came later is left alone; one key takes it back',
  async () => {
    await fill('whole', 120, (number) => `Reader ${number} has a lot to say about number ${number}`);
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=whole' });
    await page.waitForSelector('.row');
    await page.getByLabel('All', { exact: true }).check();
    await press(page, 'All 120 that the filter finds');
    await page.waitForSelector('.bulk strong:has-text("120")');
    await page.context().route('**/v1/moderation/decisions', async (route) => {
      await api.posted('whole', {
        page: { url: 'https://whole.example/page' },
        author: { name: 'Late', email: 'late@readers.example' },
        body: 'I came while they were being decided.',
      });
      await route.continue();
    });
    await page.keyboard.press('t');
    await becomes('whole', { trash: 120, pending: 1 });
    await waitForRows(page, 1);
    await page.keyboard.press('u');
    await becomes('whole', { trash: 0, pending: 121 });
    await page.context().close();
  },
);

inBrowser(
  'who has one site decides all that is found there, also where the list came before the site',
  async () => {
    await fill('lone', 60, (number) => `Reader ${number} was here`);
    await hire(api, 'Una', { role: 'moderator', sites: ['lone'] });
    const { page, context } = await openDesk(browser, service, { name: 'Una' });
    const sites = await holdBack(context, '/moderation/sites?');
    await page.reload();
    await page.waitForSelector('.row');
    await page.getByLabel('All', { exact: true }).check();
    await page.waitForSelector('.bulk strong:has-text("50")');
    expect(await page.locator('.bulk').textContent()).not.toContain('All');
    await sites.letGo();
    await press(page, 'All 60 that the filter finds');
    await page.keyboard.press('t');
    await becomes('lone', { trash: 60, pending: 0 });
    await context.close();
  },
);

inBrowser(
  'of a long list only what is in sight is drawn, with formatters that are there, and what happens to one row draws that one alone',
  async () => {
    const ids = await fill('far', 120, (number) => `What reader ${number} has to say`);
    const { page } = await openDesk(browser, service, {
      name: 'Sara',
      place: '/queue?site=far&status=all&sort=newest',
    });
    await page.waitForSelector('.live-open');
    await page.waitForSelector('.row');
    await loadAll(page, 120);
    await page.evaluate(COUNT_WORK);
    expect(await page.evaluate<number>(SCROLL_BACK)).toBeLessThan(40);
    expect(await page.evaluate<number>('window.work.made')).toBe(0);

    const drawn = await page.locator('.row').count();
    await page.evaluate('window.work.ages = 0; undefined');
    expectJson(await api.decide(ids.at(-3) ?? '', { action: 'spam' }), 200);
    await page.waitForSelector('.row .badge-spam');
    expect(drawn).toBeGreaterThan(8);
    expect(await page.evaluate<number>('window.work.ages')).toBeLessThan(drawn / 2);
    await page.context().close();
  },
);

inBrowser(
  'whoever comes to the end of a list while it is loaded anew is given what comes behind it',
  async () => {
    await fill('near', 60, (number) => `What reader ${number} has to say`);
    const { page, context } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=near' });
    await page.waitForSelector('.live-open');
    await page.waitForSelector('.row');
    const lists = await holdBack(context, '/moderation/queue');
    await context.setOffline(true);
    await page.waitForSelector('.live-lost');
    await context.setOffline(false);
    await lists.asked();
    await page.evaluate('(box => { box.scrollTop = box.scrollHeight })(document.querySelector(".rows"))');
    await page.waitForSelector('.row[aria-posinset="50"]');
    await lists.letGo();
    await lists.letGo();
    await page.waitForSelector('.row[aria-setsize="60"]');
    await context.close();
  },
);

inBrowser(
  `of ${LOADED} chosen at once, those that others decided meanwhile come back, each with why`,
  async () => {
    const ids = await fill('five', LOADED, (number) => `The words of reader ${number}, of many`);
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=five' });
    await page.waitForSelector('.row');
    await loadAll(page, LOADED);
    const stale = ids.filter((_, number) => number % (LOADED / 10) === 0);
    await page.context().route('**/v1/moderation/decisions', async (route) => {
      const body = { action: 'spam', items: stale.map((id) => ({ id })) };
      expectJson(await api.asAdmin({ method: 'POST', path: '/v1/moderation/decisions', body }), 200);
      await route.continue();
    });
    await page.getByLabel('All', { exact: true }).check();
    await page.waitForSelector(`.bulk strong:has-text("${LOADED}")`);
    await page.keyboard.press('a');
    await page.waitForSelector('.conflict li');
    expect(await page.locator('.conflict li').count()).toBe(stale.length);
    expect(await page.textContent('.conflict li')).toMatch(/Reader 0 — .*root.*Spam/);
    await becomes('five', { approved: LOADED - 10, spam: 10, pending: 0 });
    await page.context().close();
  },
);

inBrowser(
  'where two have to approve, the first approval stays with a name, and a colleague’s publishes',
  async () => {
    const [id = ''] = await fill('two', 1, () => 'See https://a.example and https://b.example');
    const policy = { secondReview: ['links'] };
    const path = '/v1/admin/sites/two';
    expectJson(await api.asAdmin({ method: 'PATCH', path, body: { policy } }), 200);
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=two' });
    await page.waitForSelector('.card .badge:has-text("Two have to approve it")');
    await page.keyboard.press('a');
    await page.waitForSelector('.row-note:has-text("Sara")');
    expect((await api.detail(id)).status).toBe('pending');
    await hire(api, 'Tom');
    const tom = await openDesk(browser, service, { name: 'Tom', place: '/queue?site=two' });
    await tom.page.waitForSelector('.card .badge:has-text("Sara")');
    await tom.page.keyboard.press('a');
    await becomes('two', { approved: 1, pending: 0 });
    await page.waitForSelector('.gone-banner:has-text("Tom")');
    await tom.page.context().close();
    await page.context().close();
  },
);

inBrowser(`${RUN} real comments are decided by keys alone, each as the person meant it`, async () => {
  const [persian, english] = (['persian-instagram', 'youtube-01-psy'] as const).map((name) =>
    readCorpus(name).slice(0, RUN / 2),
  );
  const corpus = [...(persian ?? []), ...(english ?? [])];
  const ids = await fill('run', corpus.length, (number) => corpus[number]?.text ?? '');
  const meant = new Map(corpus.map(({ label }, number) => [`Reader ${number}`, label === 'ham' ? 'a' : 's']));
  const { page, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=run' });
  await page.waitForSelector('.row');
  for (let last = '', done = 0; done < corpus.length; done += 1) {
    last = await until('the next comment', async () => {
      const name = await nameNow(page);
      return name !== null && name !== last ? name : undefined;
    });
    await page.keyboard.press(meant.get(last) ?? '');
  }
  await waitForRows(page, 0);
  const ham = corpus.filter(({ label }) => label === 'ham').length;
  await becomes('run', { pending: 0, approved: ham, spam: corpus.length - ham });
  const items = await api.walkQueue({ site: 'run', status: 'all' });
  const due = new Map(ids.map((id, number) => [id, corpus[number]?.label === 'ham' ? 'approved' : 'spam']));
  expect(items.filter(({ id, status }) => due.get(id) !== status)).toEqual([]);
  expect(wrong).toEqual([]);
  await page.context().close();
});
