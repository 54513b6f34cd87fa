import { readNaughtyStrings } from '../support/corpora.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';
import { inBrowser, startWidgetWorld, strictPolicy, type WidgetWorld } from '../support/widget-page.ts';

/** Whatever comments hold, and however many there are. The long run shows every string, and five thousand comments. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
}, 60_000);
afterAll(() => world?.close());

const LONG_MS = 50;
/** How much longer the slowest tenth of some small work takes than the quickest. */
const SLOWDOWN = `(() => {
  const once = () => { const at = performance.now(); let sum = 0; for (let i = 0; i < 3e6; i++) sum += i % 7; return performance.now() - at; };
  const all = Array.from({ length: 100 }, once).sort((a, b) => a - b);
  return all[90] / all[0];
})()`;
const WIDTH = 360;
/** Every so many strings stand for all in the usual run. */
const STEP = isLongRun ? 1 : 8;

inBrowser(
  'no naughty string as name, title or text runs, loads, or breaks the layout',
  async () => {
    await world.site('naughty', { policy: { moderation: 'none', duplicateHours: 0, pageSize: 100 } });
    const url = `${world.origin}/naughty`;
    const strings = readNaughtyStrings().filter((_, i) => i % STEP === 0);
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
    const items = page.locator('ol.thread > li');
    const more = page.locator('button:has-text("More comments")');
    while ((await more.count()) > 0) {
      const before = await items.count();
      await more.click();
      await items.nth(before).waitFor();
    }
    expect(await items.count()).toBe(posted.length);
    expect(posted.length).toBeGreaterThan(strings.length * 0.8);
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(WIDTH);
    const strange =
      'script, iframe, object, embed, svg, math, video, audio, style, [style], [onclick], [onerror], [onload]';
    expect(await items.locator(strange).count()).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  },
  240_000,
);

if (isLongRun) {
  inBrowser(
    'a thread of five thousand comments shows its first soon, and paging it holds the page up for no 50 ms',
    async () => {
      await world.site('many', { policy: { moderation: 'none', duplicateHours: 0 } });
      const url = `${world.origin}/many`;
      await inParallel(
        Array.from({ length: 5000 }, (_, i) => i),
        32,
        (i) =>
          world.api.posted('many', {
            page: { url },
            author: { name: `Reader ${i}`, email: `r${i % 500}@readers.example` },
            body: `Comment ${i}, with *some* words and https://a.example/${i}`,
          }),
      );
      const { page, context } = await world.open('about:blank');
      const address = world.publish('/many', 'many');
      await page.addInitScript(
        'globalThis.long = []; new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => Math.round(one.duration)))).observe({ type: "longtask", buffered: true })',
      );
      const began = Date.now();
      await page.goto(address);
      await page.waitForSelector('li[id^=comment-]');
      const first = Date.now() - began;
      await page.waitForSelector('#respond');
      await page.evaluate('long.length = 0');
      for (let i = 2; i <= 20; i++) {
        await page.click('button:has-text("More comments")');
        await page.waitForFunction(
          `document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('ol.thread > li').length === ${i * 20}`,
        );
      }
      const long = await page.evaluate<number[]>('long');
      process.stderr.write(
        `first comment of 5,000 after ${first} ms; long tasks while paging: ${long.join(', ')}\n`,
      );
      // A machine with much else to do holds every script up: by how much, the same small work tells.
      const held = await page.evaluate<number>(SLOWDOWN);
      expect(long.filter((ms) => ms > LONG_MS * held)).toEqual([]);
      await context.close();
    },
    300_000,
  );
}
