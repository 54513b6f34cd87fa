import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { traceTasks } from '../../test/support/busiest-task.ts';
import { CHROMIUM } from '../../test/support/chromium.ts';
import type { BenchContext } from '../bench-context.ts';
import { ask } from '../harness/requests.ts';
import { startGatehouse } from '../harness/run-servers.ts';
import { milliseconds } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { ADMIN_TOKEN } from '../seed/sites.ts';
import { DECIDE, DECIDED, loadAll, SCROLL, SCROLL_STEPS, WATCH } from './dashboard-scripts.ts';

const PERSON = { name: 'Sara', email: 'sara@desk.example', password: 'correct horse battery staple' };
const LOADED = 10_000;
const MOST_TASK_MS = 50;
const MOST_KEY_MS = 100;

async function signIn(browser: Browser, home: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${home}/moderate/#/queue?status=all&sort=newest`);
  await page.fill('input[type=email]', PERSON.email);
  await page.fill('input[type=password]', PERSON.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.row');
  return page;
}

async function hire(port: number): Promise<void> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ ...PERSON, role: 'moderator', sites: ['*'] });
  await ask({ port, method: 'POST', path: '/v1/admin/moderators', headers, body });
}

const percentile = (values: number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

/** The moderators' page with a full list: scrolling it, and the time from a key to the next comment. */
export async function measureDashboard(context: BenchContext, store: StoreSettings): Promise<void> {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}`);
  const server = await startGatehouse(context, store);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox'] });
  try {
    await hire(server.port);
    const page = await signIn(browser, `http://127.0.0.1:${server.port}`);
    const begun = Date.now();
    await page.evaluate(loadAll(LOADED));
    context.say(
      `  loaded ${LOADED.toLocaleString('en')} rows in ${((Date.now() - begun) / 1000).toFixed(1)} s`,
    );
    await page.evaluate(WATCH);
    const endTrace = await traceTasks(page);
    const tasks = await page.evaluate<number[]>(SCROLL);
    const busiest = await endTrace();
    const longest = Math.max(0, ...tasks);
    const group = 'The dashboard';
    context.add({
      ...{ group, figure: 'longest task while 10,000 loaded comments scroll', bare: '', ratio: '' },
      gatehouse: tasks.length === 0 ? `none from ${MOST_TASK_MS} ms on` : milliseconds(longest),
      goal: `≤ ${MOST_TASK_MS} ms`,
      met: longest <= MOST_TASK_MS,
      how: `Chromium's own long tasks, ${SCROLL_STEPS} frames from end to end and back; ${tasks.length} of them; no task needed more than ${milliseconds(busiest)} of the processor`,
    });
    const times = await page.evaluate<number[]>(DECIDE);
    const p95 = percentile(times, 0.95);
    context.add({
      ...{ group, figure: 'key to next comment, p95', bare: '', ratio: '' },
      gatehouse: milliseconds(p95),
      goal: `≤ ${MOST_KEY_MS} ms`,
      met: p95 <= MOST_KEY_MS,
      how: `${DECIDED} approvals in that list, from the key to the end of the frame with the next comment; half within ${milliseconds(percentile(times, 0.5))}`,
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}
