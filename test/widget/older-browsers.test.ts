import { inBrowser } from '../support/browser.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** What browsers lack that the widget is built for, taken away from the one that there is. */
let world: WidgetWorld;
beforeAll(async () => {
  const started = await startWidgetWorld();
  if (started) world = started;
});
afterAll(() => world?.close());

inBrowser('a field that is wrong has the focus where attributes of ARIA have no properties', async () => {
  await world.site('older', { policy: { moderation: 'none' } });
  const { page, context, troubles } = await world.open('about:blank');
  // Firefox before 119.
  await context.addInitScript(
    'for (const name of ["ariaInvalid", "ariaBusy"]) delete Element.prototype[name];',
  );
  await page.goto(world.publish('/older', 'older'));
  await page.waitForSelector('#respond');
  await page.waitForSelector('.thread[aria-busy=false]', { state: 'attached' });
  await page.click('#respond button[part~=submit]');
  await page.waitForSelector('[aria-invalid]');
  await page.waitForFunction(
    "document.querySelector('gatehouse-comments').shadowRoot.activeElement?.id === 'respond-body'",
  );
  expect(troubles).toEqual([]);
  await context.close();
});
