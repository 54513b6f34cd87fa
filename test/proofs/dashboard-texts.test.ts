import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';

/** What moderators read of comments: in its own direction, and as true where a browser translates it. */
const desk = prepareDesk({ Sara: {} });

const DIRECTION = "getComputedStyle(document.querySelector('blockquote.parent .text')).direction";

inBrowser(
  'what a comment answers reads in its own direction, whatever the moderator’s language',
  async () => {
    await makeSite(desk.api, 'answers', []);
    const page = { url: 'https://answers.example/page' };
    const author = { name: 'Ada', email: 'ada@readers.example' };
    const parent = await desk.api.posted('answers', {
      page,
      author,
      body: 'این نوشته از راست خوانده می‌شود!',
    });
    expectJson(await desk.api.decide(parent.comment.id, { action: 'approve' }), 200);
    await desk.api.posted('answers', { page, author, body: 'So it is.', parentId: parent.comment.id });
    const opened = await openDesk(desk.browser, desk.service, { name: 'Sara', place: '/queue?site=answers' });
    await opened.page.waitForSelector('blockquote.parent .text');
    expect(await opened.page.evaluate(DIRECTION)).toBe('rtl');
    await opened.context.close();
  },
);

/** As browsers do it: each text that may be translated makes room for an element of theirs. */
const TRANSLATE = `{
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.data.trim() || !text.parentElement.translate) continue;
    const font = document.createElement('font');
    font.textContent = 'translated: ' + text.data;
    text.replaceWith(font);
  }
}`;

inBrowser(
  'in a page that the browser translates, counts and names stay true, and a new text shows',
  async () => {
    await makeSite(desk.api, 'translated', ['Ada', 'Ben']);
    const place = '/queue?site=translated';
    const { page, context, wrong } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
    await waitForRows(page, 2);
    await page.waitForSelector('.live-open');
    await page.evaluate(TRANSLATE);
    expect(await page.locator('.comment-side .body').textContent()).toMatch(/^translated: What Ada/);
    await page.keyboard.press('a');
    await page.waitForSelector('.undo-words:has-text("Ada")');
    await page.waitForSelector('.comment-side .author-line:has-text("Ben")');
    await page.evaluate(TRANSLATE);
    const [ben] = await desk.api.walkQueue({ site: 'translated' });
    const body = { body: 'Another text.', version: ben?.version };
    const path = `/v1/moderation/comments/${ben?.id}`;
    expectJson(await desk.api.asAdmin({ method: 'PATCH', path, body }), 200);
    await page.waitForSelector('.comment-side .body:text-is("Another text.")');
    await page.keyboard.press('s');
    await waitForRows(page, 0);
    await page.waitForSelector('.undo-words:has-text("Ben")');
    expect(wrong).toEqual([]);
    await context.close();
  },
);

inBrowser('keys stand on their buttons where they can’t be kept from the ears', async () => {
  await makeSite(desk.api, 'hints', ['Ada']);
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=hints',
  });
  // Firefox before 128 and Safari before 17.4 pass over what they can't read.
  await context.route('**/*.css', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replace(/content:[^;}]*\/ ?""/g, '') });
  });
  await page.reload();
  await page.waitForSelector('.decisions');
  expect(
    await page.evaluate(
      "getComputedStyle(document.querySelector('.decisions [data-key=A]'), '::after').content",
    ),
  ).toBe('"A"');
  await context.close();
});

inBrowser('the links above a comment can be pressed, however long its page’s title is', async () => {
  await desk.api.createSite('titles');
  await desk.api.posted('titles', {
    page: { url: 'https://titles.example/page', title: 'A title of many words '.repeat(10).trim() },
    author: { name: 'Ada', email: 'ada@readers.example' },
    body: 'What Ada has to say about it.',
  });
  const { page, context } = await openDesk(desk.browser, desk.service, {
    name: 'Sara',
    place: '/queue?site=titles',
  });
  await waitForRows(page, 1);
  const low = await page.evaluate<string[]>(
    `[...document.querySelectorAll('.where a')]
      .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.textContent)`,
  );
  expect(low).toEqual([]);
  await context.close();
});
