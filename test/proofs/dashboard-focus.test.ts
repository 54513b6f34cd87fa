import { inBrowser } from '../support/browser.ts';
import {
  fillIn,
  makeSite,
  nameNow,
  openDesk,
  PASSWORD,
  prepareDesk,
  rowNames,
  waitForRows,
} from '../support/dashboard.ts';

import { until } from '../support/until.ts';

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
    await page.locator('.veil input[type=password]').click();
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

const FOCUSED = 'document.activeElement.textContent';

inBrowser(
  'the focus goes on where what had it is decided or done with, and back where a dialog came from',
  async () => {
    await makeSite(desk.api, 'walked', ['Ada', 'Ben', 'Cleo']);
    const { page, context, wrong } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=walked',
    });
    await waitForRows(page, 3);
    await page.locator('.row-open').nth(0).focus();
    await page.keyboard.press('a');
    await waitForRows(page, 2);
    expect(await page.evaluate(FOCUSED)).toContain('Ben');
    // What it stands on is open already: the key is the reply's, as anywhere in the queue.
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(FOCUSED)).toContain('Ben');
    await page.locator('.row input').nth(1).check();
    await page.locator('.bulk button').last().focus();
    await page.keyboard.press('Enter');
    await page.locator('.bulk').waitFor({ state: 'detached' });
    expect(await page.evaluate(FOCUSED)).toContain('Ben');
    // Beside the work, where the focus was nowhere it stays so: keys are for the queue there.
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('s');
    await waitForRows(page, 1);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY');

    await page.goto(`${desk.service.url}/moderate/#/me`);
    await page.getByRole('button', { name: 'Set codes up' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('section textarea').waitFor();
    expect(await page.evaluate('document.activeElement.querySelector("h2")?.textContent')).toMatch(/^Code/);
    expect(wrong).toEqual([]);
    await context.close();
  },
);

inBrowser('on a narrow screen the focus goes along to the comment, and back to its row', async () => {
  await makeSite(desk.api, 'narrow', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=narrow',
    viewport: { width: 640, height: 700 },
  });
  await waitForRows(page, 2);
  await page.locator('.row-open').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.locator('.comment-side').waitFor();
  expect(await page.evaluate('document.activeElement.className')).toBe('comment-side');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.list-side').waitFor();
  expect(await page.evaluate(FOCUSED)).toContain('Ben');
  await context.close();
});

inBrowser('a form that is saved keeps the focus, though its button has nothing left to do', async () => {
  await makeSite(desk.api, 'kept', []);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/sites/kept',
  });
  await page.getByLabel('Name', { exact: true }).fill('Kept indeed');
  await page.locator('main form button[type=submit]').focus();
  await page.keyboard.press('Enter');
  await page.locator('.notice-good').waitFor();
  await until('the focus', () => page.evaluate('document.activeElement.tagName === "MAIN"'));
  await context.close();
});

inBrowser('the next comment is shown from its beginning, on screens high and low', async () => {
  await desk.api.createSite('lengthy');
  for (const name of ['Ada', 'Ben', 'Cleo']) {
    const author = { name, email: `${name.toLowerCase()}@readers.example` };
    const body = `What ${name} has to say. `.repeat(300);
    await desk.api.posted('lengthy', { page: { url: 'https://lengthy.example/page' }, author, body });
  }
  const viewports = [
    { width: 1280, height: 860 },
    { width: 740, height: 360 },
    { width: 320, height: 256 },
  ];
  for (const viewport of viewports) {
    const place = '/queue?site=lengthy';
    const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place, viewport });
    await waitForRows(page, 3);
    if (viewport.width < 832) await page.locator('.row-open').first().click();
    // Nothing stands over what is to be pressed, and all of the text can be scrolled to.
    await page.getByRole('button', { name: 'Trash', exact: true }).click({ trial: true });
    await page.evaluate(`{ document.querySelector('.comment-scroll').scrollTop = 900; scrollTo(0, 900); }`);
    await page.keyboard.press('j');
    await until('the next to be shown', async () => (await nameNow(page)) === 'Ben');
    expect(await page.locator('.comment-scroll .author-line').isVisible()).toBe(true);
    const top = await page.evaluate<number>(
      `document.querySelector('.comment-scroll .author-line').getBoundingClientRect().top`,
    );
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(viewport.height);
    await context.close();
  }
});

inBrowser('a message that is put away by keyboard hands the focus on', async () => {
  await makeSite(desk.api, 'told', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=told',
  });
  await waitForRows(page, 2);
  const problem = {
    status: 500,
    contentType: 'application/json',
    body: '{"code":"internal-error","detail":"No."}',
  };
  await context.route('**/decisions', (route) => route.fulfill(problem));
  await page.keyboard.press('a');
  const messages = page.locator('.notice');
  await messages.nth(1).waitFor();
  await messages.nth(0).getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Enter');
  await until('one message', async () => (await messages.count()) === 1);
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Notices');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(FOCUSED)).toBe('Try again');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until('none', async () => (await messages.count()) === 0);
  // Where none is left the comment that is looked at has it.
  expect(await page.evaluate(FOCUSED)).toContain('Ben');
  await context.close();
});

inBrowser('keys of a single letter are turned off and on again, and are said where they act', async () => {
  await makeSite(desk.api, 'dictated', ['Ada']);
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/me' });
  const use = page.getByLabel('Keys', { exact: true });
  await use.uncheck();
  await page.reload();
  await use.waitFor();
  expect(await use.isChecked()).toBe(false);
  await page.evaluate("location.hash = '#/queue?site=dictated'");
  await waitForRows(page, 1);
  for (const key of ['a', 'x', '?', 'g', 's']) await page.keyboard.press(key);
  expect(await page.locator('dialog, .going, .button[data-key="A"]').count()).toBe(0);
  expect(await page.locator('input:checked').count()).toBe(0);
  // What is no sign acts all the same.
  await page.keyboard.press('Enter');
  await page.locator('dialog textarea').waitFor();
  await page.keyboard.press('Escape');
  expect((await desk.api.counts('dictated')).pending).toBe(1);
  await page.evaluate("location.hash = '#/me'");
  await use.check();
  await page.evaluate("location.hash = '#/queue?site=dictated'");
  await page.locator('.button[data-key="A"]').waitFor();
  await page.keyboard.press('a');
  await until('the decision', async () => (await desk.api.counts('dictated')).approved === 1);
  await context.close();
});
