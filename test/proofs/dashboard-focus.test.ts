import { inBrowser } from '../support/browser.ts';
import {
  fillIn,
  makeSite,
  openDesk,
  PASSWORD,
  prepareDesk,
  rowNames,
  waitForRows,
} from '../support/dashboard.ts';

/** Where the keyboard is: in front of what can be used, and never nowhere. */
const desk = prepareDesk({ Sara: {} });

inBrowser(
  'a session that ends while a dialog is open is begun again over it, and what was written is sent',
  async () => {
    await makeSite(desk.api, 'covered', ['Ada']);
    const { page, context, wrong } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=covered',
    });
    await waitForRows(page, 1);
    await page.keyboard.press('e');
    const text = page.locator('dialog textarea');
    await text.fill('What took an hour to write.');
    await context.clearCookies();
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.veil');
    // Neither closes it, nor what is below it.
    await page.mouse.click(5, 5);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Escape');
    expect(await text.inputValue()).toBe('What took an hour to write.');
    await page.locator('.veil input[type=password]').click({ timeout: 5000 });
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.veil').waitFor({ state: 'detached' });
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect((await desk.api.walkQueue({ site: 'covered' }))[0]?.body?.text).toBe(
      'What took an hour to write.',
    );
    expect(wrong).toEqual([]);
    await context.close();
  },
);

inBrowser('keys decide nothing behind a dialog that has lost the focus', async () => {
  await makeSite(desk.api, 'behind', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=behind',
  });
  await waitForRows(page, 2);
  await page.keyboard.press('e');
  await page.locator('dialog textarea').waitFor();
  // As browsers do behind the last field, or where one clicks beside them.
  await page.evaluate('document.activeElement.blur()');
  for (const key of ['a', 't', '?']) await page.keyboard.press(key);
  expect(await page.locator('dialog').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  expect(await rowNames(page)).toEqual(['Ada', 'Ben']);
  expect(await desk.api.counts('behind')).toMatchObject({ pending: 2 });
  await context.close();
});

inBrowser('a sign-in that is refused leaves the focus where it was', async () => {
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/me' });
  await context.clearCookies();
  await page.reload();
  await fillIn(page, 'Nobody');
  await page.locator('.sign-in [role=alert]').waitFor();
  expect(await page.evaluate('document.activeElement.type')).toBe('submit');
  await context.close();
});
