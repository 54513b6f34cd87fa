import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { currentName, makeSite, openDesk, prepareDesk, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** What a moderator types into the dialogs of the dashboard is not lost by one key. */
const desk = prepareDesk({ Sara: {} });

const FOCUSED = 'document.activeElement.textContent';
const text = (page: Page) => page.locator('dialog textarea');
const gone = (page: Page): Promise<void> => page.locator('dialog').waitFor({ state: 'detached' });
const textOf = async (site: string): Promise<string | undefined> =>
  (await desk.api.walkQueue({ site }))[0]?.body?.text;
/** A colleague approves it. */
async function decideAsAdmin({ id, version }: { id?: string; version?: number } = {}): Promise<void> {
  const path = `/v1/moderation/comments/${id}/decisions`;
  const body = { action: 'approve', version };
  expectJson(await desk.api.asAdmin({ method: 'POST', path, body }), 200);
}

const historyOf = async (id: string | undefined): Promise<object[]> =>
  expectJson<{ history: object[] }>(await desk.api.asAdmin({ path: `/v1/moderation/comments/${id}` }), 200)
    .history;

inBrowser(
  'Escape asks before it drops an edit, a reply or a note, and closes at once where nothing was typed',
  async () => {
    await makeSite(desk.api, 'typed', ['Ada']);
    const place = '/queue?site=typed';
    const { page, context, wrong } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
    await waitForRows(page, 1);
    for (const key of ['e', 'Enter', 'r']) {
      await page.keyboard.press(key);
      await text(page).waitFor();
      await page.keyboard.press('Escape');
      await gone(page);
      await page.keyboard.press(key);
      await text(page).focus();
      await page.keyboard.type('Half a sentence');
      const typed = await text(page).inputValue();
      // Held down, or pressed out of habit.
      for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
      expect(await text(page).inputValue()).toBe(typed);
      expect(await page.evaluate(FOCUSED)).toBe('Close – Really?');
      // Whoever goes on writing has not answered.
      await text(page).focus();
      await page.keyboard.type('.');
      expect(await page.locator('dialog header button').getAttribute('aria-label')).toBe('Close');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await gone(page);
    }
    expect(await textOf('typed')).toBe('What Ada has to say about it.');
    // The cross asks, too; the button that says Cancel does not.
    await page.keyboard.press('e');
    await text(page).fill('Quite another text.');
    await page.locator('dialog header button').click();
    await page.getByRole('button', { name: 'Close – Really?' }).waitFor();
    expect(await text(page).inputValue()).toBe('Quite another text.');
    await page.getByRole('button', { name: 'Save' }).click();
    await gone(page);
    expect(await textOf('typed')).toBe('Quite another text.');
    await page.keyboard.press('e');
    await text(page).fill('Something else.');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await gone(page);
    expect(await textOf('typed')).toBe('Quite another text.');
    expect(wrong).toEqual([]);
    await context.close();
  },
);

inBrowser(
  'a page’s title that an admin types is asked about, in Persian and from the right as well',
  async () => {
    await makeSite(desk.api, 'titled', ['Ada']);
    const place = '/sites/titled/pages';
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place,
      locale: 'fa-IR',
    });
    await page.locator('td button').first().click();
    const title = page.locator('dialog input').first();
    await title.fill('عنوان تازه');
    await page.keyboard.press('Escape');
    expect(await title.inputValue()).toBe('عنوان تازه');
    const asks = page.locator('dialog header button');
    expect(await asks.textContent()).toBe('بستن – واقعاً؟');
    // On the left in a dialog that is read from the right, and inside it.
    const [button, dialog] = [await asks.boundingBox(), await page.locator('dialog').boundingBox()];
    expect(button?.x).toBeGreaterThan(dialog?.x ?? 0);
    expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThan((dialog?.x ?? 0) + (dialog?.width ?? 0) / 2);
    await asks.click();
    await gone(page);
    await context.close();
  },
);

inBrowser('what is typed stays with its comment when the list becomes another one', async () => {
  await makeSite(desk.api, 'first', ['Ada']);
  await makeSite(desk.api, 'second', ['Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=first',
  });
  await waitForRows(page, 1);
  await page.locator('.filters select').first().selectOption('second');
  await until('the other site', async () => (await currentName(page)) === 'Ben');
  await page.keyboard.press('e');
  // Where one begins to write.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ben, mended.');
  await page.goBack();
  await until('the first site', async () => (await currentName(page)) === 'Ada');
  expect(await text(page).inputValue()).toBe('Ben, mended.');
  await page.keyboard.press('Control+Enter');
  await gone(page);
  expect(await textOf('second')).toBe('Ben, mended.');
  expect(await textOf('first')).toBe('What Ada has to say about it.');
  await context.close();
});

inBrowser(
  'an edit of words that somebody else changed meanwhile is refused, and what was typed is still there',
  async () => {
    await makeSite(desk.api, 'faster', ['Ada']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=faster',
    });
    await waitForRows(page, 1);
    await page.keyboard.press('e');
    await text(page).fill('Mine.');
    const [comment] = await desk.api.walkQueue({ site: 'faster' });
    const path = `/v1/moderation/comments/${comment?.id}`;
    const theirs = { body: 'Theirs.', version: comment?.version };
    expect((await desk.api.asAdmin({ method: 'PATCH', path, body: theirs })).status).toBe(200);
    await page.locator('.row', { hasText: 'Theirs.' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('dialog .wrong').waitFor();
    expect(await text(page).inputValue()).toBe('Mine.');
    expect(await textOf('faster')).toBe('Theirs.');
    await context.close();
  },
);

inBrowser(
  'a comment is rejected that was asked about, though another one has taken its place in the list',
  async () => {
    await makeSite(desk.api, 'asked', ['Ada']);
    await makeSite(desk.api, 'other', ['Ben']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=other',
    });
    await waitForRows(page, 1);
    await page.locator('.filters select').first().selectOption('asked');
    await until('the site asked about', async () => (await currentName(page)) === 'Ada');
    await page.keyboard.press('r');
    await page.locator('dialog .reason-choice').waitFor();
    await page.goBack();
    await until('the other site', async () => (await currentName(page)) === 'Ben');
    await page.locator('dialog .reason-choice button').last().click();
    await until(
      'the rejection',
      async () => (await desk.api.walkQueue({ site: 'asked', status: 'rejected' })).length === 1,
    );
    expect(await desk.api.walkQueue({ site: 'other', status: 'pending' })).toHaveLength(1);
    await context.close();
  },
);

inBrowser(
  'chosen comments that were asked about are rejected as they were then, with the note, behind whatever list',
  async () => {
    await makeSite(desk.api, 'several', ['Ada', 'Ben', 'Cleo']);
    await makeSite(desk.api, 'elsewhere', ['Dora', 'Emil']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: '/queue?site=elsewhere',
    });
    await waitForRows(page, 2);
    await page.locator('.filters select').first().selectOption('several');
    await waitForRows(page, 3);
    for (const key of ['x', 'j', 'x', 'r']) await page.keyboard.press(key);
    await text(page).fill('Both of them');
    // A colleague is faster with one of the two.
    const ben = (await desk.api.walkQueue({ site: 'several' })).find(({ author }) => author?.name === 'Ben');
    await decideAsAdmin(ben);
    await page.goBack();
    await until('the other site', async () => (await currentName(page)) === 'Dora');
    expect(await page.locator('dialog h2').textContent()).toBe('Reject 2 comments: why?');
    await page.locator('dialog .reason-choice button').last().click();
    await page.locator('.conflict').waitFor();
    expect(await page.locator('.conflict').textContent()).toContain('Ben');
    const rejected = await desk.api.walkQueue({ site: 'several', status: 'rejected' });
    expect(rejected.map(({ author }) => author?.name)).toEqual(['Ada']);
    expect(await historyOf(rejected[0]?.id)).toMatchObject([{ action: 'reject', note: 'Both of them' }]);
    expect(await desk.api.counts('several')).toMatchObject({ pending: 1, approved: 1, rejected: 1 });
    expect(await desk.api.counts('elsewhere')).toMatchObject({ pending: 2 });
    await context.close();
  },
);

inBrowser('who insists on a rejection that came too late insists on its note, too', async () => {
  await makeSite(desk.api, 'insists', ['Ada', 'Ben']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=insists',
  });
  await waitForRows(page, 2);
  await page.keyboard.press('r');
  await text(page).fill('Not again');
  const [ada] = await desk.api.walkQueue({ site: 'insists' });
  await decideAsAdmin(ada);
  await page.locator('dialog .reason-choice button').last().click();
  await page.locator('.conflict .button-danger').click();
  await until('the rejection', async () => (await desk.api.counts('insists')).rejected === 1);
  expect(await historyOf(ada?.id)).toMatchObject([
    { action: 'approve' },
    { action: 'reject', note: 'Not again' },
  ]);
  await context.close();
});

inBrowser(
  'neither a reload nor the way back to another room drops what is written without asking',
  async () => {
    await makeSite(desk.api, 'kept', ['Ada']);
    const opened = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/audit' });
    const { page, context, wrong } = opened;
    await page.locator('main h1').waitFor();
    await page.evaluate("location.hash = '#/queue?site=kept'");
    await waitForRows(page, 1);
    await page.keyboard.press('e');
    await text(page).fill('Half a sentence');
    await page.evaluate('void setTimeout(() => location.reload())');
    // The page has no words of its own in the browser's question, which is answered with "stay".
    await until('the browser to ask', () => Promise.resolve(wrong.length > 0));
    expect(wrong).toEqual(['asked: ']);
    expect(await text(page).inputValue()).toBe('Half a sentence');
    await page.evaluate('history.back()');
    await until('the question', async () => (await page.evaluate(FOCUSED)) === 'Close – Really?');
    expect(page.url()).toContain('#/queue?site=kept');
    expect(await text(page).inputValue()).toBe('Half a sentence');
    await page.keyboard.press('Enter');
    await gone(page);
    // Where nothing is written there is nothing to ask.
    await page.keyboard.press('e');
    await text(page).waitFor();
    await page.goBack();
    await until('the audit', async () => (await page.locator('main h1').textContent()) === 'Audit');
    await page.reload();
    expect(wrong).toHaveLength(1);
    await context.close();
  },
);

inBrowser(
  'what is typed is sent once however often its keys are pressed, and closes nothing but itself',
  async () => {
    await makeSite(desk.api, 'impatient', ['Ada', 'Ben']);
    const place = '/queue?site=impatient';
    const { page, context } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
    await waitForRows(page, 2);
    const held: (() => void)[] = [];
    await context.route(/\/replies$/, async (route) => {
      const fails = await new Promise<boolean>((resolve) => held.push(() => resolve(held.length > 1)));
      return fails ? route.fulfill({ status: 500, body: 'no' }) : route.continue();
    });
    const reply = async (words: string): Promise<void> => {
      const { length } = held;
      await page.keyboard.press('Enter');
      await text(page).fill(words);
      for (let i = 0; i < 3; i++) await page.keyboard.press('Control+Enter');
      await page.keyboard.type('!');
      expect(await text(page).inputValue()).toBe(words);
      await until('it to be sent', () => Promise.resolve(held.length > length));
      await page.getByRole('button', { name: 'Cancel' }).click();
      await gone(page);
    };
    await reply('Thank you');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await text(page).fill('Another text');
    held[0]?.();
    await page.waitForSelector('.notice-good');
    expect(await text(page).inputValue()).toBe('Another text');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(held).toHaveLength(1);

    await reply('Indeed');
    held[1]?.();
    await context.unroute(/\/replies$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await until('both replies', async () => (await desk.api.counts('impatient')).approved === 4);
    await context.close();
  },
);
