import { inBrowser } from '../support/browser.ts';
import {
  hire,
  makeSite,
  openDesk,
  PASSWORD,
  prepareDesk,
  rowNames,
  waitForRows,
} from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** Slips of hand at the dashboard: keys at the wrong moment, ways back, values that are refused. */
const desk = prepareDesk({ Sara: {}, Tom: { role: 'moderator' } });

const FOCUSED = 'document.activeElement.labels[0].textContent';

inBrowser('keys decide nothing while somebody has to sign in again, wherever the focus is', async () => {
  await makeSite(desk.api, 'veiled', ['Ada', 'Ben', 'Cleo']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=veiled',
  });
  await waitForRows(page, 3);
  await context.clearCookies();
  await page.keyboard.press('a');
  await page.waitForSelector('.veil');
  await page.mouse.click(5, 5);
  await page.keyboard.press('s');
  await page.keyboard.press('t');
  await page.fill('.veil input[type=password]', 'correct horse battery staple');
  await page.keyboard.press('Enter');
  await page.locator('.veil').waitFor({ state: 'detached' });
  await until('the first to be approved', async () => (await desk.api.counts('veiled')).approved === 1);
  expect(await rowNames(page)).toEqual(['Ben', 'Cleo']);
  await page.keyboard.press('t');
  await until('the second to be put away', async () => (await desk.api.counts('veiled')).trash === 1);
  expect(await desk.api.counts('veiled')).toMatchObject({ approved: 1, spam: 0, trash: 1, pending: 1 });
  await context.close();
});

inBrowser(
  'a digit that says why, typed before the site’s reasons are known, is heard; a site made meanwhile has its own',
  async () => {
    await makeSite(desk.api, 'hasty', ['Ada', 'Ben']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=hasty',
    });
    const held: (() => void)[] = [];
    await context.route('**/v1/moderation/sites?*', (route) => {
      held.push(() => void route.continue());
    });
    await page.reload();
    await waitForRows(page, 2);
    for (const key of ['r', '2']) await page.keyboard.press(key);
    await page.waitForSelector('dialog[open] [aria-busy=true]');
    expect(await rowNames(page)).toEqual(['Ada', 'Ben']);
    await context.unroute('**/v1/moderation/sites?*');
    for (const go of held) go();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await until('the first to be rejected', async () => (await desk.api.counts('hasty')).rejected === 1);
    const [rejected] = await desk.api.walkQueue({ site: 'hasty', status: 'rejected' });
    const { history } = await desk.api.detail(rejected?.id ?? '');
    expect(history.at(-1)).toMatchObject({ reason: 'abuse', by: { name: 'Sara' } });

    await makeSite(desk.api, 'newer', ['Cleo']);
    await page.evaluate("location.hash = '#/queue?site=newer'");
    await until('the new site’s list', async () => (await rowNames(page)).join() === 'Cleo' || undefined);
    for (const key of ['r', '2']) await page.keyboard.press(key);
    await until('its comment to be rejected', async () => (await desk.api.counts('newer')).rejected === 1);
    await context.close();
  },
);

inBrowser(
  'the sign for the search is taken from wherever a keyboard has it, and keys lead to no room that one does not have',
  async () => {
    await makeSite(desk.api, 'layouts', ['Ada']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Tom',
      place: '/queue?site=layouts',
    });
    await waitForRows(page, 1);
    // German keyboards have it on the 7.
    await page.evaluate(`document.body.dispatchEvent(new KeyboardEvent('keydown',
      { key: '/', code: 'Digit7', shiftKey: true, bubbles: true, cancelable: true }))`);
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await page.keyboard.press('Escape');
    for (const key of ['g', 'e', 'g', 'w', 'g', 'f']) await page.keyboard.press(key);
    expect(page.url()).toContain('#/queue?site=layouts');
    await page.keyboard.press('?');
    const keys = await page.locator('dialog kbd').allTextContents();
    expect(keys.filter((one) => one.startsWith('G'))).toEqual(['G Q', 'G A', 'G H', 'G S', 'G M']);
    await page.keyboard.press('Escape');
    for (const key of ['g', 'm']) await page.keyboard.press(key);
    await page.waitForSelector('main.narrow');
    expect(await page.title()).toBe('Your account · Gatehouse');
    await context.close();
  },
);

inBrowser('what is searched for comes in the order that stands over it', async () => {
  await makeSite(desk.api, 'ordered', ['Ada', 'Ben', 'Cleo']);
  const place = '/queue?site=ordered&q=has';
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
  await waitForRows(page, 3);
  expect(await rowNames(page)).toEqual(['Ada', 'Ben', 'Cleo']);
  await page.evaluate("location.hash = '#/queue?site=ordered&q=has&sort=newest'");
  await until('the newest first', async () => (await rowNames(page)).join() === 'Cleo,Ben,Ada');
  await context.close();
});

inBrowser(
  'on a phone the browser’s way back leads from a comment to the list, and forward to it again',
  async () => {
    await makeSite(desk.api, 'phone', ['Ada', 'Ben']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/queue?site=phone' },
      viewport: { width: 360, height: 740 },
    });
    await waitForRows(page, 2);
    const list = page.locator('.list-side');
    await page.locator('.row').nth(1).click();
    await list.waitFor({ state: 'hidden' });
    await page.goBack();
    await list.waitFor({ state: 'visible' });
    expect(page.url()).toContain('#/queue?site=phone');
    await page.goForward();
    await list.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'To the list' }).click();
    await list.waitFor({ state: 'visible' });
    // So it does where the list stands in the place of a comment: after a reload, and back from another room.
    await page.locator('.row').nth(1).click();
    await list.waitFor({ state: 'hidden' });
    await page.reload();
    for (const leave of [null, '#/audit']) {
      if (leave) {
        await page.locator('.row').nth(1).click();
        await list.waitFor({ state: 'hidden' });
        await page.evaluate(`location.hash = '${leave}'`);
        await page.locator('main.page').waitFor();
        await page.goBack();
      }
      await list.waitFor({ state: 'visible' });
      await waitForRows(page, 2);
      await page.locator('.row').nth(1).click();
      await list.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'To the list' }).click();
      await list.waitFor({ state: 'visible' });
    }
    await context.close();
  },
);

inBrowser(
  'a setting that is refused says so beside its own field alone, has the focus, and is not said twice',
  async () => {
    await desk.api.createSite('settings', { policy: { learner: { spam: 0.985 } } });
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/sites/settings',
    });
    await page.waitForSelector('form.long');
    // What a browser would refuse by itself is not what this is about.
    await page.evaluate("document.querySelector('form.long').noValidate = true");
    const field = page.getByLabel('Reports that hold a comment again');
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await field.fill('-5');
    await field.blur();
    await save.click();
    await page.waitForSelector('form.long .field .wrong');
    expect(await page.locator('form.long .field .wrong').allTextContents()).toEqual([
      'This must be at least 1.',
    ]);
    expect(await page.locator('form.long .form-end .wrong').textContent()).not.toContain('reportsToHold');
    expect(await page.evaluate(FOCUSED)).toBe('Reports that hold a comment again');
    await page.evaluate("document.querySelector('form.long').noValidate = false");
    // With a value between the steps of the form, which the API takes.
    await page.getByLabel('Reports that hold a comment again').fill('5');
    await page.getByLabel('Reports that hold a comment again').blur();
    await save.click();
    await page.waitForSelector('.notice-good');
    const site = await desk.api.asAdmin({ path: '/v1/admin/sites/settings' });
    expect(expectJson(site, 200)).toMatchObject({
      policy: { reportsToHold: 5, learner: { spam: 0.985 } },
    });
    await context.close();
  },
);

inBrowser('a term that is too long is told of beside its list', async () => {
  await desk.api.createSite('terms');
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/sites/terms/words',
  });
  const list = page.getByLabel('Reject');
  await list.fill(`fine\n${'x'.repeat(201)}`);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const wrong = page.locator('.field:has(textarea) .wrong');
  await wrong.waitFor();
  expect(await list.getAttribute('aria-describedby')).toContain((await wrong.getAttribute('id')) ?? '-');
  expect(await page.evaluate(FOCUSED)).toBe('Reject');
  await context.close();
});

inBrowser(
  'what the lists find is shown of the text that stands there, however late an earlier answer comes',
  async () => {
    await desk.api.createSite('typed');
    const path = '/v1/admin/sites/typed/wordlist';
    const lists = { hold: ['apple'], reject: [] };
    expectJson(await desk.api.asAdmin({ method: 'PUT', path, body: lists }), 200);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/sites/typed/words',
    });
    let letGo: () => Promise<void> = () => Promise.reject(new Error('nothing was asked for'));
    const held = new Promise<void>((resolve) => {
      void context.route(
        /wordlist\/test$/,
        (route) => {
          letGo = () => route.continue();
          resolve();
        },
        { times: 1 },
      );
    });
    const text = page.getByLabel('Text', { exact: true });
    await text.fill('an apple');
    await held;
    await text.fill('no fruit at all');
    const found = page.locator('section.panel', { has: text }).locator('[role=status]');
    await found.locator('p').waitFor();
    const late = page.waitForResponse((response) => response.url().endsWith('wordlist/test'));
    await letGo();
    await (await late).finished();
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    expect(await found.locator('mark').allTextContents()).toEqual([]);
    await text.fill('another apple');
    await found.locator('mark').waitFor();
    expect(await found.locator('mark').textContent()).toBe('apple');
    await context.close();
  },
);

inBrowser(
  'on a phone the figures of the statistics stand beside their names, and no word is broken into letters',
  async () => {
    await makeSite(desk.api, 'figures', ['Ada']);
    const [held] = await desk.api.walkQueue({ site: 'figures' });
    await desk.api.decide(held?.id ?? '', { action: 'approve' });
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/stats?site=figures' },
      viewport: { width: 360, height: 740 },
    });
    const name = page.locator('th[scope=row]', { hasText: 'Moderation of the site' });
    await name.waitFor();
    expect((await name.boundingBox())?.height).toBeLessThan(40);
    const row = page.locator('tr', { has: name });
    expect(await row.locator('td').first().getAttribute('data-label')).toBe('held');
    expect(await row.locator('td').first().textContent()).toBe('1');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await context.close();
  },
);

inBrowser('an address with a view or a tab that there is not says so', async () => {
  await makeSite(desk.api, 'misspelt', ['Ada']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Sara', place: '/queue?site=misspelt&view=mime' },
  });
  await waitForRows(page, 1);
  expect(await page.locator('.queue-head [aria-current]').textContent()).toContain('Pending');
  await page.goto(`${desk.service.url}/moderate/#/sites/misspelt/word`);
  await page.locator('main >> text=There is nothing here').waitFor();
  await context.close();
});

inBrowser('that nothing waits is said of all that waits, not of what a filter leaves', async () => {
  await makeSite(desk.api, 'narrowed', ['Ada']);
  const place = '/queue?site=narrowed&standing=banned';
  const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
  await waitForRows(page, 0);
  expect(await page.locator('.list-side .empty').textContent()).toBe('No comment is like that.');
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await waitForRows(page, 1);
  await page.keyboard.press('a');
  await waitForRows(page, 0);
  expect(await page.locator('.list-side .empty').textContent()).toBe('Nothing waits. Well done.');
  await context.close();
});

inBrowser('what a colleague brings back is told of where the list had nothing left', async () => {
  await makeSite(desk.api, 'returned', ['Ada']);
  const [{ id = '' } = {}] = await desk.api.walkQueue({ site: 'returned' });
  const decide = async (): Promise<string> =>
    expectJson<{ decisionId: string }>(await desk.api.decide(id, { action: 'approve' }), 200).decisionId;
  const decisionId = await decide();
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=returned',
  });
  await waitForRows(page, 0);
  await page.waitForSelector('.live-open');
  expectJson(await desk.api.undo(decisionId), 200);
  await page.waitForSelector('.fresh button');
  // Somebody decides it once more before it was looked at.
  const again = await decide();
  await page.locator('.fresh').waitFor({ state: 'detached' });
  expectJson(await desk.api.undo(again), 200);
  await page.click('.fresh button');
  await waitForRows(page, 1);
  expect(await page.locator('.fresh').count()).toBe(0);
  await context.close();
});

inBrowser(
  'who was signed out elsewhere is asked to sign in, and a site that was taken away is told of',
  async () => {
    await makeSite(desk.api, 'elsewhere', ['Ada']);
    await hire(desk.api, 'Una', { role: 'moderator', sites: ['elsewhere', 'veiled'] });
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Una',
      place: '/queue?site=elsewhere',
    });
    await page.waitForSelector('.live-open');
    const other = await context.newPage();
    await other.goto(`${desk.service.url}/moderate/#/me`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.fill('.veil input[type=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.veil').waitFor({ state: 'detached' });
    await page.waitForSelector('.live-open');

    const moderators = expectJson<{ items: { id: string; name: string }[] }>(
      await desk.api.asAdmin({ path: '/v1/admin/moderators' }),
      200,
    );
    const una = moderators.items.find(({ name }) => name === 'Una');
    const path = `/v1/admin/moderators/${una?.id}`;
    const changed = await desk.api.asAdmin({ method: 'PATCH', path, body: { sites: ['veiled'] } });
    expectJson(changed, 200);
    await page.locator('.list-side [role=alert]:has-text("site")').waitFor();
    await context.close();
  },
);

inBrowser('ages go by the service’s clock, and grow while the page is left open', async () => {
  await makeSite(desk.api, 'ages', ['Ada']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=ages',
  });
  // The machine is two hours slow.
  await page.clock.install({ time: Date.now() - 7_200_000 });
  await page.reload();
  await waitForRows(page, 1);
  const age = page.locator('.row time');
  expect(await age.textContent()).toBe('just now');
  await page.clock.fastForward('01:00:30');
  await until('the comment to be older', async () => (await age.textContent()) === '1 hr. ago');
  await context.close();
});

inBrowser('a long note leaves the other columns of the audit wide enough for words', async () => {
  await makeSite(desk.api, 'noted', ['Ada']);
  const [{ id = '' } = {}] = await desk.api.walkQueue({ site: 'noted' });
  const body = { action: 'reject', note: 'Many words were lost on this one. '.repeat(20) };
  const path = `/v1/moderation/comments/${id}/decisions`;
  expectJson(await desk.api.asAdmin({ method: 'POST', path, body }), 200);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/audit?site=noted',
  });
  const headings = page.locator('thead th span');
  await headings.first().waitFor();
  for (const heading of await headings.all()) {
    expect((await heading.boundingBox())?.height).toBeLessThan(60);
  }
  expect((await page.locator('tbody td').first().boundingBox())?.width).toBeGreaterThan(80);
  await context.close();
});
