import { inBrowser } from '../support/browser.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** The service is away while its widget is drawn. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

inBrowser('what fails together is said once, and one button brings all of it', async () => {
  await world.site('away', { policy: { moderation: 'none' } });
  const url = world.publish('/away', 'away');
  await world.api.posted('away', {
    page: { url },
    author: { name: 'Ada', email: 'ada@readers.example' },
    body: 'Worth waiting for',
  });
  const { page, context } = await world.open(url);
  await page.waitForSelector('#respond textarea');
  await context.route(/\/v1\/sites\/away/, (route) => route.abort());
  await page.reload();
  const wrong = page.locator('gatehouse-comments .error:has(button)');
  await wrong.waitFor();
  // Whichever of the two fails last.
  await page.waitForLoadState('networkidle');
  expect(await wrong.allTextContents()).toEqual(['That did not load. Try again']);
  await wrong.getByRole('button').click();
  await page.waitForLoadState('networkidle');
  expect(await wrong.allTextContents()).toEqual(['That did not load. Try again']);
  await context.unroute(/\/v1\/sites\/away/);
  await wrong.getByRole('button').click();
  await page.waitForSelector('article:has-text("Worth waiting for")');
  await page.waitForSelector('#respond textarea');
  expect(await wrong.count()).toBe(0);
  await context.close();
});
