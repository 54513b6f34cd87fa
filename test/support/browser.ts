import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.ts';
import { unlessMissing } from './not-run.ts';

/** A real browser; it may reach nothing but what a test is about. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
];

const missing = existsSync(CHROMIUM) ? null : `what a person sees: there is no browser at ${CHROMIUM}`;
export const inBrowser = unlessMissing({ missing, dueInCi: true });

/** Null where there is none. */
export const openBrowser = async (): Promise<Browser | null> =>
  missing === null ? chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }) : null;

/** A page that tells what it should not have done. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  /** Every address that was asked for. */
  asked: string[];
  /** Requests to elsewhere, which were stopped. */
  strayed: string[];
  /** Requests that were stopped, scripts that asked, threw, or did what the page's policy forbids. */
  wrong: string[];
}

export interface WatchOptions extends BrowserContextOptions {
  /** What the addresses begin with that may be asked for. */
  bases: string[];
}

export async function openWatched(
  browser: Browser,
  { bases, ...options }: WatchOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const asked: string[] = [];
  const strayed: string[] = [];
  const wrong: string[] = [];
  await context.route('**', (route) => {
    const url = route.request().url();
    asked.push(url);
    if ([...bases, 'data:'].some((base) => url.startsWith(base))) return route.continue();
    strayed.push(url);
    wrong.push(`strayed to ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => {
    wrong.push(`asked: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => wrong.push(`threw: ${error.message}`));
  page.on('console', (message) => {
    if (/security policy|trusted ?types?/i.test(message.text())) wrong.push(message.text());
  });
  return { page, context, asked, strayed, wrong };
}
