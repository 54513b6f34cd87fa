import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Api, createApi } from './api-client.ts';
import type { WatchedPage } from './browser.ts';
import { openBrowser, openWatched } from './browser.ts';
import { createInstallation, type Service } from './built-service.ts';
import { expectJson } from './http-client.ts';
import { until } from './until.ts';

export const PASSWORD = 'correct horse battery staple';

export const emailOf = (name: string): string => `${name.toLowerCase()}@desk.example`;

/** Makes a moderator that can sign in. */
export async function hire(api: Api, name: string, rest: object = {}): Promise<void> {
  const body = { name, email: emailOf(name), role: 'admin', sites: ['*'], password: PASSWORD, ...rest };
  expectJson(await api.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body }), 201);
}

/** What the tests of a file share. */
export interface TestDesk {
  service: Service;
  api: Api;
  /** Null where the machine has none. */
  browser: Browser | null;
}

/**
 * Starts a service without rate limits and a browser before a file's tests, hires the staff (by name, with what is
 * not as `hire` has it), and ends all after them. The members are there from the first test on.
 */
export function prepareDesk(staff: Record<string, object>): TestDesk {
  const desk = {} as TestDesk;
  const installation = createInstallation({ env: { RATE_LIMITS: 'off' } });
  beforeAll(async () => {
    const service = await installation.start();
    Object.assign(desk, { service, api: createApi(service), browser: await openBrowser() });
    for (const [name, rest] of Object.entries(staff)) await hire(desk.api, name, rest);
  });
  afterAll(async () => {
    await desk.browser?.close();
    await installation.dispose();
  });
  return desk;
}

/** A site where each of the names has a comment that waits, on one page. */
export async function makeSite(api: Api, id: string, names: string[]): Promise<void> {
  await api.createSite(id);
  for (const name of names) {
    await api.posted(id, {
      page: { url: `https://${id}.example/page` },
      author: { name, email: `${name.toLowerCase()}@readers.example` },
      body: `What ${name} has to say about it.`,
    });
  }
}

export async function fillIn(page: Page, name: string): Promise<void> {
  await page.fill('input[type=email]', emailOf(name));
  await page.fill('input[type=password]', PASSWORD);
  await page.click('button[type=submit]');
}

export interface DeskOptions extends BrowserContextOptions {
  name: string;
  /** Behind the `#`. */
  place?: string;
}

/** The dashboard of a moderator, signed in by its form. */
export async function openDesk(
  browser: Browser | null,
  { url }: Service,
  { name, place = '/queue', ...options }: DeskOptions,
): Promise<WatchedPage> {
  if (!browser) throw new Error('no browser');
  const watched = await openWatched(browser, { bases: [url], locale: 'en-GB', ...options });
  await watched.page.goto(`${url}/moderate/#${place}`);
  await fillIn(watched.page, name);
  await watched.page.waitForSelector('.bar');
  return watched;
}

const NAME = '.comment-side .author-line strong';

/** Whose comment is looked at; waits until there is one. */
export const currentName = (page: Page): Promise<string | null> => page.locator(NAME).textContent();

/** The same without waiting; null where there is none just now. */
export const nameNow = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`document.querySelector('${NAME}')?.textContent ?? null`);

export const rowNames = (page: Page): Promise<string[]> => page.locator('.row .row-name').allTextContents();

/** Waits until the list has so many rows; with none it says so itself. */
export const waitForRows = (page: Page, count: number): Promise<unknown> =>
  until(`${count} rows`, async () => {
    const found = await page.locator('.row').count();
    return found === count && (count > 0 || (await page.locator('.list-side .empty').count()) === 1);
  });

/** What is seen of an element, as pixels of four bytes: red, green, blue, opacity. */
export async function pixelsOf(page: Page, selector: string) {
  const png = (await page.locator(selector).screenshot()).toString('base64');
  // On a page without a policy of its own.
  const blank = await page.context().newPage();
  const { width, height, data } = await blank.evaluate<{ width: number; height: number; data: number[] }>(
    `(async (text) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))]));
      const { width, height } = image;
      const drawing = new OffscreenCanvas(width, height).getContext('2d');
      drawing.drawImage(image, 0, 0);
      return { width, height, data: [...drawing.getImageData(0, 0, width, height).data] };
    })('${png}')`,
  );
  await blank.close();
  return { width, height, data: Uint8Array.from(data) };
}
