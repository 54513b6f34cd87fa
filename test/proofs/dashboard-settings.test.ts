import { inBrowser } from '../support/browser.ts';
import { openDesk, prepareDesk } from '../support/dashboard.ts';

/** The settings of a site, where the service or a colleague has a word in them. */
const desk = prepareDesk({ Sara: {} });

inBrowser('of a field with an item on each line every line that is wrong is named', async () => {
  await desk.api.createSite('lines');
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Sara', place: '/sites/lines' },
  });
  const origins = page.getByLabel('Where its pages are', { exact: true });
  await origins.fill('https://one.example\ntwo\nhttps://three.example/path');
  await origins.blur();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const wrong = await page.locator('.field:has(textarea) .wrong').textContent();
  expect(wrong).toBe('2: This is not a web address. 3: This is not a web address.');
  expect(await page.locator('.form-end .wrong').textContent()).not.toContain('/origins');
  await context.close();
});
