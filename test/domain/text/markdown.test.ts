import fc from 'fast-check';
import { renderBody, renderParsed, renderUnsanitized } from '../../../src/text/markdown.ts';
import { readCorpus, readNaughtyStrings } from '../../support/corpora.ts';
import { randomCases } from '../../support/long-run.ts';

const REL = 'rel="nofollow ugc noopener noreferrer"';
const FSI = '\u2068';
const PDI = '\u2069';
const link = (href: string, text = href): string => `<a href="${href}" ${REL}>${text}</a>`;
const p = (inner: string): string => `<p dir="auto">${inner}</p>`;

/** What the contract lets out, letter for letter: a tag that is not of these is a fault. */
const TAG =
  /<(?:(?:p|pre|blockquote|ul|ol|li) dir="auto"|br|em|strong|code|a href="https?:\/\/[^"<>\s]*" rel="nofollow ugc noopener noreferrer"|\/(?:p|em|strong|code|pre|blockquote|ul|ol|li|a))>/g;

function expectOnlyTheSubset(html: string): void {
  const text = html.replace(TAG, '');
  expect(text).not.toMatch(/[<>]/);
  expect(text.replace(/&(?:amp|lt|gt|quot);/g, '')).not.toContain('&');
}

const PIECES = [
  '*',
  '**',
  '_',
  '__',
  '`',
  '``',
  '```',
  '~~~',
  '\n',
  '\n\n',
  '> ',
  '>',
  '- ',
  '-',
  '1. ',
  '2. ',
  '1)',
  '+ ',
  '* ',
  '# ',
  '---',
  '===',
  '|',
  '[',
  ']',
  '(',
  ')',
  '![',
  '](http://a.b)',
  'http://',
  'https://x.y/z',
  '://',
  '//x.y',
  'www.a.b',
  'javascript:',
  'data:',
  'mailto:a@b.c',
  '<',
  '>',
  '</p>',
  '<script>',
  '<br>',
  '&',
  '&amp;',
  '&#60;',
  '"',
  "'",
  '\\',
  ' ',
  '  ',
  '    ',
  '\t',
  '\u00a0',
  '\u2028',
  '\u3000',
  '\ufeff',
  '\r',
  '\0',
  'a',
  'سلام',
  '۱. ',
  '«',
  '»',
  '😀',
  '\u200c',
  '\ud83d',
  '1',
  '.',
  '~',
  ':',
  '\x0b',
  '\x85',
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));
const plainish = fc
  .array(
    fc.constantFrom(
      'a b',
      '\n',
      '\n\n',
      '\n\n\n',
      '&',
      '<',
      '>',
      '"',
      ' ',
      '-',
      '1',
      '.',
      '~',
      '_',
      ':',
      '/',
      'سلام',
      '\u00a0',
      '😀',
      '\u2028',
    ),
    {
      maxLength: 20,
    },
  )
  .map((pieces) => pieces.join(''));

describe('a body is shown', () => {
  test.each([
    ['a paragraph', 'Hello', p('Hello')],
    ['paragraphs between empty lines', 'a\n\n\nb', `${p('a')}\n${p('b')}`],
    ['a newline as a line break', 'a\nb', p('a<br>\nb')],
    [
      'emphasis',
      '*em* **strong** ***both***',
      p('<em>em</em> <strong>strong</strong> <em><strong>both</strong></em>'),
    ],
    ['emphasis inside a word', '**کتاب**ها', p('<strong>کتاب</strong>ها')],
    ['code', 'a `<b> *c*` d', p('a <code>&lt;b&gt; *c*</code> d')],
    ['fenced code', '```html\n<b>\n\n  x\n```', '<pre dir="auto"><code>&lt;b&gt;\n\n  x\n</code></pre>'],
    ['a quote', '> a\n> b', `<blockquote dir="auto">\n${p('a<br>\nb')}\n</blockquote>`],
    ['a bullet list', '- a\n- b', '<ul dir="auto">\n<li dir="auto">a</li>\n<li dir="auto">b</li>\n</ul>'],
    [
      'a numbered list',
      '1. a\n2. b\n9. c',
      '<ol dir="auto">\n<li dir="auto">a</li>\n<li dir="auto">b</li>\n<li dir="auto">c</li>\n</ol>',
    ],
    [
      'a list inside a list',
      '- a\n  1. b\n  2. c',
      '<ul dir="auto">\n<li dir="auto">a\n<ol dir="auto">\n<li dir="auto">b</li>\n<li dir="auto">c</li>\n</ol>\n</li>\n</ul>',
    ],
    ['a link', '[text](http://a.example/b?c&d)', p(link('http://a.example/b?c&amp;d', 'text'))],
    ['a link without its title', '[text](https://a.example "title")', p(link('https://a.example', 'text'))],
    ['a bare link', 'see https://a.example/b_c_d, ok', p(`see ${link('https://a.example/b_c_d')}, ok`)],
    ['a bare link between angle brackets', '<https://a.example>', p(`&lt;${link('https://a.example')}&gt;`)],
    ['a link that shows nothing by its address', '[](http://a.example)', p(link('http://a.example'))],
    [
      'a link that shows what nobody sees by its address, too',
      '[\u2800](http://a.example) [\u200b`\u3164`](http://b.example)',
      p(
        `${link('http://a.example', 'http://a.example\u2800')} ${link('http://b.example', 'http://b.example\u200b<code>\u3164</code>')}`,
      ),
    ],
    [
      'a bracket in a link’s address with a backslash',
      '[a](https://a.example/b_\\(c\\)) [d](<https://d.example/(e>)',
      p(`${link('https://a.example/b_(c)', 'a')} ${link('https://d.example/(e', 'd')}`),
    ],
    ['nothing for nothing', '', ''],
  ])('with %s', (_what, text, html) => {
    expect(renderBody(text)).toBe(html);
  });

  test.each([
    [
      'HTML',
      '<b>x</b><img src=x onerror=alert(1)>',
      '&lt;b&gt;x&lt;/b&gt;&lt;img src=x onerror=alert(1)&gt;',
    ],
    ['character references', '&lt; &amp; &#60;', '&amp;lt; &amp;amp; &amp;#60;'],
    ['underscores', '_a_ __b__', '_a_ __b__'],
    ['backslashes', '\\[a\\] \\_', '\\[a\\] \\_'],
    ['headings and rules', '# a\n---\n***', '# a<br>\n---<br>\n***'],
    ['underlined headings', 'a\n===', 'a<br>\n==='],
    ['other bullets and numbers', '* a\n+ b\n1) c\n2. d\n۱. e', '* a<br>\n+ b<br>\n1) c<br>\n2. d<br>\n۱. e'],
    ['tables', 'a|b\n-|-\nc|d', 'a|b<br>\n-|-<br>\nc|d'],
    ['strikethrough', '~~a~~', '~~a~~'],
    [
      'addresses without a scheme',
      'www.a.example a.example //a.example',
      'www.a.example a.example //a.example',
    ],
    ['e-mail addresses', 'a@b.example mailto:a@b.example', 'a@b.example mailto:a@b.example'],
    [
      'other schemes',
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](mailto:a@b.c) ftp://a.b',
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](mailto:a@b.c) ftp://a.b',
    ],
    [
      'schemes in disguise',
      '[a](javascript&#58;alert(1)) [b](JaVaScRiPt:x) [c](//a.b) [d](/x) [e](http:x)',
      '[a](javascript&amp;#58;alert(1)) [b](JaVaScRiPt:x) [c](//a.b) [d](/x) [e](http:x)',
    ],
    [
      'a link’s scheme in references or behind backslashes',
      '[a](http&colon;//b.example) [c](&#104;ttp://d.example) [e](http:\\/\\/f.example)',
      '[a](http&amp;colon;//b.example) [c](&amp;#104;ttp://d.example) [e](http:\\/\\/f.example)',
    ],
    ['reference links', '[a][b]\n\n[b]: x', `[a][b]</p>\n<p dir="auto">[b]: x`],
    ['indented code', 'a\n\n    b', 'a</p>\n<p dir="auto">b'],
  ])('with %s as text', (_what, text, inner) => {
    expect(renderBody(text)).toBe(p(inner));
  });

  test('with an image as its link', () => {
    expect(renderBody('![a](http://a.example/b.png)')).toBe(p(`!${link('http://a.example/b.png', 'a')}`));
  });

  test('with the address of a link letter for letter, so that what looks through the text sees where it leads', () => {
    expect(renderBody('[a](http://b.example/&#99;asino?d=1&amp;e=2)')).toBe(
      p(link('http://b.example/&amp;#99;asino?d=1&amp;amp;e=2', 'a')),
    );
    expect(renderBody('[a](http://b\\.example)')).toBe(p(link('http://b%5C.example', 'a')));
  });

  test('with an address as it was written, so that no escape turns the line round', () => {
    const html = renderBody('https://a.example/%E2%80%AEgpj.exe');
    expect(html).toBe(p(link('https://a.example/%E2%80%AEgpj.exe')));
  });

  test('with links isolated where right-to-left text stands by', () => {
    expect(renderBody('ببینید https://a.example/ را')).toBe(
      p(`ببینید ${FSI}${link('https://a.example/')}${PDI} را`),
    );
    expect(renderBody('[متن](https://a.example)')).toBe(p(`${FSI}${link('https://a.example', 'متن')}${PDI}`));
  });
});

describe('whatever is written', () => {
  test('only the tags and attributes of the subset come out', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => expectOnlyTheSubset(renderBody(text))),
      {
        numRuns: randomCases(3000),
      },
    );
  });

  test('each wall holds by itself: nothing is left for the sanitiser to take away', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => expectOnlyTheSubset(renderUnsanitized(text))),
      { numRuns: randomCases(3000) },
    );
  });

  test('the short way gives the bytes of the long way', () => {
    fc.assert(
      fc.property(fc.oneof(plainish, hostile, fc.string({ unit: 'binary' })), (text) =>
        expect(renderBody(text)).toBe(renderParsed(text)),
      ),
      { numRuns: randomCases(6000) },
    );
  });

  test('naughty strings come out as text', () => {
    for (const text of readNaughtyStrings()) {
      expectOnlyTheSubset(renderBody(text));
      expect(renderBody(text)).toBe(renderParsed(text));
    }
  });

  test('real comments take either way to the same bytes', () => {
    for (const name of ['persian-instagram', 'youtube-01-psy'] as const) {
      for (const { text } of readCorpus(name).slice(0, 600)) {
        expect(renderBody(text)).toBe(renderParsed(text));
        expectOnlyTheSubset(renderBody(text));
      }
    }
  });

  test('no text is lost by nesting deeper than is shown', () => {
    for (const text of [
      `${'>'.repeat(200)} end`,
      `${'- '.repeat(200)}end`,
      `${'1. '.repeat(200)}end`,
      `${'> - '.repeat(99)}end`,
    ]) {
      const html = renderBody(text);
      expect(html).toContain('end');
      expectOnlyTheSubset(html);
    }
  });

  test.each([
    ['quotes', '>'],
    ['quotes on many lines', '> > > > a\n'],
    ['bullets', '- '],
    ['items on many lines', '- a\n'],
    ['nested items', '- - a\n  - b\n'],
    ['brackets', '['],
    ['bracket pairs', '[]('],
    ['open links', '[a](http://b'],
    ['links', '[a](http://b.c)'],
    ['stars', '*'],
    ['opened stars', '*a '],
    ['crossed stars', '*a **b '],
    ['backticks', '`'],
    ['backtick runs', '` `` ``` '],
    ['fences', '```\n'],
    ['schemes', 'http://'],
    ['addresses', 'https://a.b/('],
    ['long addresses', 'http://a:b@'],
    ['spaces', ' \n'],
    ['ampersands', '&amp;'],
    ['tags', '<a href="'],
    ['tabs', '\t- a\n'],
    ['numbers', '1. a\n'],
  ])('ten thousand characters of %s come to an end, as the subset', (_what, piece) => {
    const text = piece.repeat(Math.ceil(10_000 / piece.length));
    expectOnlyTheSubset(renderBody(text));
  });
});
