import { inBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { fillIn, holdBack, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** A line that is slow, or gone for a while: what has come is shown, and what stands there stays until then. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

/** A page with something of its own where the thread will be. */
async function publish(site: string, within: string): Promise<string> {
  await world.site(site, { policy: { moderation: 'none' } });
  const author = { name: 'A', email: 'a@readers.example' };
  await world.api.posted(site, { page: { url: `${world.origin}/${site}` }, author, body: 'Patience' });
  const script = `<script src="${world.service.url}/embed.js" async></script>`;
  const body = `<gatehouse-comments site="${site}">${within}</gatehouse-comments>${script}`;
  return world.publish(`/${site}`, site, { body });
}

const LINK = '<a id="without" href="/thread">Comments</a>';

inBrowser(
  'a link stands until the thread does, the thread before the form, and what failed is tried again',
  async () => {
    const { page, context, troubles } = await world.open('about:blank');
    const [words, listing, policy] = await Promise.all(
      ['/embed/en.json', '/v1/sites/slow/comments?', '/v1/sites/slow?'].map((part) =>
        holdBack(context, part),
      ),
    );
    await context.route('**/embed/write.js**', (route) => route.abort(), { times: 1 });
    await page.goto(await publish('slow', LINK));
    await words?.asked();
    expect(await page.locator('#without').isVisible()).toBe(true);
    await words?.letGo();
    await listing?.letGo();
    await page.waitForSelector('text=Patience');
    expect(await page.locator('#without').isVisible()).toBe(false);
    expect(await page.locator('#respond').count()).toBe(0);
    await policy?.letGo();
    await page.click('.error button:has-text("Try again")');
    await policy?.letGo();
    await page.waitForSelector('#respond');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser(
  'without a line what stands in the page stays, and the thread comes when the line is back',
  async () => {
    const { page, context, troubles } = await world.open('about:blank');
    const sentences = '**/embed/en.json**';
    await context.route(sentences, (route) => route.abort());
    const refused = page.waitForEvent('requestfailed');
    await page.goto(await publish('gone', LINK));
    await refused;
    await context.unroute(sentences);
    expect(await page.locator('#without').isVisible()).toBe(true);
    // The refusal takes a moment to reach the script.
    await until('the thread to stand', async () => {
      await page.evaluate("dispatchEvent(new Event('online'))");
      return (await page.locator('#respond').count()) > 0;
    });
    expect(await page.locator('#without').isVisible()).toBe(false);
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser('who has begun to write in what stood there before is left to it', async () => {
  const { page, context } = await world.open('about:blank');
  const words = await holdBack(context, '/embed/en.json');
  await page.goto(await publish('early', '<textarea id="early"></textarea>'));
  await page.fill('#early', 'I was here first');
  const answered = page.waitForResponse('**/embed/en.json**');
  await words.letGo();
  await (await answered).finished();
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  expect(await page.inputValue('#early')).toBe('I was here first');
  expect(await page.locator('#early').isVisible()).toBe(true);
  await context.close();
});

inBrowser('nothing is written on in what is on its way, and it is sent once', async () => {
  const { page, context, troubles } = await world.open(await publish('waits', ''));
  await fillIn(page, { comment: 'The first half', name: 'Ada', email: 'ada@readers.example' });
  const post = await holdBack(context, '/v1/sites/waits/comments');
  const text = page.locator('#respond textarea');
  await page.click('#respond button[part~=submit]');
  await post.asked();
  await text.focus();
  await page.keyboard.type(' and what would be lost');
  expect(await text.inputValue()).toBe('The first half');
  await post.letGo();
  await page.waitForSelector('.body:has-text("The first half")');
  await page.fill('#respond textarea', 'The next');

  const patch = await holdBack(context, '/v1/comments/');
  await page.click('button:has-text("Edit")');
  for (const part of [' and the second', ' and what would be lost']) {
    await page.locator('form.small textarea').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(part);
    await page.click('form.small button:has-text("Save")');
  }
  await patch.letGo();
  await page.waitForSelector('article p:text-is("The first half and the second")');
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser(
  'of votes that follow each other closely none goes out before the one before is answered',
  async () => {
    const { page, context, troubles } = await world.open(await publish('hasty', ''));
    await page.waitForSelector('button.up');
    const votes: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') votes.push(`${request.postData()}`);
    });
    const line = await holdBack(context, '/vote');
    await page.click('button.up');
    await line.asked();
    await page.click('button.down');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
    expect(votes).toEqual(['{"value":1}']);
    await line.letGo();
    await line.letGo();
    await page.waitForSelector('button.down[aria-pressed=true]:text-is("1")');
    expect(await page.locator('button.up').getAttribute('aria-pressed')).toBe('false');
    expect(votes).toEqual(['{"value":1}', '{"value":-1}']);
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser('a preview that comes behind the sending, or behind a newer one, is not shown', async () => {
  const { page, context, troubles } = await world.open(await publish('looks', ''));
  await page.waitForSelector('#respond');
  const previews: (() => Promise<void>)[] = [];
  await context.route('**/preview', (route) => void previews.push(() => route.continue()));
  const look = async (comment: string): Promise<void> => {
    const before = previews.length;
    await fillIn(page, { comment, name: 'B', email: 'b@readers.example' });
    await page.click('#respond button:text-is("Preview")');
    await until('the preview to be asked for', () => previews.length > before);
  };
  const answer = async (index: number): Promise<void> => {
    const come = page.waitForEvent('requestfinished', (request) => request.url().endsWith('/preview'));
    await previews[index]?.();
    await come;
    // What the page does with it.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
  };
  await look('Older words');
  await look('Newer words');
  await answer(1);
  await page.waitForSelector('.preview p:text-is("Newer words")');
  await answer(0);
  expect(await page.locator('.preview').textContent()).toBe('Newer words');
  await look('Words that are sent');
  await page.click('#respond button:text-is("Send comment")');
  await page.waitForSelector('article:has-text("Words that are sent")');
  await answer(2);
  expect(await page.locator('.preview').textContent()).toBe('');
  expect(troubles).toEqual([]);
  await context.close();
});
