import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { inBrowser, openWatched } from '../support/browser.ts';
import {
  emailOf,
  fillIn,
  makeSite,
  openDesk,
  PASSWORD,
  prepareDesk,
  rowNames,
  waitForRows,
} from '../support/dashboard.ts';
import { until } from '../support/until.ts';

/** How moderators come in, and out. */
const desk = prepareDesk({ Sara: {}, Omid: {}, Coded: {} });

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

inBrowser(
  'a sign-in asks for the code alone once the password is right, and has the focus there',
  async () => {
    const { page } = await openDesk(desk.browser, desk.service, { name: 'Coded', place: '/me' });
    await press(page, 'Set codes up');
    await page.waitForSelector('.copyable');
    const secret = await page.locator('.copyable textarea').inputValue();
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = page.locator('input[autocomplete=one-time-code]');
    const right = totp.generate();
    await code.fill(right);
    await press(page, 'Switch codes on');
    await page.waitForSelector('p:has-text("Signing in asks for a code")');
    await press(page, 'Sign out');
    const password = page.locator('input[type=password]');
    await page.fill('input[type=email]', emailOf('Coded'));
    await password.fill('not the password');
    await password.press('Enter');
    await page.waitForSelector('.sign-in > .wrong');
    await password.fill(PASSWORD);
    await password.press('Enter');
    await code.waitFor();
    expect(await page.locator('.wrong').count()).toBe(0);
    const focused = 'document.activeElement.autocomplete';
    expect(await page.evaluate(focused)).toBe('one-time-code');
    await code.fill(right === '000000' ? '000001' : '000000');
    await press(page, 'Sign in');
    await page.waitForSelector('.field .wrong');
    expect(await page.locator('.sign-in > .wrong').textContent()).not.toContain('/totp');
    expect(await page.evaluate(focused)).toBe('one-time-code');
    await page.context().close();
  },
);

inBrowser('who signs out of a session that is over already is signed out', async () => {
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/authors' });
  // Nothing is asked for any more, which would have the dashboard notice by itself.
  await page.waitForSelector('nav .count');
  await context.clearCookies();
  await press(page, 'Sign out');
  await page.waitForSelector('main.alone .sign-in');
  expect(await page.locator('.desk').count()).toBe(0);
  await context.close();
});

inBrowser('in a tab of one account nothing is decided as the one that signed in beside it', async () => {
  await makeSite(desk.api, 'beside', ['Ada', 'Ben']);
  const place = '/queue?site=beside';
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
  await waitForRows(page, 2);
  // As by a link that an invitation brought: nobody has signed out.
  const beside = await context.newPage();
  await beside.goto(`${desk.service.url}/moderate/`);
  await beside.evaluate(
    `fetch('../v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '${JSON.stringify({ email: emailOf('Omid'), password: PASSWORD })}' })`,
  );
  await page.keyboard.press('a');
  await page.waitForSelector('.veil');
  const [ada = ''] = (await desk.api.walkQueue({ site: 'beside' })).map(({ id }) => id);
  expect((await desk.api.detail(ada)).status).toBe('pending');
  await page.fill('.veil input[type=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.undo-bar >> text=Ada');
  const decided = await until('the decision to arrive', async () => {
    const { status, history } = await desk.api.detail(ada);
    return status === 'approved' && history.at(-1);
  });
  expect(decided).toMatchObject({ action: 'approve', by: { name: 'Sara' } });
  await context.close();
});

inBrowser(
  'who signs in where another one’s session has ended has nothing of theirs to take back',
  async () => {
    await makeSite(desk.api, 'after', ['Ada', 'Ben']);
    const place = '/queue?site=after';
    const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
    await waitForRows(page, 2);
    await page.keyboard.press('a');
    await page.waitForSelector('.undo-bar >> text=Ada');
    await context.clearCookies();
    await page.reload();
    await fillIn(page, 'Omid');
    await waitForRows(page, 1);
    expect(await rowNames(page)).toEqual(['Ben']);
    expect(await page.locator('.undo-bar >> text=Ada').count()).toBe(0);
    await context.close();
  },
);

inBrowser('a language that can’t be fetched is told of, at the sign-in and behind it', async () => {
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/me' });
  const choose = async (language: string): Promise<void> => {
    await context.setOffline(true);
    await page.locator(`select:has(option[value=${language}])`).selectOption(language);
    await page.locator('.notice-bad').waitFor();
    await context.setOffline(false);
  };
  await choose('tr');
  await press(page, 'Sign out');
  await page.waitForSelector('main.alone .sign-in');
  await choose('de');
  await context.close();
});

inBrowser(
  'where a browser keeps nothing, or has no room left, the dashboard works for as long as it is open',
  async () => {
    if (!desk.browser) throw new Error('no browser');
    await makeSite(desk.api, 'forgetful', ['Ada', 'Ben']);
    const deny = 'throw new DOMException("", "SecurityError")';
    const faults = {
      blocked: `for (const kind of ['localStorage', 'sessionStorage'])
      Object.defineProperty(globalThis, kind, { get() { ${deny}; } });`,
      full: 'Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };',
    };
    for (const [index, fault] of Object.values(faults).entries()) {
      const { page, context, wrong } = await openWatched(desk.browser, {
        bases: [desk.service.url],
        locale: 'en-GB',
      });
      await context.addInitScript(fault);
      await page.goto(`${desk.service.url}/moderate/#/queue?site=forgetful`);
      await fillIn(page, 'Sara');
      await waitForRows(page, 2 - index);
      await page.getByLabel('Soften').check();
      await page.keyboard.press('a');
      await waitForRows(page, 1 - index);
      await page.evaluate("location.hash = '#/me'");
      await page.getByLabel('Colours').selectOption('dark');
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.locator('.sign-in').waitFor();
      expect(wrong).toEqual([]);
      await context.close();
    }
    expect(await desk.api.counts('forgetful')).toMatchObject({ pending: 0, approved: 2 });
  },
);

inBrowser(
  'a browser that keeps no cookies is told so, and not asked for the sign-in again and again',
  async () => {
    const { browser, service } = desk;
    if (!browser) throw new Error('no browser');
    const { page, context } = await openWatched(browser, { bases: [service.url], locale: 'en-GB' });
    await context.route('**/v1/**', async (route) => {
      const response = await route.fetch();
      await context.clearCookies();
      const { 'set-cookie': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto(`${service.url}/moderate/`);
    await fillIn(page, 'Sara');
    await page.waitForSelector('.sign-in > .wrong');
    expect(await page.locator('.sign-in > .wrong').textContent()).toContain('Allow cookies for this address');
    expect(await page.locator('.bar, .veil').count()).toBe(0);
    expect(await page.inputValue('input[type=password]')).toBe(PASSWORD);
    await context.unroute('**/v1/**');
    await press(page, 'Sign in');
    await page.waitForSelector('.bar');
    await context.close();
  },
);

inBrowser('what a password manager fills in counts, whether or not it tells the page', async () => {
  const { browser, service } = desk;
  if (!browser) throw new Error('no browser');
  for (const event of [null, 'change']) {
    const { page, context } = await openWatched(browser, { bases: [service.url], locale: 'en-GB' });
    await page.goto(`${service.url}/moderate/`);
    await page.waitForSelector('input[type=password]');
    await page.evaluate(`for (const [type, value] of ${JSON.stringify([
      ['email', emailOf('Sara')],
      ['password', PASSWORD],
    ])}) {
      const field = document.querySelector('input[type=' + type + ']');
      field.value = value;
      if (${JSON.stringify(event)}) field.dispatchEvent(new Event(${JSON.stringify(event)}, { bubbles: true }));
    }`);
    await press(page, 'Sign in');
    await page.waitForSelector('.bar');
    await context.close();
  }
});
