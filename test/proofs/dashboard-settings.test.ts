import { inBrowser } from '../support/browser.ts';
import { openDesk, prepareDesk } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';

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

inBrowser(
  'what is written over a colleague’s change of the settings is kept, shown beside it and saved',
  async () => {
    await desk.api.createSite('both');
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/sites/both' },
    });
    const depth = page.getByLabel('Levels of replies');
    await depth.fill('3');
    const path = '/v1/admin/sites/both';
    const body = { policy: { pageSize: 11 } };
    expectJson(await desk.api.asAdmin({ method: 'PATCH', path, body }), 200);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await depth.blur();
    await save.click();
    await page.locator('.form-end .wrong').waitFor();
    expect(await depth.inputValue()).toBe('3');
    expect(await page.getByLabel('Threads a page').inputValue()).toBe('11');
    await save.click();
    await page.locator('.notice-good').waitFor();
    const { policy } = expectJson<{ policy: object }>(await desk.api.asAdmin({ path }), 200);
    expect(policy).toMatchObject({ pageSize: 11, maxDepth: 3 });
    await context.close();
  },
);
