import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { openDesk, prepareDesk } from '../support/dashboard.ts';

/** How moderators come in, and out. */
const desk = prepareDesk({ Sara: {} });

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

inBrowser('who signs out of a session that is over already is signed out', async () => {
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/authors' });
  await context.clearCookies();
  await press(page, 'Sign out');
  await page.waitForSelector('main.alone .sign-in');
  expect(await page.locator('.desk').count()).toBe(0);
  await context.close();
});
