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

inBrowser('fields and buttons have their lines where colours can’t be mixed', async () => {
  await world.site('lines', { policy: { moderation: 'none' } });
  const { page, context } = await world.open('about:blank');
  // Chrome before 111 and Firefox before 113.
  await context.route('**/embed.js', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replaceAll('color-mix(', 'color-of-tomorrow(') });
  });
  await page.goto(world.publish('/lines', 'lines'));
  await page.waitForSelector('#respond');
  const lines = await page.evaluate<string[]>(
    `[...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('textarea, select, button')]
      .map((one) => getComputedStyle(one).borderBlockStartStyle)`,
  );
  expect(new Set(lines)).toEqual(new Set(['solid']));
  await context.close();
});

inBrowser('votes have their arrows where none can be kept from the ears', async () => {
  await world.site('arrows', { policy: { moderation: 'none' } });
  const page = { url: `${world.origin}/arrows` };
  const author = { name: 'A', email: 'a@readers.example' };
  await world.api.posted('arrows', { page, author, body: 'Root' });
  const opened = await world.open('about:blank');
  // Firefox before 128 and Safari before 17.4 pass over what they can't read.
  await opened.context.route('**/embed.js', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replace(/content:[^;}]* \/ ""/g, '') });
  });
  await opened.page.goto(world.publish('/arrows', 'arrows'));
  await opened.page.waitForSelector('button.down');
  const arrows = await opened.page.evaluate<string[]>(
    `[...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('button.up, button.down')]
      .map((one) => getComputedStyle(one, '::before').content)`,
  );
  expect(arrows).toEqual(['"▲ "', '"▼ "']);
  await opened.context.close();
});
