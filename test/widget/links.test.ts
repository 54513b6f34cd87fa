import { inBrowser } from '../support/browser.ts';
import { ADMIN_TOKEN } from '../support/built-service.ts';
import { until } from '../support/until.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Links to single comments, those that other systems made among them. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const author = { name: 'Ada', email: 'ada@readers.example' };

inBrowser(
  'a link of before leads to the comment by its number, as WordPress and Disqus made it',
  async () => {
    await world.site('moved', { policy: { pageSize: 1 } });
    const url = world.publish('/moved', 'moved');
    const lines = [1, 2, 3].map((number) =>
      JSON.stringify({
        ...{ id: `wp-${number}`, page: { url }, author: { name: 'Ada' }, text: `Number ${number}` },
        createdAt: `2015-05-0${number}T10:00:00Z`,
      }),
    );
    const imported = await fetch(`${world.service.url}/v1/admin/sites/moved/imports?format=generic`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/x-ndjson' },
      body: lines.join('\n'),
    });
    expect(imported.status).toBe(201);
    const { page, context, troubles } = await world.open(`${url}#comment-2`);
    const focused = "document.querySelector('gatehouse-comments').shadowRoot?.activeElement?.textContent";
    await page.waitForFunction(`${focused}?.includes('Number 2')`);
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser(
  'where the page has a base for its links, a comment’s date leads to the comment on this page all the same',
  async () => {
    await world.site('base', { policy: { moderation: 'none' } });
    const url = world.publish('/base/article', 'base', {
      body: `<base href="/base/"><script src="${world.service.url}/embed.js" data-site="base" async></script>`,
    });
    const { comment } = await world.api.posted('base', { page: { url }, author, body: 'Here' });
    const { page, context } = await world.open(url);
    await page.click('.date a');
    await page.waitForFunction('location.hash');
    expect(page.url()).toBe(`${url}#comment-${comment.id}`);
    await context.close();
  },
);

inBrowser(
  'of two threads on a page a comment’s date leads to it in its own, and leaves the other one alone',
  async () => {
    await world.site('two', { policy: { moderation: 'none' } });
    const url = world.publish('/two', 'two', {
      body: `<gatehouse-comments site="two"></gatehouse-comments><gatehouse-comments site="two" page="/two/b"></gatehouse-comments><script src="${world.service.url}/embed.js" async></script>`,
    });
    await world.api.posted('two', { page: { url }, author, body: 'Above' });
    await world.api.posted('two', { page: { url: `${url}/b` }, author, body: 'Below' });
    const { page, context, asked } = await world.open(url);
    const [above, below] = [
      page.locator('gatehouse-comments').first(),
      page.locator('gatehouse-comments').last(),
    ];
    for (const one of [above, below]) await one.locator('#respond').waitFor();
    await above.locator('button:text-is("Reply")').click();
    await above.locator('article textarea').fill('Half an answer');
    const before = asked().length;
    await below.locator('.date a').click();
    await until('the comment to be led to', () =>
      page.evaluate('/comment-/.test(document.activeElement.shadowRoot?.activeElement?.id)'),
    );
    expect(asked().slice(before)).toEqual([]);
    expect(await above.locator('article textarea').inputValue()).toBe('Half an answer');
    await context.close();
  },
);

inBrowser('a link to a comment that is not there yet leads to it in the order that was chosen', async () => {
  await world.site('chosen', { policy: { moderation: 'none', pageSize: 1 } });
  const url = world.publish('/chosen', 'chosen');
  const ids: string[] = [];
  for (const body of ['Oldest', 'Middle', 'Newest']) {
    ids.push((await world.api.posted('chosen', { page: { url }, author, body })).comment.id);
  }
  const { page, context, troubles } = await world.open(url);
  await page.waitForSelector('#respond');
  await page.selectOption('.tools select', 'newest');
  await page.waitForSelector('article:has-text("Newest")');
  await page.evaluate(`location.hash = 'comment-${ids[1]}'`);
  await page.waitForSelector('article:has-text("Middle")');
  await page.click('button:has-text("More comments")');
  await page.waitForSelector('article:has-text("Oldest")');
  expect(await page.locator('article .body').allTextContents()).toEqual(['Middle', 'Oldest']);
  expect(troubles).toEqual([]);
  await context.close();
});
