import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { traceTasks } from '../support/busiest-task.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';
import { burstsSince, turnPage, watchBursts } from '../support/widget-bursts.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/**
 * However many comments there are, a page is never held up by much at once. How long that takes is a matter of
 * the machine; what is asked here is what it depends on: how much is made between two frames.
 */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

/** Elements between two frames: the widget's own bound, and what the last comment or the form adds to it. */
const MOST_ELEMENTS = 200;
/** Formatters of dates: short and long, before the site's time zone is known and after. */
const MOST_FORMATS = 4;
/** Milliseconds from which on a task is called long (Long Tasks API, W3C). */
const LONG_MS = 50;
const MANY = 5000;
/** Pages of twenty that are turned there. */
const TURNS = 40;

/** A list of so many comments that the browser lays out and paints apart from the others. */
const apartOf = (comments: number): unknown => ({ comments, contain: 'content' });

const listsOf = (page: Page): Promise<unknown> =>
  page.evaluate(
    `[...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('.thread > ol')]
      .map((list) => ({ comments: list.childElementCount, contain: getComputedStyle(list).contain }))`,
  );

async function fill(site: string, { roots, replies }: { roots: number; replies: number }): Promise<string> {
  const url = `${world.origin}/${site}`;
  const say = async (i: number, parentId: string | null = null): Promise<string> => {
    const posted = await world.api.posted(site, {
      page: { url },
      parentId,
      author: { name: `Reader ${i}`, email: `r${i % 500}@readers.example` },
      body: `Comment ${i}, with *some* words and https://a.example/${i}`,
    });
    return posted.comment.id;
  };
  const first = await say(0);
  await inParallel(
    Array.from({ length: roots - 1 }, (_, i) => i + 1),
    32,
    (i) => say(i),
  );
  const answers = await inParallel(
    Array.from({ length: replies }, (_, i) => roots + i),
    32,
    (i) => say(i, first),
  );
  return answers.at(-1) ?? first;
}

inBrowser(
  'between two frames it makes no more than so much, however many comments an answer brings, and no formatter twice; each page stands apart',
  async () => {
    await world.site('slices', { policy: { moderation: 'none', duplicateHours: 0, pageSize: 30 } });
    const reply = await fill('slices', { roots: 60, replies: 60 });
    const { page, context } = await world.open('about:blank');
    await watchBursts(page);
    const address = world.publish('/slices', 'slices');
    await page.goto(address);
    await page.waitForSelector('#respond');
    await page.waitForSelector('.thread[aria-busy=false] > ol > li:nth-child(30) button:has-text("Report")');
    const beginning = await burstsSince(page);
    await turnPage(page);
    const further = await burstsSince(page);
    expect(await listsOf(page)).toEqual([apartOf(30), apartOf(30)]);

    await page.goto('about:blank');
    await page.goto(`${address}#comment-${reply}`);
    await page.waitForSelector('#respond');
    await page.waitForSelector('.thread[aria-busy=false] > ol > li:nth-child(30) button:has-text("Report")');
    expect(await page.locator('ol.replies > li').count()).toBe(60);
    const linked = await burstsSince(page);

    for (const { all, most, formats } of [beginning, further, linked]) {
      expect(all).toBeGreaterThan(MOST_ELEMENTS);
      expect(most).toBeLessThanOrEqual(MOST_ELEMENTS);
      expect(formats).toBeLessThanOrEqual(MOST_FORMATS);
    }
    await context.close();
  },
);

inBrowser(
  'the orders and a deep link that follow each other fast leave one thread, each comment once',
  async () => {
    await world.site('hurry', { policy: { moderation: 'none', duplicateHours: 0, pageSize: 100 } });
    await fill('hurry', { roots: 70, replies: 0 });
    const { page, context } = await world.open(world.publish('/hurry', 'hurry'));
    await page.waitForSelector('#respond');
    for (const order of ['newest', 'oldest', 'newest'])
      await page.evaluate(
        `(() => { const select = document.querySelector('gatehouse-comments').shadowRoot.querySelector('.tools select');
          select.value = '${order}'; select.dispatchEvent(new Event('change')); })()`,
      );
    const { comments } = await world.api.list('hurry', { page: `${world.origin}/hurry`, sort: 'newest' });
    await page.waitForSelector(
      `.thread[aria-busy=false] > ol > li:first-child[id="comment-${comments[0]?.id}"]`,
    );
    expect(await page.locator('.thread > ol > li').count()).toBe(70);
    await context.close();
  },
);

if (isLongRun) {
  inBrowser(
    'a thread of five thousand comments is paged without ever making much at once',
    async () => {
      await world.site('many', { policy: { moderation: 'none', duplicateHours: 0 } });
      await fill('many', { roots: MANY, replies: 0 });
      const { page, context } = await world.open('about:blank');
      const address = world.publish('/many', 'many');
      await watchBursts(page);
      await page.addInitScript(
        'globalThis.long = []; new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => Math.round(one.duration)))).observe({ type: "longtask", buffered: true })',
      );
      const began = Date.now();
      await page.goto(address);
      await page.waitForSelector('li[id^=comment-]');
      const first = Date.now() - began;
      await page.waitForSelector('#respond');
      await page.evaluate('long.length = 0');
      const endTrace = await traceTasks(page);
      let most = 0;
      for (let i = 0; i < TURNS; i++) {
        await turnPage(page);
        most = Math.max(most, (await burstsSince(page)).most);
      }
      const busiest = await endTrace();
      const long = await page.evaluate<number[]>('long');
      process.stderr.write(
        `first comment of ${MANY} after ${first} ms; at most ${most} elements a frame; while paging no task took more than ${busiest.toFixed(1)} ms of the processor; over ${LONG_MS} ms by the clock: ${long.length} (${long.join(', ')})\n`,
      );
      expect(most).toBeLessThanOrEqual(MOST_ELEMENTS);
      expect(await listsOf(page)).toEqual(Array.from({ length: TURNS + 1 }, () => apartOf(20)));
      await context.close();
    },
    600_000,
  );
}
