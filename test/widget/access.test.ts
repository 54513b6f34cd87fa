import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { isLongRun } from '../support/long-run.ts';
import { fillIn, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Everybody can use it: axe-core finds nothing in any state; by keyboard; at 320 pixels and 400 % zoom. */

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const LIGHT = 'body{font:16px/1.5 sans-serif;margin:1rem;color:#222;background:#fff}';
const DARK = 'body{font:16px/1.5 sans-serif;margin:1rem;color:#ddd;background:#111}';

let world: WidgetWorld;
let root = '';
beforeAll(async () => {
  const started = await startWidgetWorld();
  if (!started) return;
  world = started;
  await world.site('all', { policy: { moderation: 'none', duplicateHours: 0 }, locale: 'fa' });
  const page = { url: `${world.origin}/all` };
  const author = { name: 'Mina مینا', email: 'mina@readers.example', url: 'https://mina.example/' };
  root = (await world.api.posted('all', { page, author, body: '> نقل\n\nHello **there**' })).comment.id;
  for (let i = 0; i < 7; i++)
    await world.api.posted('all', { page, author, body: `پاسخ ${i}`, parentId: i === 3 ? null : root });
});
afterAll(() => world?.close());

/** What axe-core finds, in a few words. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 160) + ' ' + nodes[0].failureSummary))`);
}

/** Takes what is asked for under such an address from the page until it is called again. */
async function cutOff(context: BrowserContext, pattern: string): Promise<() => Promise<void>> {
  await context.route(pattern, (route) => route.abort());
  return () => context.unroute(pattern);
}

type Look = [string, string, 'light' | 'dark', 'none' | 'active', Record<string, string>];
/** Light, dark and forced colours; dark by the publisher's word is as dark as by the reader's, once the run is long. */
const looks: Look[] = [
  ['fa', LIGHT, 'light', 'none', {}],
  ['en', DARK, 'dark', 'none', {}],
  ['ar', LIGHT, 'light', 'active', {}],
  ...(isLongRun ? [['en', LIGHT, 'light', 'none', { theme: 'dark' }] satisfies Look] : []),
];

inBrowser('axe-core finds nothing in any state, light, dark and in forced colours', async () => {
  for (const [lang, css, colorScheme, forcedColors, data] of looks) {
    const address = world.publish('/all', 'all', { lang, css, data });
    const { page, context } = await world.open(address, { colorScheme, forcedColors });
    await page.waitForSelector('#respond');
    expect([lang, await findings(page)]).toEqual([lang, []]);
    // An answer's form, a report, a preview, errors beside their fields, and what was sent.
    await page.locator(`#comment-${root} > article .actions button`).nth(2).click();
    await page.locator(`li[id^=comment-]:last-child > article .actions button`).last().click();
    await page.fill('#respond textarea', 'سلام **دنیا**');
    await page.locator('#respond .actions button').nth(1).click();
    await page.waitForSelector('.preview strong');
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('[aria-invalid]');
    expect([lang, await findings(page)]).toEqual([lang, []]);
    await fillIn(page, {
      comment: `از ${lang}${data.theme ?? ''}`,
      name: 'من',
      email: 'me@readers.example',
    });
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('.left:has-text(":"), .left:has-text("٫")').catch(() => undefined);
    await page.locator('.thread > ol > li').last().locator('.actions button').nth(-1).click();
    expect([lang, await findings(page)]).toEqual([lang, []]);
    await context.close();
  }
});

inBrowser(
  'nor where a comment waits and is edited, where the line is cut, where nothing loads, and where all is closed',
  async () => {
    await world.site('held', { policy: { moderation: 'all', duplicateHours: 0 } });
    await world.site('shut', { policy: { closed: true } });
    for (const [lang, css, colorScheme, forcedColors, data] of looks) {
      const look = { lang, css, data };
      const { page, context } = await world.open(world.publish('/held', 'held', look), {
        colorScheme,
        forcedColors,
      });
      await page.waitForSelector('#respond');
      await fillIn(page, { comment: `x ${lang} ${data.theme}`, name: 'من', email: 'me@readers.example' });
      await page.click('#respond button[part~=submit]');
      await page.waitForSelector('article.waiting');
      const own = page.locator('article.waiting .actions button');
      await own.nth(1).click();
      await own.nth(0).click();
      await page.waitForSelector('article.waiting form textarea');
      const mend = await cutOff(context, '**/v1/sites/held/comments');
      await fillIn(page, { comment: 'once more' });
      await page.click('#respond button[part~=submit]');
      await page.waitForSelector('#respond .notice button');
      expect([lang, await findings(page)]).toEqual([lang, []]);
      await mend();

      await cutOff(context, '**/v1/sites/held/comments?**');
      const bring = await cutOff(context, '**/embed/write.js**');
      await page.reload();
      await page.waitForSelector('.error button');
      expect([lang, await findings(page)]).toEqual([lang, []]);
      await bring();
      await page.goto(world.publish('/shut', 'shut', look));
      await page.waitForSelector('select');
      expect([lang, await findings(page)]).toEqual([lang, []]);
      await context.close();
    }
  },
);

inBrowser('nor where code is longer than the line, in the widget and on the page without it', async () => {
  await world.site('code', { policy: { moderation: 'none' } });
  const page = { url: `${world.origin}/code` };
  const author = { name: 'A', email: 'a@readers.example' };
  const body = `\`\`\`\n${'long '.repeat(100)}\n\`\`\``;
  await world.api.posted('code', { page, author, body });
  const thread = `${world.service.url}/v1/sites/code/thread?page=${encodeURIComponent(page.url)}`;
  for (const address of [world.publish('/code', 'code'), thread]) {
    const opened = await world.open(address);
    await opened.page.waitForSelector('#respond');
    const code = opened.page.locator('pre');
    const isLonger = (one: unknown): boolean => {
      const { scrollWidth, clientWidth } = one as { scrollWidth: number; clientWidth: number };
      return scrollWidth > clientWidth;
    };
    expect(await code.evaluate(isLonger)).toBe(true);
    expect(await findings(opened.page)).toEqual([]);
    await opened.context.close();
  }
});

inBrowser('who asked for less motion is shown none', async () => {
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const { page, context } = await world.open(world.publish('/all', 'all'), { reducedMotion });
    await page.waitForSelector('#respond');
    const moving = await page.evaluate<number>(
      `[...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('*')]
          .filter((one) => { const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
            return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto'; }).length`,
    );
    expect([reducedMotion, moving > 0]).toEqual([reducedMotion, reducedMotion !== 'reduce']);
    await context.close();
  }
});

inBrowser(
  'nothing is wider than 320 pixels, nor than the page at 400 % zoom; what is pressed is at least 24 pixels',
  async () => {
    await world.site('wide', { policy: { moderation: 'none', maxDepth: 10 } });
    const page320 = { url: `${world.origin}/wide` };
    let parentId: string | null = null;
    for (let i = 0; i < 9; i++) {
      const body = `${'W'.repeat(300)} ${'https://a.example/'.padEnd(200, 'x')}\n\n\`\`\`\n${'c'.repeat(200)}\n\`\`\``;
      const author = { name: 'N'.repeat(100), email: 'n@readers.example' };
      parentId = (await world.api.posted('wide', { page: page320, author, body: `${i} ${body}`, parentId }))
        .comment.id;
    }
    // 1280 by 1024 pixels at 400 % are 320 by 256 of CSS, each of four (WCAG 2.2, 1.4.10).
    const screens = [
      { lang: 'fa', viewport: { width: 320, height: 640 }, deviceScaleFactor: 1 },
      { lang: 'de', viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
    ];
    for (const { lang, ...screen } of screens) {
      const { page, context } = await world.open(world.publish('/wide', 'wide', { lang }), screen);
      await page.waitForSelector('#respond');
      await page.locator('button.toggle').first().click();
      expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(320);
      const small = await page.evaluate<string[]>(
        `[...document.querySelector('gatehouse-comments').shadowRoot.querySelectorAll('button, input, select, .date a')]
          .filter((one) => one.checkVisibility() && !one.closest('.trap'))
          .filter((one) => { const { width, height } = one.getBoundingClientRect(); return width < 24 || height < 24; })
          .map((one) => one.outerHTML)`,
      );
      expect(small).toEqual([]);
      await context.close();
    }
  },
);

inBrowser('a reader without a mouse writes, answers and is told what happened', async () => {
  await world.site('keys', { policy: { moderation: 'none' } });
  const author = { name: 'A', email: 'a@readers.example' };
  const page = { url: `${world.origin}/keys` };
  const { comment } = await world.api.posted('keys', { page, author, body: 'Root' });
  const opened = await world.open(world.publish('/keys', 'keys'));
  await opened.page.waitForSelector('#respond');
  const active = "document.querySelector('gatehouse-comments').shadowRoot.activeElement";
  const tabTo = async (test: string): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      if (await opened.page.evaluate<boolean>(`!!${active} && (${test})`)) return;
      await opened.page.keyboard.press('Tab');
    }
    throw new Error(`no way by keyboard to ${test}`);
  };
  await tabTo(`${active}.textContent === 'Reply'`);
  await opened.page.keyboard.press('Enter');
  await opened.page.keyboard.type('By keyboard');
  await tabTo(`${active}.autocomplete === 'name'`);
  await opened.page.keyboard.type('Kim');
  await opened.page.keyboard.press('Tab');
  await opened.page.keyboard.type('kim@readers.example');
  await opened.page.keyboard.press('Enter');
  await opened.page.waitForSelector(`#replies-${comment.id} li`);
  expect(await opened.page.locator('[role=status]').textContent()).toBe('Your comment has been published.');
  expect(await opened.page.evaluate(`${active}.id`)).toMatch(/^comment-/);
  await opened.context.close();
});

inBrowser(
  'the pages of the documentation can be read at 320 pixels, by keyboard, and by everybody',
  async () => {
    for (const path of ['/docs', '/docs/errors']) {
      const viewport = { width: 320, height: 640 };
      const { page, context } = await world.open(`${world.service.url}${path}`, { viewport });
      expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(320);
      expect(await findings(page)).toEqual([]);
      await context.close();
    }
  },
);
