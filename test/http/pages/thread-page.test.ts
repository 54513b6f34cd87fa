import { STYLESHEET } from '../../../src/http/pages/stylesheet.ts';
import { threadFragment } from '../../../src/http/pages/thread-fragment.ts';
import { threadPage } from '../../../src/http/pages/thread-page.ts';
import { readNaughtyStrings } from '../../support/corpora.ts';
import { contentOf, decodeEntities, tagsOf } from '../../support/markup.ts';
import { aPublicComment, aThread } from '../../support/threads.ts';

const TAGS = [
  'html',
  'head',
  'meta',
  'title',
  'link',
  'body',
  'header',
  'main',
  'section',
  'article',
  'nav',
  'div',
  'form',
  'h1',
  'h2',
  'p',
  'a',
  'bdi',
  'span',
  'strong',
  'em',
  'time',
  'ol',
  'ul',
  'li',
  'label',
  'input',
  'textarea',
  'button',
  'br',
  'code',
  'pre',
  'blockquote',
];

/** Nothing that runs, nothing that styles, no address but a web one. */
function expectHarmless(markup: string): void {
  const harmful = tagsOf(markup).filter(({ name, attributes }) => {
    const runs = Object.entries(attributes).some(
      ([key, value]) =>
        /^on|^style$|^srcdoc$/.test(key) ||
        ((key === 'href' || key === 'action') && !/^(?:https?:\/\/|\/|#)/.test(value)),
    );
    return runs || !TAGS.includes(name);
  });
  expect(harmful).toEqual([]);
}

describe('escaping', () => {
  const naughty = readNaughtyStrings();

  test('the corpus is there', () => {
    expect(naughty.length).toBeGreaterThan(400);
  });

  test('no string of the corpus does anything as name, title, text or web address', () => {
    for (const text of naughty) {
      const comment = aPublicComment({ name: text, text });
      if (comment.author) comment.author.url = text;
      const page = { url: text, title: text, id: null, linked: true };
      const view = aThread({ comments: [comment], view: { page, replyTo: comment } });
      const markup = threadPage(view, '');
      expectHarmless(markup);
      expectHarmless(threadFragment(view));
      // Parsers read a NUL as U+FFFD; all else stands as it was given.
      const shown = text.replaceAll('\0', '\uFFFD');
      const values = tagsOf(markup).filter(({ attributes }) => attributes.name === 'page_title');
      expect(values.map(({ attributes }) => attributes.value)).toEqual([shown]);
    }
  });
});

describe('language and direction', () => {
  test.each([
    ['en', 'ltr', 'Join the conversation'],
    ['fa', 'rtl', 'دیدگاهتان را بنویسید'],
    ['fa-AF', 'rtl', 'دیدگاهتان را بنویسید'],
    ['ar', 'rtl', 'شارك في النقاش'],
    ['de', 'ltr', 'Reden Sie mit'],
    ['sv', 'ltr', 'Join the conversation'],
  ])('a site in %s is written %s', (locale, direction, heading) => {
    const markup = threadPage(aThread({ locale }), '');
    const [html] = tagsOf(markup);
    expect(html).toEqual({ name: 'html', attributes: { lang: locale, dir: direction } });
    expect(markup).toContain(heading);
  });

  test('English words on a Swedish site are marked as English', () => {
    const tags = tagsOf(threadPage(aThread({ locale: 'sv' }), ''));
    expect(tags.find(({ attributes }) => attributes.id === 'respond')?.attributes.lang).toBe('en');
  });

  test('the Persian sentences are these', () => {
    const markup = threadPage(aThread({ locale: 'fa' }), '');
    expect(markup).toContain('>دیدگاهتان را بنویسید</h2>');
    expect(markup).toContain('>نشانی ایمیل شما منتشر نخواهد شد. بخش‌های موردنیاز علامت‌گذاری شده‌اند *</p>');
  });

  test('names have a direction of their own', () => {
    const markup = threadPage(aThread({ locale: 'fa', comments: [aPublicComment({ name: 'Tom' })] }), '');
    expect(markup).toContain('<bdi dir="auto">Tom</bdi>');
  });

  test('a Persian site dates in the Persian calendar, its digits and its time zone', () => {
    const comments = [aPublicComment({ createdAt: '2026-11-23T21:07:00.000Z' })];
    const markup = threadPage(aThread({ locale: 'fa', timeZone: 'Asia/Tehran', comments }), '');
    expect(markup).toContain('<time datetime="2026-11-23T21:07:00.000Z">۳ آذر ۱۴۰۵ ساعت ۰:۳۷</time>');
  });

  test('an English site dates in its own', () => {
    const comments = [aPublicComment({ createdAt: '2026-11-23T21:07:00.000Z' })];
    const markup = threadPage(aThread({ locale: 'en-GB', timeZone: 'Europe/Berlin', comments }), '');
    expect(contentOf(markup, 'time')).toBe('23 November 2026 at 22:07');
  });

  test('counts are in the site’s digits and number', () => {
    const comments = [aPublicComment()];
    expect(threadPage(aThread({ comments }), '')).toContain('>1 comment</h2>');
    expect(threadPage(aThread({ locale: 'fa', comments }), '')).toContain('>۱ دیدگاه</h2>');
  });
});

describe('the thread', () => {
  const reply = aPublicComment({ id: 'b', depth: 1, name: 'Reza' });
  const root = aPublicComment({ id: 'a', replies: [reply] });

  test('replies stand inside their comment', () => {
    const markup = threadPage(aThread({ comments: [root] }), '');
    expect(markup).toMatch(
      /<li id="comment-a">[\s\S]*<ol class="gh-thread gh-replies">[\s\S]*<li id="comment-b">[\s\S]*<\/ol>\n<\/li>/,
    );
  });

  test('a deleted comment keeps its place without name, text or date', () => {
    const gone = aPublicComment({ id: 'a', deleted: true, author: null, body: null, replies: [reply] });
    const markup = threadPage(aThread({ comments: [gone] }), '');
    expect(markup).toContain('This comment has been removed.');
    expect(markup.match(/<time/g)).toHaveLength(1);
  });

  test('a moderator is marked', () => {
    const comment = aPublicComment();
    if (comment.author) comment.author.moderator = true;
    expect(threadPage(aThread({ comments: [comment] }), '')).toContain(
      '<span class="gh-badge">Moderator</span>',
    );
    expect(threadPage(aThread({ comments: [root] }), '')).not.toContain('gh-badge');
  });

  test('a comment that came from elsewhere is found at the place that old links name', () => {
    const placesOf = (legacyId: string | null): string[] => {
      const markup = threadPage(aThread({ comments: [aPublicComment({ id: 'new', legacyId })] }), '');
      return tagsOf(markup).flatMap(({ attributes: { id = '' } }) => (/^comment-\w+$/.test(id) ? [id] : []));
    };
    expect(placesOf('wp-17')).toEqual(['comment-new', 'comment-17']);
    expect(placesOf('disqus-5531')).toEqual(['comment-new', 'comment-5531']);
    // Their pages name comments otherwise.
    for (const legacyId of ['isso-/a#17', 'remark42-17', '17', 'wp-x', 'my-wp-17', null])
      expect(placesOf(legacyId)).toEqual(['comment-new']);
  });

  test('every comment that can be answered links to the form that answers it', () => {
    const markup = threadPage(aThread({ comments: [root], policy: { maxDepth: 1 } }), '');
    const links = tagsOf(markup).filter(({ attributes }) => attributes['aria-label']?.startsWith('Reply to'));
    expect(links.map(({ attributes }) => attributes.href)).toEqual([
      '/v1/sites/news/thread?page=https%3A%2F%2Fnews.example%2Fa&replyTo=a#respond',
    ]);
  });

  test('an answering form names its parent', () => {
    const tags = tagsOf(threadPage(aThread({ view: { replyTo: root } }), ''));
    expect(tags.find(({ attributes }) => attributes.name === 'comment_parent')?.attributes.value).toBe('a');
  });

  test('the pager leads on with the cursors', () => {
    const listing = { comments: [root], total: 40, nextCursor: 'nx', prevCursor: 'pv' };
    const tags = tagsOf(threadPage(aThread({ view: { listing } }), ''));
    const hrefs = Object.fromEntries(tags.map(({ attributes }) => [attributes.rel, attributes.href]));
    expect(hrefs.next).toMatch(/[?&]cursor=nx#comments$/);
    expect(hrefs.prev).toMatch(/[?&]cursor=pv#comments$/);
  });

  test('the way to further replies is seen: nothing is off the page but the place that no person fills in', () => {
    const cut = aPublicComment({ id: 'a', replyCount: 1, repliesCursor: 'next' });
    const markup = threadPage(aThread({ comments: [cut] }), '');
    expect(markup).toContain('>More replies</a>');
    const clipped = [...STYLESHEET.matchAll(/([^{}]+)\{[^{}]*clip-path: inset\(50%\)/g)].map(([, of = '']) =>
      of.replace(/\/\*[\s\S]*?\*\//g, '').trim(),
    );
    expect(clipped).toEqual(['.gh-extra']);
    const hidden = tagsOf(markup).filter((tag) => tag.attributes.class?.split(' ').includes('gh-extra'));
    expect(hidden.map(({ attributes }) => attributes['aria-hidden'])).toEqual(['true']);
  });

  test('a closed page has a notice and no form', () => {
    const markup = threadPage(aThread({ comments: [root], view: { closed: true } }), '');
    expect(markup).toContain('This thread is closed.');
    expect(markup).not.toContain('<form');
    expect(markup).not.toContain('Reply to');
  });

  test('who comes from sending a held comment reads that it waits, at its anchor', () => {
    const markup = threadPage(aThread({ locale: 'fa', view: { waiting: 'zz' } }), '');
    expect(markup).toContain('id="comment-zz"');
    expect(markup).toContain('دیدگاه شما در انتظار بررسی است');
  });

  test('names the feed of its page, where the site has one and the page is the site’s', () => {
    const feedOf = (view: ReturnType<typeof aThread>): (string | undefined)[] =>
      tagsOf(threadPage(view, '/base'))
        .filter(({ attributes }) => attributes.type === 'application/atom+xml')
        .map(({ attributes }) => attributes.href);
    const view = aThread({});
    const query = new URLSearchParams({ page: view.page.url ?? '' });
    expect(feedOf(view)).toEqual([`/base/v1/sites/${view.site.id}/feed.atom?${query}`]);
    const unfed = { ...view.site, policy: { ...view.site.policy, feed: false } };
    expect(feedOf({ ...view, site: unfed })).toEqual([]);
    expect(feedOf({ ...view, page: { ...view.page, linked: false } })).toEqual([]);
  });

  test('a page known by its id only is named by its id', () => {
    const page = { url: null, title: null, id: 'story-9', linked: true };
    const tags = tagsOf(threadPage(aThread({ view: { page } }), ''));
    expect(tags.find(({ attributes }) => attributes.name === 'page_id')?.attributes.value).toBe('story-9');
  });

  test('the fragment has neither form nor script nor style, and whole addresses only', () => {
    const links = { view: () => 'https://comments.example/v1/sites/news/thread?page=x', form: '' };
    const markup = threadFragment(aThread({ comments: [root], view: { links, waiting: 'zz' } }));
    const names = new Set(tagsOf(markup).map(({ name }) => name));
    for (const name of ['form', 'script', 'style', 'link', 'html', 'input'])
      expect(names).not.toContain(name);
    expect(markup).not.toContain('comment-zz');
    for (const { attributes } of tagsOf(markup))
      if (attributes.href) expect(attributes.href).toMatch(/^(?:https:|#)/);
  });
});

describe('the form', () => {
  const fieldsOf = (markup: string) =>
    tagsOf(markup)
      .filter(({ name }) => name === 'input' || name === 'textarea')
      .map(({ attributes }) => attributes);

  test('has WordPress’s names', () => {
    const page = { url: 'https://news.example/a', title: 'A', id: 'wp-12', linked: true };
    const names = fieldsOf(threadPage(aThread({ view: { page } }), '')).map(({ name }) => name);
    expect(names.sort()).toEqual(
      [
        ...['author', 'email', 'url', 'comment', 'comment_parent', 'comment_post_ID', 'page', 'page_title'],
        'website2',
      ].sort(),
    );
  });

  test('stars and requires what the policy requires', () => {
    const markup = threadPage(aThread({ policy: { requiredFields: ['name'] } }), '');
    const required = fieldsOf(markup).filter((attributes) => 'required' in attributes);
    expect(required.map(({ name }) => name)).toEqual(['comment', 'author']);
    const labels = markup.match(/<label[\s\S]*?<\/label>/g) ?? [];
    expect(
      labels.filter((label) => label.includes('gh-star')).map((label) => /for="(\w+)"/.exec(label)?.[1]),
    ).toEqual(['comment', 'author']);
  });

  test('every field that is seen has a label', () => {
    const markup = threadPage(aThread(), '');
    const labels = tagsOf(markup)
      .filter(({ name }) => name === 'label')
      .map(({ attributes }) => attributes.for);
    const seen = fieldsOf(markup).filter(({ type }) => type !== 'hidden');
    expect(seen.map(({ id }) => id)).toEqual(labels);
  });

  test('lets browsers fill in what they know, and cuts nothing off', () => {
    const fields = fieldsOf(threadPage(aThread(), ''));
    expect(fields.map(({ autocomplete }) => autocomplete).filter(Boolean)).toEqual([
      ...['name', 'email', 'url'],
      // The field that people do not see.
      'off',
    ]);
    expect(fields.filter((attributes) => 'maxlength' in attributes)).toEqual([]);
  });

  test('asks for no web address where the site shows none', () => {
    const names = fieldsOf(threadPage(aThread({ policy: { authorUrl: false } }), '')).map(({ name }) => name);
    expect(names).not.toContain('url');
  });

  test('title and heading are text, not markup', () => {
    const page = {
      url: 'https://news.example/a',
      title: '</title><script>alert(1)</script>',
      id: null,
      linked: true,
    };
    const markup = threadPage(aThread({ view: { page } }), '');
    expect(decodeEntities(contentOf(markup, 'title'))).toContain('</title><script>');
    expect(markup).not.toContain('<script');
  });
});
