import { inBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { fillIn, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Readers whose line, clock or mind changes while they write, and who have the page open twice. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const ME = { name: 'Ada', email: 'ada@readers.example' };
const SEND = '#respond button[part~=submit]';
const ANSWER = 'form[id^=reply-]';
const DAY_MS = 86_400_000;

inBrowser(
  'one’s own comments stay known though they were written in two tabs, and by two threads of one page',
  async () => {
    await world.site('twice');
    const twoThreads = `<gatehouse-comments site="twice" page-id="a"></gatehouse-comments>
      <gatehouse-comments site="twice" page-id="b"></gatehouse-comments>
      <script src="${world.service.url}/embed.js" async></script>`;
    const url = world.publish('/twice', 'twice', { body: twoThreads });
    const { page, context } = await world.open(url);
    const other = await context.newPage();
    await other.goto(url);
    const places = [page, page, other].map((tab, number) =>
      tab.locator('gatehouse-comments').nth(number % 2),
    );
    for (const place of places) await place.locator('#respond').waitFor();
    for (const [number, place] of places.entries()) {
      await place.locator('textarea').fill(`The ${number}th of mine`);
      await place.locator('input[autocomplete=name]').fill(ME.name);
      await place.locator('input[autocomplete=email]').fill(ME.email);
      await place.locator('button[part~=submit]').click();
      await place.locator('article.waiting').waitFor();
    }
    await page.reload();
    await until('all three to be shown', async () => (await page.locator('article.waiting').count()) === 3);
    await page.locator('article.waiting button:text-is("Delete")').first().click();
    await page.locator('[role=group] button:text-is("Delete")').click();
    await until('one to be gone', async () => (await page.locator('article.waiting').count()) === 2);
    await page.reload();
    await until('the two to be shown', async () => (await page.locator('article.waiting').count()) === 2);
    await context.close();
  },
);

inBrowser('a clock that is wrong by a day leaves the time for changes as it is', async () => {
  await world.site('clock');
  for (const wrongBy of [-DAY_MS, DAY_MS]) {
    const { page, context } = await world.open('about:blank');
    await context.addInitScript(`{
        const Right = Date;
        const now = () => Right.now() + ${wrongBy};
        Date = class extends Right { constructor(...given) { given.length > 0 ? super(...given) : super(now()); } };
        Date.now = now;
      }`);
    await page.goto(world.publish('/clock', 'clock'));
    await page.waitForSelector('#respond');
    await fillIn(page, { ...ME, comment: `It is another day, by ${wrongBy}` });
    await page.click(SEND);
    const left = page.locator('article.waiting .actions .left');
    await until('the time to be said', async () => (await left.count()) === 1 && left.textContent());
    expect(await left.textContent()).toMatch(/^1[45]:\d\d left to change it$/);
    await page.reload();
    await until('the time to be said again', async () => (await left.count()) === 1 && left.textContent());
    expect(await left.textContent()).toMatch(/^1[45]:\d\d left to change it$/);
    await context.close();
  }
});

inBrowser('a clock that is set back while somebody writes keeps nothing from being sent', async () => {
  await world.site('set', { policy: { moderation: 'none' } });
  const { page, context } = await world.open(world.publish('/set', 'set'));
  await page.waitForSelector('#respond');
  await page.evaluate('{ const { now } = Date; Date.now = () => now() - 3_600_000; }');
  await fillIn(page, { ...ME, comment: 'It is an hour earlier' });
  await page.click(SEND);
  await page.waitForSelector('article:has-text("It is an hour earlier")');
  await context.close();
});

inBrowser(
  'when the line is back nothing is sent that was closed meanwhile, nor what is being written on',
  async () => {
    await world.site('regret', { policy: { moderation: 'none' } });
    const url = world.publish('/regret', 'regret');
    await world.api.posted('regret', { page: { url }, author: ME, body: 'The first word.' });
    const { page, context } = await world.open(url);
    await page.waitForSelector('#respond');
    await page.click('article button:text-is("Reply")');
    await context.setOffline(true);
    await fillIn(page, { ...ME, comment: 'An answer that is regretted' }, ANSWER);
    await page.click(`${ANSWER} button[part~=submit]`);
    await page.waitForSelector(`${ANSWER} .notice button`);
    await page.click(`${ANSWER} button:text-is("Cancel")`);
    await fillIn(page, { ...ME, comment: 'I think that' });
    await page.click(SEND);
    await page.waitForSelector('#respond .notice button');
    await fillIn(page, { comment: 'I think that, on second tho' });
    expect(await page.locator('#respond .notice').textContent()).toBe('');
    await page.evaluate('addEventListener("online", () => setTimeout(() => (window.isBack = true)))');
    await context.setOffline(false);
    await page.waitForFunction('window.isBack');
    expect(await page.inputValue('#respond textarea')).toBe('I think that, on second tho');
    expect(await page.isEnabled(SEND)).toBe(true);
    await fillIn(page, { comment: 'I think that, on second thought, it is right.' });
    await page.click(SEND);
    await until('it to be shown', async () => (await page.locator('article').count()) === 2);
    const { comments } = await world.api.list('regret', { page: url });
    expect(comments.map(({ body }) => body?.text)).toEqual([
      'The first word.',
      'I think that, on second thought, it is right.',
    ]);
    await context.close();
  },
);

inBrowser('a preview that did not come is asked for again, and nothing is sent', async () => {
  await world.site('look', { policy: { moderation: 'none' } });
  const { page, context, asked } = await world.open(world.publish('/look', 'look'));
  await page.waitForSelector('#respond');
  await fillIn(page, { ...ME, comment: 'I only *look*.' });
  await context.setOffline(true);
  await page.click('#respond button:text-is("Preview")');
  await page.waitForSelector('#respond .notice button');
  expect(await page.locator('#respond .notice').textContent()).toBe('That did not load. Try again');
  await context.setOffline(false);
  await page.click('#respond .notice button');
  await page.waitForSelector('.preview em');
  expect(await page.locator('#respond .notice').textContent()).toBe('');
  expect(await page.locator('article').count()).toBe(0);
  expect(asked().filter((path) => path.endsWith('/comments'))).toEqual([]);
  await context.close();
});

inBrowser(
  'a vote and a change that are not taken say why where they were made, and promise nothing',
  async () => {
    await world.site('refused', { policy: { moderation: 'none' } });
    const url = world.publish('/refused', 'refused');
    const { page, context } = await world.open(url);
    await page.waitForSelector('#respond');
    await fillIn(page, { ...ME, comment: 'To be changed' });
    await page.click(SEND);
    await page.waitForSelector('article button:text-is("Edit")');
    await context.setOffline(true);
    await page.click('button.up');
    const wrong = page.locator('article .actions .error');
    await until('it to be said', async () => (await wrong.textContent()) !== '');
    expect(await wrong.textContent()).toBe('No connection. Please try again.');
    expect(await wrong.isVisible()).toBe(true);
    await context.setOffline(false);
    await page.click('button.up');
    await page.waitForSelector('button.up[aria-pressed=true]');
    expect(await wrong.textContent()).toBe('');
    await page.click('article button:text-is("Edit")');
    await page.fill('form.small textarea', '');
    await page.click('form.small button:text-is("Save")');
    const said = page.locator('form.small .error');
    await until('what is wrong', async () => (await said.textContent()) !== '');
    expect(await said.textContent()).toBe('Please fill this in.');
    await context.setOffline(true);
    await page.fill('form.small textarea', 'Changed');
    await page.click('form.small button:text-is("Save")');
    await until('the line', async () => (await said.textContent()) === 'No connection. Please try again.');
    await context.close();
  },
);

inBrowser('one’s own waiting comment stays there in whatever order is chosen', async () => {
  await world.site('orders');
  const { page, context, troubles } = await world.open(world.publish('/orders', 'orders'));
  await page.waitForSelector('#respond');
  await fillIn(page, { ...ME, comment: 'I wait' });
  await page.click(SEND);
  await page.waitForSelector('article.waiting');
  for (const order of ['newest', 'top', 'oldest']) {
    const listed = page.waitForResponse((answer) => answer.url().includes(`sort=${order}`));
    await page.selectOption('.tools select', order);
    await listed;
    await page.waitForSelector('article.waiting:has-text("I wait") button:text-is("Edit")');
  }
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser('what is written over one’s own comment outlives its form, whatever takes it away', async () => {
  await world.site('over');
  const { page, context, troubles } = await world.open(world.publish('/over', 'over'));
  await page.waitForSelector('#respond');
  await fillIn(page, { ...ME, comment: 'As it was' });
  await page.click(SEND);
  const mine = page.locator('article.waiting');
  const edit = mine.locator('button:text-is("Edit")');
  const text = mine.locator('form textarea');
  await edit.click();
  await text.fill('As it shall be');
  await edit.click();
  expect(await text.inputValue()).toBe('As it shall be');
  await mine.locator('button:text-is("Delete")').click();
  await edit.click();
  expect(await text.inputValue()).toBe('As it shall be');
  await page.selectOption('.tools select', 'newest');
  await text.waitFor({ state: 'detached' });
  await edit.click();
  expect(await text.inputValue()).toBe('As it shall be');
  await mine.locator('button:text-is("Cancel")').click();
  await edit.click();
  expect(await text.inputValue()).toBe('As it was');
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser('who leaves an edit after its time is led back to the comment', async () => {
  await world.site('late', { policy: { editWindowSeconds: 6 } });
  const { page, context } = await world.open(world.publish('/late', 'late'));
  await page.waitForSelector('#respond');
  await fillIn(page, { ...ME, comment: 'Soon too late' });
  await page.click(SEND);
  const mine = page.locator('article.waiting');
  await mine.locator('button:text-is("Edit")').click();
  await mine.locator('button:text-is("Edit")').waitFor({ state: 'detached' });
  await mine.locator('button:text-is("Cancel")').press('Enter');
  const active = "document.querySelector('gatehouse-comments').shadowRoot.activeElement?.localName ?? null";
  expect(await page.evaluate(active)).toBe('li');
  await context.close();
});

inBrowser(
  'what a proxy before the service refuses in a page of its own is not called a line that is down',
  async () => {
    await world.site('proxied');
    const { page, context } = await world.open(world.publish('/proxied', 'proxied'));
    await page.waitForSelector('#respond');
    const notice = page.locator('#respond [role=alert]');
    for (const [status, said] of [
      [413, 'That is too long.'],
      [403, 'That did not work.'],
      [502, 'No connection. Your text is kept and will be sent once you are online again. Try again'],
    ] as const) {
      const isPost = (url: URL) => url.pathname.endsWith('/comments');
      await page.route(isPost, (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({ status, contentType: 'text/html', body: `<h1>${status}</h1>` })
          : route.continue(),
      );
      await fillIn(page, { ...ME, comment: `Met by ${status}` });
      await page.click(SEND);
      await until(`${status} to be told`, async () => (await notice.textContent()) === said);
      expect(await page.inputValue('#respond textarea')).toBe(`Met by ${status}`);
      await page.unroute(isPost);
    }
    await context.close();
  },
);

inBrowser(
  'the button that sends has the focus again where there is no line, unless somebody has it',
  async () => {
    await world.site('unsent');
    const search = '<input id="search">';
    const place = '<gatehouse-comments site="unsent"></gatehouse-comments>';
    const script = `<script src="${world.service.url}/embed.js" async></script>`;
    const { page, context } = await world.open(
      world.publish('/unsent', 'unsent', { body: search + place + script }),
    );
    await page.waitForSelector('#respond textarea');
    await fillIn(page, { ...ME, comment: 'No line' });
    await context.setOffline(true);
    const told = page.locator('#respond .notice button');
    await page.focus(SEND);
    await page.keyboard.press('Enter');
    await told.waitFor();
    expect(await page.locator(`${SEND}:focus`).count()).toBe(1);

    // The line is back and it goes by itself; it fails once the reader is in the search of the page.
    const elsewhere = new Promise<void>((resolve) => {
      void page.route(
        (url) => url.pathname.endsWith('/comments'),
        async (route) => {
          await page.focus('#search');
          await route.abort();
          resolve();
        },
      );
    });
    await context.setOffline(false);
    await elsewhere;
    await told.waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await context.close();
  },
);
