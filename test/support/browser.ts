import { existsSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { unlessMissing } from './not-run.ts';

/** A real browser; it may reach nothing but the service. */
const CHROMIUM = process.env.GATEHOUSE_TEST_CHROMIUM ?? '/usr/bin/chromium';
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
  /** Requests to elsewhere, which were stopped. */
  strayed: string[];
  /** Scripts that asked, threw, or did what the page's policy forbids. */
  wrong: string[];
}

export async function openWatched(
  browser: Browser,
  { base, ...options }: BrowserContextOptions & { base: string },
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const strayed: string[] = [];
  const wrong: string[] = [];
  await context.route('**', (route) => {
    const url = route.request().url();
    if (url.startsWith(base) || url.startsWith('data:')) return route.continue();
    strayed.push(url);
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
  return { page, strayed, wrong };
}
