import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { hire, makeSite, openDesk, prepareDesk, rowNames, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** What admins do with accounts, and what that does to dashboards that are open. */
const desk = prepareDesk({ Sara: {} });

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

interface Account {
  id: string;
  name: string;
}

async function change(name: string, patch: object): Promise<void> {
  const path = '/v1/admin/moderators';
  const { items } = expectJson<{ items: Account[] }>(await desk.api.asAdmin({ path }), 200);
  const id = items.find((one) => one.name === name)?.id;
  expectJson(await desk.api.asAdmin({ method: 'PATCH', path: `${path}/${id}`, body: patch }), 200);
}

inBrowser('a link that is shown once is in sight, however far down it was asked for', async () => {
  await makeSite(desk.api, 'long', []);
  for (let i = 0; i < 12; i++)
    await hire(desk.api, `Colleague${i}`, { role: 'moderator', sites: ['long'], password: undefined });
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Sara', place: '/staff', viewport: { width: 390, height: 800 } },
  });
  const link = page.locator('.copyable textarea');
  const isSeen = async (): Promise<boolean> => {
    const { y, height } = (await link.boundingBox()) ?? { y: -1, height: 0 };
    return y >= 0 && y + height <= 800;
  };
  await page.getByRole('button', { name: 'New invitation' }).last().click();
  await until('the link to be in sight', isSeen);
  const first = await link.inputValue();
  await page.fill('form input[type=email]', 'new@desk.example');
  await page.locator('form input').first().fill('New');
  await page.getByLabel('long', { exact: true }).check();
  await press(page, 'Make a link');
  await until('another link to be in sight', async () => (await link.inputValue()) !== first && isSeen());
  // For those who can't see it.
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.value')).toBe(await link.inputValue());
  await context.close();
});

inBrowser('what is refused of an account is said in its dialog, in words', async () => {
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/staff' });
  await page.locator('tr:has-text("sara@") >> text=Edit').click();
  await page.locator('dialog select').selectOption('moderator');
  await press(page, 'Save');
  const alert = page.locator('dialog [role=alert]');
  expect(await alert.textContent()).toBe('This is the last active admin, and one has to stay.');
  await context.close();
});

inBrowser(
  'an address that was mistyped is set right, and an account is removed, each where it is edited',
  async () => {
    await makeSite(desk.api, 'desk', []);
    for (const name of ['Pia', 'Quin'])
      await hire(desk.api, name, { role: 'moderator', sites: ['desk'], password: undefined });
    const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/staff' });
    const row = (name: string) => page.locator(`tr:has-text("${name}")`);
    await row('Pia').getByText('Edit').click();
    const email = page.locator('dialog input[type=email]');
    await email.fill('no address');
    await page.locator('dialog form').evaluate((form) => Reflect.set(form, 'noValidate', true));
    await press(page, 'Save');
    await page.locator('dialog .field .wrong').waitFor();
    await email.fill('pia.right@desk.example');
    await press(page, 'Save');
    await row('pia.right@desk.example').waitFor();
    await row('Quin').getByText('Edit').click();
    await press(page, 'Remove');
    expect(await row('Quin').count()).toBe(1);
    await press(page, 'Really?');
    await row('Quin').waitFor({ state: 'detached' });
    expect(await page.locator('dialog').count()).toBe(0);
    await context.close();
  },
);

inBrowser('what asks once more is pressed again where it was pressed', async () => {
  await makeSite(desk.api, 'edge', []);
  await hire(desk.api, 'Rut', { role: 'moderator', sites: ['edge'] });
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/staff' });
  const row = page.locator('tr:has-text("Rut")');
  await row.getByText('Edit').click();
  const disable = page.getByRole('button', { name: 'Disable, and end all sessions', exact: true });
  const { x = 0, y = 0, width = 0, height = 0 } = (await disable.boundingBox()) ?? {};
  const atItsEnd = [x + width - 3, y + height / 2] as const;
  await page.mouse.click(...atItsEnd);
  await page.locator('dialog .button-danger:has-text("Really?")').waitFor();
  await page.mouse.click(...atItsEnd);
  await row.getByText('Disabled').waitFor();
  await context.close();
});

inBrowser('a dashboard that is open shows no more of a site, or of rooms, that were taken away', async () => {
  await makeSite(desk.api, 'taken', ['Ada']);
  await makeSite(desk.api, 'kept', ['Ben']);
  await hire(desk.api, 'Una', { sites: ['taken', 'kept'] });
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Una' });
  await waitForRows(page, 2);
  await page.waitForSelector('.live-open');
  await change('Una', { sites: ['kept'] });
  await waitForRows(page, 1);
  expect(await rowNames(page)).toEqual(['Ben']);

  await page.goto(`${desk.service.url}/moderate/#/tokens`);
  await page.locator('form input').first().fill('For a script');
  await page.getByLabel('kept', { exact: true }).check();
  await change('Una', { role: 'moderator' });
  await press(page, 'Make the token');
  await page.waitForSelector('h1:has-text("There is nothing here")');
  expect(await page.locator('nav >> text=Tokens').count()).toBe(0);
  await context.close();
});

inBrowser('a list whose site was taken away has nothing left in it', async () => {
  await makeSite(desk.api, 'gone', ['Ada']);
  await makeSite(desk.api, 'left', []);
  await hire(desk.api, 'Ove', { role: 'moderator', sites: ['gone', 'left'] });
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Ove', place: '/queue?site=gone' },
  });
  await waitForRows(page, 1);
  await page.waitForSelector('.live-open');
  await change('Ove', { sites: ['left'] });
  await page.locator('.list-side [role=alert]:has-text("site")').waitFor();
  expect(await rowNames(page)).toEqual([]);
  await context.close();
});

inBrowser(
  'what is written of an account in its dialog is asked about there by the browser’s way back',
  async () => {
    await hire(desk.api, 'Writ', { role: 'moderator' });
    const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/audit' });
    for (const write of ['role', 'name']) {
      await page.evaluate("location.hash = '#/staff'");
      await page.getByRole('row', { name: 'Writ' }).getByRole('button', { name: 'Edit' }).click();
      if (write === 'name') await page.locator('dialog').getByLabel('Name').fill('Written');
      else await page.locator('dialog').getByLabel('Role').selectOption('admin');
      await page.goBack();
      const asks = page.getByRole('button', { name: 'Close – Really?' });
      await asks.waitFor();
      expect(page.url()).toContain('#/staff');
      // Behind the dialog it could not be pressed.
      expect(await page.locator('.notice').count()).toBe(0);
      await asks.click();
      await page.locator('dialog').waitFor({ state: 'detached' });
      await page.goBack();
      await until('the audit', async () => (await page.locator('main h1').textContent()) === 'Audit');
    }
    await context.close();
  },
);
