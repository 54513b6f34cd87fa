import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk, waitForRows } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

/** What the dashboard says in numbers and of itself, wherever one is in it. */
const desk = prepareDesk({ Sara: {} });

const shown = (page: Page, count: number): Promise<unknown> =>
  until(`${count} to be shown in every place`, async () => {
    const told = await page.locator('header nav .count, .tabs a[aria-current] .count').allTextContents();
    return told.length > 0 && told.every((one) => one === String(count));
  });

const write = (name: string): Promise<unknown> =>
  desk.api.posted('rooms', {
    page: { url: 'https://rooms.example/page' },
    author: { name, email: `${name.toLowerCase()}@readers.example` },
    body: `What ${name} has to say about it.`,
  });

inBrowser('how many wait is true in every room, and in the queue as soon as one is back', async () => {
  await makeSite(desk.api, 'rooms', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara' });
  await waitForRows(page, 2);
  await shown(page, 2);
  await page.getByRole('link', { name: 'Authors' }).click();
  await page.waitForSelector('h1:has-text("Authors")');
  await write('Cleo');
  await page.getByRole('link', { name: 'Audit' }).click();
  await shown(page, 3);
  await write('Dan');
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await shown(page, 4);
  await write('Eve');
  await page.getByRole('link', { name: /^Queue/ }).click();
  await waitForRows(page, 5);
  await shown(page, 5);
  await context.close();
});

inBrowser('a second click on a decision is none of its own', async () => {
  await makeSite(desk.api, 'twice', ['Ada']);
  const [{ id = '' } = {}] = await desk.api.walkQueue({ site: 'twice' });
  const place = `/comments/${id}`;
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
  await page.getByRole('button', { name: 'Approve', exact: true }).dblclick();
  await page.waitForSelector('.badge-approved');
  const { history } = await desk.api.detail(id);
  expect(history.filter(({ action }) => action === 'approve')).toHaveLength(1);
  expect(await page.locator('.notice').count()).toBe(0);
  await context.close();
});
