import type { BrowserContext, Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk, waitForRows } from '../support/dashboard.ts';
import { until } from '../support/until.ts';
import { holdBack } from '../support/widget-page.ts';

/** What a moderator has written is there still where it could not be sent, and where somebody leaves it. */
const desk = prepareDesk({ Sara: {} });

const again = (page: Page) => page.getByRole('button', { name: 'Try again' });
const leave = (page: Page) => page.getByRole('button', { name: 'Leave without saving' });

/** Fails the next decisions as a service does whose store is away. */
async function failDecisions(context: BrowserContext): Promise<() => Promise<void>> {
  await context.route(/\/decisions$/, (route) => route.fulfill({ status: 500, body: 'no' }));
  return () => context.unroute(/\/decisions$/);
}

async function rejectWith(page: Page, note: string): Promise<void> {
  await page.keyboard.press('r');
  await page.locator('dialog textarea').fill(note);
  await page.locator('dialog .reason-choice button').nth(1).click();
}

const rejectedOf = async (site: string) => {
  const rejected = await desk.api.walkQueue({ site, status: 'rejected' });
  return Promise.all(rejected.map(async ({ id }) => (await desk.api.detail(id)).history.at(-1)));
};

inBrowser('a decision that failed is tried again with its reason and its note', async () => {
  await makeSite(desk.api, 'failed', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=failed',
  });
  await waitForRows(page, 2);
  const mend = await failDecisions(context);
  await rejectWith(page, 'Not about the article');
  await again(page).waitFor();
  await waitForRows(page, 2);
  await mend();
  await again(page).click();
  await until('the rejection', async () => (await desk.api.counts('failed')).rejected === 1);
  expect(await rejectedOf('failed')).toMatchObject([{ reason: 'abuse', note: 'Not about the article' }]);
  await waitForRows(page, 1);
  expect(await again(page).count()).toBe(0);
  await context.close();
});

inBrowser('a list that is loaded while a decision is under way counts what it shows', async () => {
  await makeSite(desk.api, 'counted', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=counted',
  });
  await waitForRows(page, 2);
  // Without the isolates around what is filled in.
  const position = async () => (await page.locator('.list-foot').textContent())?.match(/\d+/g)?.join(' ');
  const held: (() => void)[] = [];
  await context.route(/\/decisions$/, (route) => {
    held.push(() => void route.fulfill({ status: 500, body: 'no' }));
  });
  await page.keyboard.press('a');
  await waitForRows(page, 1);
  await page.evaluate("location.hash = '#/audit'");
  await page.locator('main h1:has-text("Audit")').waitFor();
  const answered = page.waitForResponse((response) => response.url().includes('/v1/moderation/queue?'));
  await page.evaluate("location.hash = '#/queue?site=counted'");
  await (await answered).finished();
  await waitForRows(page, 1);
  await until('the count', async () => (await position()) === '1 1');
  for (const fail of held) fail();
  await waitForRows(page, 2);
  expect(await position()).toMatch(/ 2$/);
  await context.close();
});

inBrowser(
  'a page that is fetched while decisions are under way counts none of them as still there',
  async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Reader${index}`);
    await makeSite(desk.api, 'quick', names);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=quick',
    });
    await page.waitForSelector('.row');
    const held: (() => void)[] = [];
    await context.route(/\/decisions$/, async (route) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    const fetched = page.waitForResponse((response) => response.url().includes('cursor='));
    for (let i = 0; i < 30; i++) await page.keyboard.press('a');
    await (await fetched).finished();
    await until('all to be sent', async () => {
      for (const go of held.splice(0)) go();
      return (await desk.api.counts('quick')).approved === 30;
    });
    const left = async () => (await page.locator('.list-foot').textContent())?.match(/\d+/g)?.join(' ');
    await until('the count', async () => (await left()) === '1 30');
    await context.close();
  },
);

inBrowser('so are many, and all that a filter finds', async () => {
  await makeSite(desk.api, 'many', ['Ada', 'Ben', 'Cleo']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=many',
  });
  await waitForRows(page, 3);
  let mend = await failDecisions(context);
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key);
  await rejectWith(page, 'Both of them');
  await again(page).waitFor();
  await mend();
  await again(page).click();
  await until('both rejections', async () => (await desk.api.counts('many')).rejected === 2);
  const note = 'Both of them';
  expect(await rejectedOf('many')).toMatchObject([{ note }, { note }]);
  await waitForRows(page, 1);

  // The copies of what is looked at are found by the service itself.
  for (const name of ['Dan', 'Eve', 'Fay'])
    await desk.api.posted('many', {
      page: { url: 'https://many.example/page' },
      author: { name, email: `${name.toLowerCase()}@readers.example` },
      body: 'Buy the cheapest watches of the whole wide world here, today only',
    });
  await page.reload();
  await waitForRows(page, 4);
  mend = await failDecisions(context);
  await page.locator('.row-open:has-text("watches")').first().click();
  await page.keyboard.press('l');
  await page.waitForSelector('dialog[open]:has-text("3 comments")');
  await page.keyboard.press('s');
  await again(page).waitFor();
  await mend();
  await again(page).click();
  await until('the flood to be spam', async () => (await desk.api.counts('many')).spam === 3);
  await context.close();
});

inBrowser('a form asks before what is written in it is dropped, and not once it is saved', async () => {
  for (const site of ['written', 'other']) await makeSite(desk.api, site, ['Ada']);
  const { page, context, wrong } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/sites/written/words',
  });
  const list = page.getByLabel('Reject', { exact: true });
  await list.fill('a term');
  await page.evaluate('void setTimeout(() => location.reload())');
  await until('the browser to ask', () => Promise.resolve(wrong.length > 0));
  expect(wrong).toEqual(['asked: ']);
  await page.evaluate("location.hash = '#/audit'");
  await leave(page).waitFor();
  expect(page.url()).toContain('#/sites/written/words');
  expect(await list.inputValue()).toBe('a term');
  // Asked once more it says so once.
  await page.evaluate("location.hash = '#/stats'");
  await until('one question', async () => (await leave(page).count()) === 1);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForSelector('.notice-good');
  // It stays where it is, and what is saved is asked about no longer.
  expect(await leave(page).count()).toBe(0);
  await page.evaluate("location.hash = '#/audit'");
  await until('the audit', async () => (await page.locator('main h1').textContent()) === 'Audit');
  expect(await leave(page).count()).toBe(0);

  await page.evaluate("location.hash = '#/sites/written/words'");
  await list.fill('another term');
  await page.evaluate("location.hash = '#/stats'");
  await leave(page).click();
  await until('the statistics', async () => (await page.locator('main h1').textContent()) === 'Statistics');
  expect(await leave(page).count()).toBe(0);
  // Of another site it is the same form, which asks for itself.
  await page.evaluate("location.hash = '#/sites/written/words'");
  for (const site of ['other', 'written']) {
    await list.fill(`a term that is not for ${site}`);
    await page.evaluate(`location.hash = '#/sites/${site}/words'`);
    await leave(page).click();
    await until('the other site', () => Promise.resolve(page.url().includes(`/sites/${site}/`)));
    await until('its own list', async () => !(await list.inputValue()).includes('not for'));
  }
  await page.evaluate("location.hash = '#/stats'");
  await until('the statistics', async () => (await page.locator('main h1').textContent()) === 'Statistics');

  // Passwords are typed again, and browsers fill them in by themselves.
  await page.evaluate("location.hash = '#/me'");
  await page.getByLabel('Current password').first().fill('correct horse battery staple');
  await page.evaluate("location.hash = '#/stats'");
  await until('the statistics', async () => (await page.locator('main h1').textContent()) === 'Statistics');
  await page.reload();
  expect(wrong).toHaveLength(1);
  await context.close();
});

inBrowser('signing out asks before what is written in a form is dropped', async () => {
  await makeSite(desk.api, 'parting', ['Ada']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/sites/parting/words',
  });
  const list = page.getByLabel('Reject', { exact: true });
  await list.fill('a term');
  const signOut = page.getByRole('button', { name: 'Sign out' });
  await signOut.click();
  await leave(page).waitFor();
  // Still signed in, with all that is written.
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForSelector('.notice-good');
  await list.fill('another term');
  await signOut.click();
  await leave(page).click();
  await page.getByLabel('Password').waitFor();
  await context.close();
});

inBrowser(
  'a form takes nothing more while it is on its way, and what is refused is told of where its room was left',
  async () => {
    await makeSite(desk.api, 'underway', ['Ada']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/sites/underway',
    });
    const held: (() => void)[] = [];
    await context.route(/\/admin\/sites\/underway$/, async (route) => {
      if (route.request().method() === 'PATCH') await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    const name = page.getByLabel('Name', { exact: true });
    const zone = page.getByLabel('Time zone');
    const save = page.getByRole('button', { name: 'Save', exact: true });
    const sends = async (): Promise<void> => {
      await page.waitForSelector('form[inert]');
      await until('it to be sent', () => Promise.resolve(held.length > 0));
    };
    await zone.fill('Nowhere/Atlantis');
    await page.keyboard.press('Tab');
    await save.click();
    await sends();
    const place = (await name.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.click(place.x + 9, place.y + 9);
    await page.keyboard.type('Lost');
    held.shift()?.();
    await page.waitForSelector('form .wrong');
    expect(await name.inputValue()).not.toContain('Lost');
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('Time zone');

    await save.click();
    await sends();
    await page.evaluate("location.hash = '#/stats'");
    await until('the statistics', async () => (await page.locator('main h1').textContent()) === 'Statistics');
    held.shift()?.();
    await page.waitForSelector('.notice-bad');
    expect(await page.locator('.notice-bad').textContent()).toContain('timeZone');
    await context.close();
  },
);

inBrowser(
  'who goes on with other work while a file is sent is told when it is there, and led nowhere',
  async () => {
    await makeSite(desk.api, 'sent', ['Ada']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/sites/sent/import',
    });
    const { asked, letGo } = await holdBack(context, '/imports?');
    const line = { id: '1', page: { url: 'https://sent.example/a' }, author: { name: 'Old' }, body: 'Once.' };
    const buffer = Buffer.from(`${JSON.stringify({ ...line, createdAt: '2020-01-01T00:00:00.000Z' })}\n`);
    await page.locator('main select').selectOption('generic');
    await page.setInputFiles('input[type=file]', { name: 'old.jsonl', mimeType: 'text/plain', buffer });
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await asked();
    await page.getByRole('link', { name: 'Queue' }).click();
    await page.waitForSelector('.list-side');
    await letGo();
    await page.waitForSelector('.notice:has-text("being checked")');
    expect(new URL(page.url()).hash).toBe('#/queue');
    await page.locator('.notice').getByRole('button', { name: 'Look', exact: true }).click();
    await page.waitForSelector('h2:has-text("What would be imported")');
    await context.close();
  },
);
