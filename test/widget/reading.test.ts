import type { PublicComment } from '../../src/comments/public-comment.ts';
import type { PublicPolicy } from '../../src/sites/public-policy.ts';
import type { Comment, Policy } from '../../src/widget/types.ts';
import { inBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { startWidgetWorld, strictPolicy, type WidgetWorld } from '../support/widget-page.ts';

/** Readers read: the thread in its page, whatever the page forbids and whatever comments hold. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const url = (path: string): string => world.origin + path;
async function say(
  site: string,
  path: string,
  body: string,
  rest: Record<string, unknown> = {},
): Promise<string> {
  const author = { name: 'Mina', email: 'mina@readers.example' };
  const posted = await world.api.posted(site, {
    page: { url: url(path), title: 'T' },
    author,
    body,
    ...rest,
  });
  return posted.comment.id;
}

test('its types are those of the service', () => {
  const comment = (one: PublicComment): Comment => one;
  const policy = (one: PublicPolicy): Policy => one;
  expect([comment, policy]).toHaveLength(2);
});

inBrowser(
  'the first comment needs three requests, also where the page names no language; nothing is kept before the reader acts',
  async () => {
    await world.site('calm', { policy: { moderation: 'none' }, locale: 'fa' });
    await say('calm', '/calm', 'Hello *there*');
    for (const [lang, language] of [
      ['en', 'en'],
      ['', 'fa'],
    ] as const) {
      const address = world.publish('/calm', 'calm', { lang });
      const { page, asked, context, troubles } = await world.open(address);
      await page.waitForSelector('#respond');
      const first = asked().slice(0, 3);
      expect(first.map((path) => path.replace(/\?.*/, '')).sort()).toEqual([
        '/embed.js',
        `/embed/${language}.json`,
        '/v1/sites/calm/comments',
      ]);
      expect(await page.locator('section').getAttribute('lang')).toBe(language);
      expect(await page.locator('li .body em').textContent()).toBe('there');
      expect(
        await page.evaluate('JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])'),
      ).toBe('["",{},{}]');
      expect(await context.cookies()).toEqual([]);
      expect(troubles).toEqual([]);
      await context.close();
    }
  },
);

inBrowser('works under the strictest policy with Trusted Types, without an inline style', async () => {
  await world.site('strict', { policy: { moderation: 'none' } });
  const id = await say(
    'strict',
    '/strict',
    '> a quote\n\n- one\n- two\n\n`code` <b>text</b> https://a.example/',
  );
  const csp = strictPolicy(world.service.url);
  const { page, troubles, context } = await world.open(world.publish('/strict', 'strict', { csp }));
  await page.waitForSelector('#respond');
  const item = page.locator(`#comment-${id}`);
  expect(await item.locator('.body').textContent()).toContain('<b>text</b>');
  expect(await item.locator('.body blockquote p, .body li, .body code').count()).toBe(4);
  expect(await item.locator('.body a').getAttribute('rel')).toBe('nofollow ugc noopener noreferrer');
  expect(await page.locator('[style]').count()).toBe(0);
  await page.fill('#respond textarea', '**bold**');
  await page.click('#respond button:has-text("Preview")');
  expect(await page.locator('.preview strong').textContent()).toBe('bold');
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser(
  'a hostile service brings no element and no address into the page that a comment has not',
  async () => {
    await world.site('fault', { policy: { moderation: 'none' } });
    await say('fault', '/fault', 'x');
    const { page, context } = await world.open('about:blank');
    await context.route('**/v1/sites/fault/comments?**', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { comments: { body: { html: string }; author: object }[] };
      for (const comment of answer.comments) {
        comment.body.html =
          '<p onclick="alert(1)" style="x">a<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">l</a><iframe></iframe><svg></svg></p></li></ol><p>b &lt;i&gt;';
        comment.author = {
          name: '<img src=x onerror=alert(2)>',
          url: 'javascript:alert(1)',
          avatar: 'javascript:x',
        };
      }
      await route.fulfill({ response, json: answer });
    });
    await page.goto(world.publish('/fault', 'fault'));
    await page.waitForSelector('#respond');
    const article = page.locator('li[id^=comment-] article');
    expect(
      await article.locator('script, img, iframe, svg, [onclick], [style], a[href^="javascript"]').count(),
    ).toBe(0);
    expect(await article.locator('.author').textContent()).toBe('<img src=x onerror=alert(2)>');
    expect(await article.locator('.body').textContent()).toContain('b <i>');
    await context.close();
  },
);

inBrowser(
  'pages, sorts, unfolds replies, and leads to the comment of a deep link with its focus',
  async () => {
    await world.site('long', { policy: { moderation: 'none', duplicateHours: 0, pageSize: 5 } });
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await say('long', '/long', `Root ${i}`));
    let deep = '';
    for (let i = 0; i < 7; i++) deep = await say('long', '/long', `Reply ${i}`, { parentId: ids[7] });
    const address = world.publish('/long', 'long');
    const { page, context, troubles } = await world.open(address);
    const roots = page.locator('.thread > ol > li');
    await page.waitForSelector('#respond');
    expect(await page.locator('h2').first().textContent()).toBe('19 comments');
    expect(await roots.count()).toBe(5);
    await page.click('button:has-text("More comments")');
    await page.waitForSelector(`#comment-${ids[9]}`);
    expect(await page.locator(`#replies-${ids[7]}`).isVisible()).toBe(false);
    await page.click('button:has-text("Show 7 replies")');
    expect(await page.locator(`#comment-${deep}`).isVisible()).toBe(true);
    await page.selectOption('.tools select', 'newest');
    await page.waitForSelector(`#comment-${ids[11]}`);
    expect(await roots.first().getAttribute('id')).toBe(`comment-${ids[11]}`);
    await context.close();

    const linked = await world.open(`${address}#comment-${deep}`);
    await linked.page.waitForSelector('#respond');
    const focused = "document.querySelector('gatehouse-comments').shadowRoot.activeElement?.id";
    await linked.page.waitForFunction(`${focused} === 'comment-${deep}'`);
    expect(await linked.page.locator(`#comment-${deep}`).isVisible()).toBe(true);
    await linked.page.click('button:has-text("Earlier comments")');
    await linked.page.waitForSelector(`#comment-${ids[2]}`);
    expect([...troubles, ...linked.troubles]).toEqual([]);
    await linked.context.close();
  },
);

inBrowser(
  'tombstones, moderators and pinned comments are told apart; counts of a page are one call',
  async () => {
    await world.site('marks', { policy: { moderation: 'none' } });
    const gone = await world.api.posted('marks', {
      page: { url: url('/marks') },
      author: { name: 'A', email: 'a@readers.example' },
      body: 'soon gone',
    });
    await say('marks', '/marks', 'under it', { parentId: gone.comment.id });
    const bearer = { Authorization: `Bearer ${gone.editToken}` };
    await world.api.send({ method: 'DELETE', path: `/v1/comments/${gone.comment.id}`, headers: bearer });
    const pinned = await say('marks', '/marks', 'pinned one');
    await world.api.asAdmin({
      method: 'POST',
      path: `/v1/moderation/comments/${pinned}/highlight`,
      body: { pinned: true },
    });
    const spans = ['/marks', '/none', '/marks']
      .map((path) => `<span data-gatehouse-count="${url(path)}">?</span>`)
      .join(' ');
    const script = `<script src="${world.service.url}/embed.js" data-site="marks" async></script>`;
    const { page, asked, context } = await world.open(
      world.publish('/marks', 'marks', { body: spans + script }),
    );
    await page.waitForSelector('#respond');
    expect(await page.locator('.removed').textContent()).toBe('This comment has been removed.');
    expect(await page.locator(`#comment-${pinned} .badge`).textContent()).toBe('Pinned');
    expect(await page.locator('[data-gatehouse-count]').allTextContents()).toEqual(['2', '0', '2']);
    expect(asked().filter((path) => path.includes('/counts'))).toHaveLength(1);
    await context.close();
  },
);

inBrowser(
  'takes its look from the page by its documented properties, whatever else the page calls its own',
  async () => {
    await world.site('look', { policy: { moderation: 'none' } });
    const own = 'body{--edge:rgb(1, 2, 3);--line:none;--gap:7px}';
    const css = `${own}gatehouse-comments{--gatehouse-border:var(--edge);--gatehouse-space:var(--gap)}`;
    const { page, context } = await world.open(world.publish('/look', 'look', { css }));
    await page.waitForSelector('#respond');
    const look = await page.evaluate<string[]>(
      `(() => { const form = document.querySelector('gatehouse-comments').shadowRoot.querySelector('form');
        return [getComputedStyle(form.querySelector('textarea')).border, getComputedStyle(form).marginTop]; })()`,
    );
    expect(look).toEqual(['1px solid rgb(1, 2, 3)', '7px']);
    await context.close();
  },
);

inBrowser('leads to the feed of the page where the site has one', async () => {
  await world.site('fed', { policy: { moderation: 'none' } });
  await world.site('unfed', { policy: { moderation: 'none', feed: false } });
  await say('fed', '/fed', 'in the feed');
  const { page, context } = await world.open(world.publish('/fed', 'fed'));
  await page.waitForSelector('#respond');
  const href = (await page.getAttribute('.tools a', 'href')) ?? '';
  expect(await (await fetch(href)).text()).toContain('in the feed');
  await page.goto(world.publish('/unfed', 'unfed'));
  await page.waitForSelector('#respond');
  expect(await page.locator('.tools a').count()).toBe(0);
  await context.close();
});

inBrowser(
  'says how many are new when the reader comes back to the tab, asks nothing while it is hidden, and takes it back where they are gone',
  async () => {
    await world.site('fresh', { policy: { moderation: 'none' } });
    await say('fresh', '/fresh', 'first');
    const { page, context, asked } = await world.open(world.publish('/fresh', 'fresh'));
    await page.waitForSelector('#respond');
    const id = await say('fresh', '/fresh', 'second');
    const turn = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`,
      );
    const counted = () => asked().filter((path) => path.includes('/counts')).length;
    await turn(true);
    await turn(false);
    await page.click('button:has-text("1 new comment")');
    await page.waitForSelector(`#comment-${id}`);
    expect(counted()).toBe(1);
    const gone = await say('fresh', '/fresh', 'third');
    await turn(false);
    await page.waitForSelector('button:has-text("1 new comment")');
    await world.api.decide(gone, { action: 'trash' });
    await turn(true);
    expect(await page.locator('button:has-text("1 new comment")').count()).toBe(1);
    await turn(false);
    await page.waitForSelector('button:has-text("1 new comment")', { state: 'detached' });
    expect(counted()).toBe(3);
    await context.close();
  },
);

inBrowser('how long ago a comment was written grows while the page is left open', async () => {
  await world.site('ages', { policy: { moderation: 'none' } });
  await say('ages', '/ages', 'just now');
  const { page, context } = await world.open('about:blank');
  await page.clock.install();
  await page.goto(world.publish('/ages', 'ages'));
  await page.waitForSelector('#respond');
  const time = page.locator('article time');
  expect(await time.textContent()).toBe('this minute');
  await page.clock.fastForward('01:00:30');
  await until('an hour to be told', async () => (await time.textContent()) === '1 hour ago');
  await context.close();
});

inBrowser(
  'counts of more places than one call takes are all filled in; where they can’t be had, what stands there stays',
  async () => {
    await world.site('many', { policy: { moderation: 'none' } });
    await say('many', '/many', 'one');
    const spans = Array.from({ length: 101 }, (_, index) => {
      const path = index === 100 ? '/many' : `/none-${index}`;
      return `<span data-gatehouse-count="${url(path)}">?</span>`;
    }).join(' ');
    const bodyFor = (site: string) =>
      `${spans}<script src="${world.service.url}/embed.js" data-site="${site}" data-counts-only async></script>`;
    const { page, context, troubles } = await world.open(
      world.publish('/many', 'many', { body: bodyFor('many') }),
    );
    const last = page.locator('[data-gatehouse-count]').last();
    await page.waitForFunction(
      "document.querySelectorAll('[data-gatehouse-count]')[100].textContent === '1'",
    );
    expect(await page.locator('[data-gatehouse-count]:text-is("0")').count()).toBe(100);
    const named = `<span data-gatehouse-count="${url('/many')}">?</span><gatehouse-comments site="many">
</gatehouse-comments><script src="${world.service.url}/embed.js" async></script>`;
    await page.goto(world.publish('/many', 'many', { body: named }));
    await page.waitForSelector('[data-gatehouse-count]:text-is("1")');
    const failed = page.waitForEvent('requestfailed', (one) => one.url().endsWith('/counts'));
    await page.goto(world.publish('/many', 'many', { body: bodyFor('nowhere') }));
    await failed;
    expect(await last.textContent()).toBe('?');
    expect(troubles).toEqual([]);
    await context.close();
  },
  30_000,
);
