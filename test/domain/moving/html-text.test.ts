import { htmlToText } from '../../../src/moving/html-text.ts';
import { expectLinear } from '../../support/growth.ts';

/** Comments of other systems, which strangers wrote, in the Markdown subset. */

test.each([
  ['x<b> bold </b>y', 'x **bold** y'],
  ['a <i>b\n</i>c', 'a *b*\nc'],
  ['<p>a  \t\n b </p>', 'a\n b'],
  ['<pre>`a` ``b``</pre>', '```\n`a` ``b``\n```'],
])('%j is written %j', (html, text) => {
  expect(htmlToText(html, 'kept')).toBe(text);
});

test.each([
  ['white space', 200_000, (n: number) => `<b>x</b>${' '.repeat(n)}x`],
  ['white space in a mark', 200_000, (n: number) => `<b>x${' '.repeat(n)}x</b>`],
  ['quotes of quotes', 100_000, (n: number) => `${'<blockquote>'.repeat(60)}${'x\n'.repeat(n)}`],
  ['code of many marks', 150_000, (n: number) => `<pre>${'` '.repeat(n)}x</pre>`],
  ['more than is kept', 8_000_000, (n: number) => `<p>${'x '.repeat(n)}`],
])('a text of %s costs what its length makes it cost', async (_, size, html) => {
  await expectLinear((length) => expect(htmlToText(html(length), 'kept')).toContain('x'), size);
});
