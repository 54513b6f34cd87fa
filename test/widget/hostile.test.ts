import { inBrowser } from '../support/browser.ts';
import { readNaughtyStrings } from '../support/corpora.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';
import { turnPage } from '../support/widget-bursts.ts';
import { startWidgetWorld, strictPolicy, type WidgetWorld } from '../support/widget-page.ts';

/** Whatever comments hold. The long run shows every string. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const WIDTH = 360;
/** Every so many strings stand for all in the usual run, beside those of letters with many marks, which no line breaks. */
const STEP = isLongRun ? 1 : 8;

inBrowser('no naughty string as name, title or text runs, loads, or breaks the layout', async () => {
  await world.site('naughty', { policy: { moderation: 'none', duplicateHours: 0, pageSize: 100 } });
  const url = `${world.origin}/naughty`;
  const strings = readNaughtyStrings().filter((text, i) => i % STEP === 0 || /\p{M}{8}/u.test(text));
  const answers = await inParallel(strings, 16, (text, i) =>
    world.api.post('naughty', {
      page: { url, title: [...text].length <= 300 ? text : null },
      author: {
        name: [...text].length <= 100 && text.trim() !== '' ? text : 'A reader',
        email: `r${i}@readers.example`,
      },
      body: text,
    }),
  );
  const posted = answers.filter(({ status }) => status === 201);
  const held = posted.map(
    (answer) => JSON.parse(answer.body.toString()) as { comment: { id: string; status: string } },
  );
  await inParallel(
    held.filter(({ comment }) => comment.status !== 'approved'),
    16,
    ({ comment }) => world.api.decide(comment.id, { action: 'approve' }),
  );
  const csp = strictPolicy(world.service.url);
  const address = world.publish('/naughty', 'naughty', { csp, title: 'x' });
  const { page, context, troubles } = await world.open(address, {
    viewport: { width: WIDTH, height: 700 },
  });
  await page.waitForSelector('#respond');
  await page.waitForSelector('.thread[aria-busy=false]');
  const items = page.locator('.thread > ol > li');
  while ((await page.locator('button:has-text("More comments")').count()) > 0) await turnPage(page);
  expect(await items.count()).toBe(posted.length);
  expect(posted.length).toBeGreaterThan(strings.length * 0.8);
  // Which they are, where any is wider than the page.
  const wide = await page.evaluate<string[]>(
    `(() => { const { scrollWidth, clientWidth } = document.scrollingElement;
        const all = [...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('li > article *')];
        return scrollWidth <= clientWidth ? [] : all.filter((one) => one.scrollWidth > one.clientWidth && one.clientWidth > 0).map((one) => one.className + ': ' + one.textContent.slice(0, 80)); })()`,
  );
  expect(wide).toEqual([]);
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(WIDTH);
  const strange =
    'script, iframe, object, embed, svg, math, video, audio, style, [style], [onclick], [onerror], [onload]';
  expect(await items.locator(strange).count()).toBe(0);
  expect(troubles).toEqual([]);
  await context.close();
});
