import { inBrowser, openWatched } from '../support/browser.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Pages with scripts of others on them: libraries that change what is built in, and another Gatehouse. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const author = { name: 'Ada', email: 'ada@readers.example' };

inBrowser(
  'beside Prototype.js, which takes `entries` from lists, there are counts, votes and the form',
  async () => {
    await world.site('older', { policy: { moderation: 'none' } });
    // Up to 1.7.2 it has one of its own there, from 1.7.3 on none (Magento 1 and OpenMage bring either).
    for (const [path, entries] of [
      ['/older/1.7', 'Array.prototype.entries = function () { return this.map((one) => one); };'],
      ['/older/1.7.3', 'delete Array.prototype.entries;'],
    ] as const) {
      const url = `${world.origin}${path}`;
      await world.api.posted('older', { page: { url }, author, body: `Of ${path}` });
      world.publish(path, 'older', {
        head: `<script>${entries}</script>`,
        body: `<span data-gatehouse-count="${url}">–</span>
<script src="${world.service.url}/embed.js" data-site="older" async></script>`,
      });
      const { page, context, troubles } = await world.open(url);
      await page.waitForSelector('#respond');
      await page.click('button.down[aria-label="I disagree 0"]');
      await page.waitForSelector('button.down[aria-pressed=true]:text-is("1")');
      expect(await page.locator('button.up').getAttribute('aria-label')).toBe('I agree 0');
      await page.waitForSelector('[data-gatehouse-count]:text-is("1")');
      expect(troubles).toEqual([]);
      await context.close();
    }
  },
);

inBrowser('a page with the threads of two services asks each of them for its own', async () => {
  await world.site('near', { policy: { moderation: 'none' } });
  await world.site('far', { policy: { moderation: 'none' } });
  const { url: home } = world.service;
  // The same one by another name.
  const other = home.replace('127.0.0.1', 'localhost');
  const url = world.publish('/two', 'near', {
    body: `<script src="${home}/embed.js" data-site="near"></script>
<script src="${other}/embed.js" data-site="far"></script>`,
  });
  for (const site of ['near', 'far'])
    await world.api.posted(site, { page: { url }, author, body: `Of ${site}` });
  const bases = [home, other, world.origin];
  const { page, context, asked } = await openWatched(world.browser, { bases });
  await page.goto(url);
  for (const site of ['near', 'far']) {
    await page.waitForSelector(`article:has-text("Of ${site}")`);
    await page.waitForSelector(`[site=${site}] #respond`);
  }
  const homesOf = (site: string): string[] =>
    asked.filter((one) => one.includes(`/v1/sites/${site}`)).map((one) => new URL(one).origin);
  expect(new Set(homesOf('near'))).toEqual(new Set([home]));
  expect(new Set(homesOf('far'))).toEqual(new Set([other]));
  await context.close();
});
