import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** What readers of a right-to-left language meet that others do not. */
let world: WidgetWorld;
beforeAll(async () => {
  const started = await startWidgetWorld();
  if (started) world = started;
});
afterAll(() => world?.close());

const SITE = { locale: 'fa', policy: { moderation: 'none' } };
const MARKUP = '> نقل قول\n\n- یک\n- دو\n\n1. الف\n2. ب\n\nیک جمله\n\n- one\n- two';

const say = async (site: string, path: string, body: string): Promise<string> => {
  const author = { name: 'آن', email: 'ann@readers.example' };
  return (await world.api.posted(site, { page: { url: world.origin + path }, author, body })).comment.id;
};

/** For each item of the lists the pixels that its marker has, and the direction of the quote. */
const layoutOf = (page: Page, body: string): Promise<{ rooms: number[]; quote: string }> =>
  page.locator(body).evaluate((element: unknown) => {
    interface Box {
      left: number;
      right: number;
    }
    interface Drawn {
      getBoundingClientRect(): Box;
      querySelector(selector: string): Drawn;
      querySelectorAll(selector: string): Iterable<Drawn>;
    }
    const styles = globalThis as unknown as { getComputedStyle(of: Drawn): { direction: string } };
    const drawn = element as Drawn;
    const edge = drawn.getBoundingClientRect();
    const rooms = [...drawn.querySelectorAll('li')].map((item) => {
      const { left, right } = item.getBoundingClientRect();
      return styles.getComputedStyle(item).direction === 'rtl' ? edge.right - right : left - edge.left;
    });
    return { rooms, quote: styles.getComputedStyle(drawn.querySelector('blockquote')).direction };
  });

inBrowser(
  'Persian lists have room for their markers, and a Persian quote its line where it begins',
  async () => {
    await world.site('lists', SITE);
    const id = await say('lists', '/lists', MARKUP);
    const { page, context } = await world.open(world.publish('/lists', 'lists', { lang: 'fa' }));
    const address = encodeURIComponent(`${world.origin}/lists`);
    for (const body of [`#comment-${id} .body`, `#comment-${id} .gh-body`]) {
      await page.waitForSelector(body);
      const { rooms, quote } = await layoutOf(page, body);
      expect(rooms).toHaveLength(6);
      expect(Math.min(...rooms)).toBeGreaterThan(20);
      expect(quote).toBe('rtl');
      await page.goto(`${world.service.url}/v1/sites/lists/thread?page=${address}`);
    }
    await context.close();
  },
);

inBrowser('what the service refuses is told in the page’s language, whatever the browser’s is', async () => {
  await world.site('refused', SITE);
  const id = await say('refused', '/refused', 'نوشته‌ای که می‌رود');
  const url = world.publish('/refused', 'refused', { lang: 'fa' });
  const { page, context } = await world.open(url, { locale: 'en-GB' });
  const up = page.locator(`#comment-${id} button.up`);
  await up.waitFor();
  await world.api.decide(id, { action: 'trash' });
  await up.click();
  const wrong = page.locator(`#comment-${id} .actions .error`);
  await wrong.filter({ hasText: /\S/ }).waitFor();
  expect(await wrong.textContent()).toMatch(/^[^a-z]+$/i);
  await context.close();
});
