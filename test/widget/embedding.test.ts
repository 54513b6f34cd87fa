import type { Posted } from '../support/api-client.ts';
import { inBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { fillIn, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Pages of all kinds that the widget is put into. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const widthOf = 'document.documentElement.scrollWidth';
const author = { name: 'Ada', email: 'ada@readers.example' };

inBrowser(
  'the thread begins anew when an attribute comes, changes or goes, and when the element is moved',
  async () => {
    await world.site('spa', { policy: { moderation: 'none' } });
    const element = `<gatehouse-comments site="spa"></gatehouse-comments><script src="${world.service.url}/embed.js" async></script>`;
    const url = world.publish('/spa', 'spa', { body: element });
    const other = world.publish('/spa/other', 'spa');
    await world.api.posted('spa', { page: { url }, author, body: 'Of the page' });
    await world.api.posted('spa', { page: { url: other }, author, body: 'Of another page' });
    await world.api.posted('spa', { page: { url: `${other}/x`, id: 'x' }, author, body: 'Of an id' });
    const { page, context, asked } = await world.open(url);
    const shows = (text: string): Promise<unknown> =>
      until(text, async () => (await page.locator('article .body').allTextContents()).join() === text);
    const host = 'document.querySelector("gatehouse-comments")';
    await shows('Of the page');
    // As the element came with its attributes it began once.
    expect(asked().filter((path) => /comments\?/.test(path))).toHaveLength(1);
    await page.evaluate(`${host}.setAttribute('page', ${JSON.stringify(other)})`);
    await shows('Of another page');
    await page.evaluate(`${host}.setAttribute('page-id', 'x')`);
    await shows('Of an id');
    await page.evaluate(`${host}.removeAttribute('page-id')`);
    await shows('Of another page');
    const before = asked().length;
    await page.evaluate(`${host}.setAttribute('page', ${JSON.stringify(other)})`);
    await page.evaluate(
      `{ const moved = ${host}; moved.remove(); moved.removeAttribute('page'); document.body.append(moved); }`,
    );
    await shows('Of the page');
    expect(
      asked()
        .slice(before)
        .filter((path) => /comments\?/.test(path)),
    ).toHaveLength(1);
    await context.close();
  },
);

inBrowser(
  'bundled into another script, threads and counts are of the server that the element names',
  async () => {
    await world.site('bundled', { policy: { moderation: 'none' } });
    const home = world.service.url;
    // As a bundler has it: a module, of another origin, which no script element of ours has brought.
    const script = await (await fetch(`${home}/embed.js`)).text();
    const url = world.publish('/bundled', 'bundled', {
      body: `<span data-gatehouse-count="${world.origin}/bundled">?</span>
<gatehouse-comments site="bundled" server="${home}/"></gatehouse-comments>
<script type="module">${script}</script>`,
    });
    await world.api.posted('bundled', { page: { url }, author, body: 'Of the page' });
    const { page, context, troubles } = await world.open(url);
    await page.waitForSelector('#respond');
    expect(await page.locator('article .body').textContent()).toBe('Of the page');
    await page.waitForSelector('[data-gatehouse-count]:text-is("1")');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser('a page may be named by its path, and by nothing it is the one that is shown', async () => {
  await world.site('named', { policy: { moderation: 'none' } });
  const url = world.publish('/named/path', 'named', { data: { page: '/named' } });
  const element = `<gatehouse-comments site="named" page=""></gatehouse-comments><script src="${world.service.url}/embed.js" async></script>`;
  const unnamed = world.publish('/named/nothing', 'named', { body: element });
  for (const [address, of] of [
    [url, `${world.origin}/named`],
    [unnamed, unnamed],
  ] as const) {
    await world.api.posted('named', { page: { url: of }, author, body: `Of ${of}` });
    const { page, context } = await world.open(address);
    await page.waitForSelector(`article:has-text("Of ${of}")`);
    await context.close();
  }
});

inBrowser('a page that was kept with its thread in it has the thread once', async () => {
  await world.site('kept', { policy: { moderation: 'none' } });
  const script = `<script src="${world.service.url}/embed.js" data-site="kept" async></script>`;
  const url = world.publish('/kept', 'kept', {
    body: `${script}<gatehouse-comments site="kept"></gatehouse-comments>`,
  });
  const { page, context } = await world.open(url);
  await page.waitForSelector('#respond');
  expect(await page.locator('gatehouse-comments').count()).toBe(1);
  await context.close();
});

inBrowser('of a script in the head the thread stands below the page, or where it has its place', async () => {
  await world.site('headed', { policy: { moderation: 'none' } });
  const script = `<script src="${world.service.url}/embed.js" data-site="headed" async></script>`;
  const place =
    '<p id="before"></p><gatehouse-comments site="headed"></gatehouse-comments><p id="after"></p>';
  const below = world.publish('/headed/below', 'headed', { head: script, body: '<p id="before"></p>' });
  const inPlace = world.publish('/headed/place', 'headed', { head: script, body: place });
  for (const [url, parent] of [
    [below, 'body'],
    [inPlace, 'main'],
  ] as const) {
    const { page, context } = await world.open(url);
    await page.waitForSelector('#respond', { state: 'visible' });
    expect(await page.locator('gatehouse-comments').count()).toBe(1);
    expect(await page.locator(`${parent} > gatehouse-comments`).count()).toBe(1);
    await context.close();
  }
});

inBrowser('a count whose address or language is none spoils no other', async () => {
  await world.site('counted', { policy: { moderation: 'none' } });
  const counted = `${world.origin}/counted`;
  const url = world.publish('/counted', 'counted', {
    body: `<span data-gatehouse-count="http://[">?</span>
<span data-gatehouse-count="${counted}" lang="fa_IR">?</span>
<span data-gatehouse-count="${counted}" lang="no language">?</span>
<span data-gatehouse-count="${counted}">?</span>
<script src="${world.service.url}/embed.js" data-site="counted" data-counts-only async></script>`,
  });
  await world.api.posted('counted', { page: { url }, author, body: 'One' });
  const { page, context, troubles } = await world.open(url);
  await page.waitForSelector('span:nth-of-type(4):text-is("1")');
  expect(await page.locator('span').allTextContents()).toEqual(['?', '۱', '1', '1']);
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser(
  'neither a table, nor a row, nor a page that breaks no lines is made wider by what readers wrote',
  async () => {
    await world.site('narrow', { policy: { moderation: 'none' } });
    const url = `${world.origin}/narrow`;
    const sentence = 'A sentence that is longer than the screen is wide. '.repeat(4);
    await world.api.posted('narrow', { page: { url }, author, body: sentence });
    await world.api.posted('narrow', { page: { url }, author, body: `\`\`\`\n${sentence}\n\`\`\`` });
    const script = `<script src="${world.service.url}/embed.js" data-site="narrow" data-page="${url}" async></script>`;
    for (const body of [
      `<table><tr><td>${script}</td></tr></table>`,
      `<table><tr><td nowrap>${script}</td></tr></table>`,
      `<div class="row"><span>Aside</span>${script}</div>`,
      `<div class="pre">${script}</div>`,
    ]) {
      const css = '.row{display:flex}.pre{white-space:pre;text-indent:3em}';
      const { page, context } = await world.open(world.publish('/narrow', 'narrow', { body, css }), {
        viewport: { width: 400, height: 800 },
      });
      await page.waitForSelector('#respond');
      expect([body, await page.evaluate(widthOf)]).toEqual([body, 400]);
      const wide = 'document.querySelector("gatehouse-comments").shadowRoot.querySelector("pre").clientWidth';
      expect(await page.evaluate(wide)).toBeGreaterThan(200);
      await context.close();
    }
  },
);

inBrowser(
  'answers to answers to answers can be read on a phone, however deep a site lets them go, with and without JavaScript',
  async () => {
    await world.site('deep', { policy: { moderation: 'none', maxDepth: 40 } });
    const url = world.publish('/deep', 'deep');
    let parentId: string | null = null;
    for (let depth = 0; depth <= 30; depth += 1) {
      const body = `Something about number ${depth}`;
      const { comment }: Posted = await world.api.posted('deep', { page: { url }, author, body, parentId });
      parentId = comment.id;
    }
    // With a deep link all of them come along.
    const plain = `${world.service.url}/v1/sites/deep/thread?page=${encodeURIComponent(url)}`;
    for (const [address, text] of [
      [`${url}#comment-${parentId}`, 'article .body'],
      [plain, '.gh-body'],
    ] as const) {
      const { page, context } = await world.open(address, { viewport: { width: 320, height: 800 } });
      await until('all to stand there', async () => (await page.locator(text).count()) === 31);
      const boxes = await Promise.all((await page.locator(text).all()).map((one) => one.boundingBox()));
      expect(Math.min(...boxes.map((box) => box?.width ?? 0))).toBeGreaterThan(150);
      expect(await page.evaluate(widthOf)).toBe(320);
      await context.close();
    }
  },
);

inBrowser('on paper there is what was written, and nothing to press or fill in', async () => {
  await world.site('paper', { policy: { moderation: 'none' } });
  const url = world.publish('/paper', 'paper');
  const body = `To be read\n\n\`\`\`\n${'a long line of code '.repeat(20)}${'x'.repeat(300)}\n\`\`\``;
  await world.api.posted('paper', { page: { url }, author, body });
  const { page, context } = await world.open(url);
  await page.waitForSelector('#respond');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('article .body').isVisible()).toBe(true);
  expect(await page.locator('button:visible, form:visible, select:visible').count()).toBe(0);
  const address = `${world.service.url}/v1/sites/paper/thread?page=${encodeURIComponent(url)}`;
  for (const code of ['.body pre', '.gh-body pre']) {
    const cut = await page
      .locator(code)
      .evaluate<number, { scrollWidth: number; clientWidth: number }>(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      );
    expect([code, cut]).toEqual([code, 0]);
    await page.goto(address);
  }
  await context.close();
});

inBrowser(
  'in a shadow root the thread has the language around that, and leaves what is being written',
  async () => {
    await world.site('shaded', { policy: { moderation: 'none' } });
    const { page, context, troubles } = await world.open(
      world.publish('/shaded', 'shaded', { lang: 'fa', body: '<div id="shade"></div>' }),
    );
    await page.evaluate(`{
    const root = document.querySelector('#shade').attachShadow({ mode: 'open' });
    root.innerHTML = '<gatehouse-comments site="shaded"></gatehouse-comments><gatehouse-comments site="shaded"><textarea></textarea></gatehouse-comments>';
    root.querySelector('textarea').focus();
    const script = document.createElement('script');
    script.src = '${world.service.url}/embed.js';
    document.head.append(script);
  }`);
    await page.waitForSelector('#respond');
    expect(await page.locator('gatehouse-comments section').first().getAttribute('lang')).toBe('fa');
    await page.keyboard.type('so far');
    expect(await page.locator('#shade > gatehouse-comments > textarea').inputValue()).toBe('so far');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser.each([
  { mistake: 'no site has that id', made: 'typed', site: 'mistyped' },
  { mistake: 'its site is of another origin', made: 'elsewhere', site: 'elsewhere' },
])('where $mistake the console says what to look at', async ({ made, site }) => {
  await world.site(made, { origins: ['https://elsewhere.example'] });
  const { page, context } = await world.open(world.publish(`/${site}`, site));
  const wrong = page.locator('gatehouse-comments .error');
  await wrong.waitFor();
  const said: string[] = [];
  page.on('console', (message) => void (message.type() === 'warning' && said.push(message.text())));
  await page.reload();
  await wrong.waitFor();
  await until('the hint', () => Promise.resolve(said.length === 1));
  expect(said).toEqual([
    `No comments from ${world.service.url}: is there a site "${site}", and is ${world.origin} one of its origins?`,
  ]);
  await context.close();
});

inBrowser('what is sent in one tab leaves what is being written in another', async () => {
  await world.site('tabs', { policy: { moderation: 'none' } });
  const address = world.publish('/tabs', 'tabs');
  const first = await world.open(address);
  const second = await first.context.newPage();
  await second.goto(address);
  for (const page of [first.page, second]) await page.waitForSelector('#respond');
  await fillIn(first.page, { comment: 'Sent', name: 'N', email: 'n@readers.example' });
  await fillIn(second, { comment: 'Half a sentence' });
  await first.page.click('#respond button[part~=submit]');
  await first.page.waitForSelector('li article .body:has-text("Sent")');
  await second.reload();
  await second.waitForSelector('#respond');
  expect(await second.inputValue('#respond textarea')).toBe('Half a sentence');
  // What was sent itself is no draft any more.
  await fillIn(second, { comment: 'Sent, too', name: 'N', email: 'n@readers.example' });
  await second.click('#respond button[part~=submit]');
  await second.waitForSelector('li article .body:has-text("Sent, too")');
  await second.reload();
  await second.waitForSelector('#respond');
  expect(await second.inputValue('#respond textarea')).toBe('');
  await first.context.close();
});
