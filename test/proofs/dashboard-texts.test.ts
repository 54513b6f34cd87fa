import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk } from '../support/dashboard.ts';
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
