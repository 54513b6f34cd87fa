import { htmlToText } from '../../../src/moving/html-text.ts';
import { renderBody } from '../../../src/text/markdown.ts';
import { expectLinear } from '../../support/growth.ts';

/** Comments of other systems, which strangers wrote, in the Markdown subset. */

test.each([
  ['x<b> bold </b>y', 'x **bold** y'],
  ['a <i>b\n</i>c', 'a *b*\nc'],
  ['<p>a  \t\n b </p>', 'a\n b'],
  ['<pre>`a` ``b``</pre>', '```\n`a` ``b``\n```'],
  ['a<br />\nb<br>c<br>\n\nd', 'a\nb\nc\n\nd'],
  ['<code>a *b*\n  * c</code>', '```\na *b*\n  * c\n```'],
  ['<code>a <b>b</b></code>', '`a b`'],
])('%j is written %j', (html, text) => {
  expect(htmlToText(html, 'kept')).toBe(text);
});

const address = 'https://en.wikipedia.org/wiki/Iran_(word)';

test.each([
  [`<a href="${address}">Iran</a>`, `[Iran](${address})`],
  [`(<a href="${address}">${address}</a>).`, `(${address}).`],
  [`لینک:<a href="${address}">${address}</a>`, `لینک:${address}`],
  [`end.<a href="${address}">${address}</a>`, `end.[${address}](${address})`],
  ['<a href="http://a.example/1)">x</a>', '[x](http://a.example/1%29)'],
  ['<a href="http://a.example/?b[]=1 2">x</a>', '[x](http://a.example/?b%5B%5D=1%202)'],
  ['<a href="http://a.example/">[PDF] Report</a>', '[PDF] Report http://a.example/'],
  ['<a href="http://a.example/">two\nlines</a>', '[two lines](http://a.example/)'],
  ['<a href="http://a.example/">http://a.ex...</a>', 'http://a.example/'],
  ['<a href="http://a.example/">http://a.example/</a>،متن', '[http://a.example/](http://a.example/)،متن'],
])('the link %j leads on to where it led, in its own words: %j', (html, text) => {
  expect(htmlToText(html, 'kept')).toBe(text);
});

test.each([
  ['<strong>Note:</strong>text', 'Note:text'],
  ['<b>«سلام»</b>و', '«سلام»و'],
  ['<em>a</em><em>b</em>', 'a</em>b'],
  ['x<b><a href="http://a.example/">y</a></b>z', 'xyz'],
  ['<b><b>a</b> b</b>', 'a b'],
  ['<code>a</code><code>b</code>', 'ab'],
  ['<b>«</b>\ufdd3*', '«*'],
])('of %j no mark is shown as a sign', (html, words) => {
  const shown = renderBody(htmlToText(html, 'kept')).replace(/<[^>]*>/g, '');
  expect(shown).toBe(words.replace(/<[^>]*>/g, ''));
});

test.each([
  ['white space', 200_000, (n: number) => `<b>x</b>${' '.repeat(n)}x`],
  ['white space in a mark', 200_000, (n: number) => `<b>x${' '.repeat(n)}x</b>`],
  ['quotes of quotes', 100_000, (n: number) => `${'<blockquote>'.repeat(60)}${'x\n'.repeat(n)}`],
  ['code of many marks', 150_000, (n: number) => `<pre>${'` '.repeat(n)}x</pre>`],
  ['marks', 100_000, (n: number) => '<b>«</b>x<i>y</i>'.repeat(n / 20)],
  ['addresses', 100_000, (n: number) => '<a href="http://a.example/(">http://a</a>x'.repeat(n / 50)],
  ['more than is kept', 8_000_000, (n: number) => `<p>${'x '.repeat(n)}`],
])('a text of %s costs what its length makes it cost', async (_, size, html) => {
  await expectLinear((length) => expect(htmlToText(html(length), 'kept')).toContain('x'), size);
});
