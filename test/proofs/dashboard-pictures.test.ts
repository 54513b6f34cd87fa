import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { hire, openDesk } from '../support/dashboard.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { fillForPictures } from '../support/picture-desk.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

/** Pictures of the dashboard for docs/dashboard/, made anew by the long run. */

const takesPictures = isLongRun && storeUnderTest() === 'sqlite';

const FOLDER = join(__dirname, '../../docs/dashboard');
const HEIGHTS: Record<string, number> = { 360: 740, 1440: 900, 3840: 2160 };
interface Shown {
  /** Behind the `#`; what stands in braces is filled in, as the language has it or as it was made. */
  place: string;
  /** Language, theme and width. */
  eyes: string[];
  /** What is done before the picture is taken. */
  act?: (page: Page) => Promise<unknown>;
}

const press = (page: Page, key: string, shows: string): Promise<unknown> =>
  page.keyboard.press(key).then(() => page.waitForSelector(shows));
const open = (page: Page): Promise<unknown> =>
  page
    .locator('.row-open')
    .first()
    .click()
    .then(() => page.waitForSelector('.back-line:visible'));

const SHOWN: Record<string, Shown> = {
  queue: {
    place: '/queue?site={of}',
    eyes: [
      ...['en-light-1440', 'en-dark-1440', 'en-light-360', 'en-dark-360', 'en-light-3840', 'ar-dark-1440'],
      ...['fa-light-1440', 'fa-dark-1440', 'fa-light-360', 'fa-dark-360'],
    ],
  },
  comment: {
    place: '/queue?{one}',
    eyes: ['en-light-360', 'en-dark-360', 'fa-light-360', 'fa-dark-360'],
    act: open,
  },
  similar: {
    place: '/queue?q=watches',
    eyes: ['en-light-1440', 'fa-dark-360'],
    act: (page) => press(page, 'l', 'dialog[open] li'),
  },
  authors: { place: '/authors', eyes: ['en-light-360', 'fa-light-360'] },
  audit: { place: '/audit', eyes: ['en-light-360', 'fa-light-360'] },
  stats: { place: '/stats', eyes: ['en-light-1440', 'en-light-360', 'fa-light-1440', 'fa-light-360'] },
  settings: {
    place: '/sites/{site}',
    eyes: ['en-light-1440', 'en-light-360', 'fa-light-1440', 'fa-light-360'],
  },
  words: { place: '/sites/khabar/words', eyes: ['fa-light-1440'] },
  addresses: { place: '/sites/gate/addresses', eyes: ['fa-dark-360'] },
  import: { place: '/sites/gate/import?id={import}', eyes: ['en-light-1440'] },
  webhook: { place: '/webhooks/{hook}', eyes: ['en-light-1440'] },
  filter: { place: '/filters/{filter}', eyes: ['en-light-1440'] },
  staff: { place: '/staff', eyes: ['en-light-1440'] },
  privacy: { place: '/privacy', eyes: ['en-light-1440'] },
};

/** What each language is shown of. */
const OF: Record<string, Record<string, string>> = {
  fa: { of: 'khabar', site: 'khabar', one: 'site=khabar' },
  en: { of: '', site: 'gate', one: 'q=watches' },
  ar: { of: '' },
};

let installation: Installation;
let service: Service;
let api: Api;
let browser: Browser | null = null;
let receiver: Receiver;

beforeAll(async () => {
  if (!takesPictures) return;
  receiver = await startReceiver();
  installation = createInstallation({ env: { ALLOW_PRIVATE_WEBHOOKS: 'true', RATE_LIMITS: 'off' } });
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
  await hire(api, 'Sara');
});

afterAll(async () => {
  await browser?.close();
  await installation?.dispose();
  await receiver?.stop();
});

const namesOf = (): string[] =>
  Object.entries(SHOWN).flatMap(([name, { eyes }]) => eyes.map((eye) => `${name}-${eye}.png`));

test('docs/dashboard/ has a picture of each view, and no more than they may weigh', () => {
  const files = readdirSync(FOLDER);
  const alone = ['sign-in-1440.png', 'sign-in-360.png', 'first-en-light-1440.png'];
  expect(files.sort()).toEqual([...namesOf(), ...alone].sort());
  expect(files.reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0)).toBeLessThan(5_000_000);
});

/** A picture of what is there, once nothing is waited for and all of it is drawn. */
async function take(page: Page, file: string): Promise<void> {
  await until('nothing to load', async () => (await page.locator('[aria-busy=true]').count()) === 0);
  await page.screenshot({ path: join(FOLDER, file) });
}

const sizeOf = (width: string): { width: number; height: number } => ({
  width: Number(width),
  height: HEIGHTS[width] ?? 900,
});

if (takesPictures) {
  inBrowser('before anybody has signed in, and before there is a site', async () => {
    for (const width of ['1440', '360']) {
      const context = await browser?.newContext({ locale: 'en', viewport: sizeOf(width) });
      const page = await context?.newPage();
      await page?.goto(`${service.url}/moderate/`);
      await page?.waitForSelector('.sign-in');
      if (page) await take(page, `sign-in-${width}.png`);
      await context?.close();
    }
    const { page, context } = await openDesk(browser, service, {
      name: 'Sara',
      locale: 'en-GB',
      viewport: sizeOf('1440'),
    });
    await page.waitForSelector('h1:has-text("The first site")');
    await take(page, 'first-en-light-1440.png');
    await context.close();
  });

  inBrowser('every view that docs/dashboard/ shows, in its languages, looks and widths', async () => {
    const made = await fillForPictures(api, receiver.url);
    const eyes = [...new Set(Object.values(SHOWN).flatMap((shown) => shown.eyes))];
    for (const eye of eyes) {
      const [language = '', theme, width = ''] = eye.split('-');
      const filled = { ...made, ...OF[language] };
      const colorScheme = theme === 'dark' ? 'dark' : 'light';
      const options = { name: 'Sara', locale: language, colorScheme, viewport: sizeOf(width) } as const;
      const { page, context, wrong } = await openDesk(browser, service, options);
      for (const [name, { place, act, eyes: mine }] of Object.entries(SHOWN)) {
        if (!mine.includes(eye)) continue;
        const address = place.replace(/\{(\w+)\}/g, (_, key: string) => filled[key] ?? '');
        await page.goto(`${service.url}/moderate/#${address}`);
        await page.reload();
        await page.waitForSelector('h1');
        await until('what is asked for', async () => (await page.locator('.waiting').count()) === 0);
        await act?.(page);
        await take(page, `${name}-${eye}.png`);
      }
      expect(wrong).toEqual([]);
      await context.close();
    }
  });
}
