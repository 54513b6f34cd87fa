import { htmlToText } from '../../../src/moving/html-text.ts';

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
  ['white space', `<b>x</b>${' '.repeat(200_000)}x`],
  ['white space in a mark', `<b>x${' '.repeat(200_000)}x</b>`],
  ['quotes of quotes', `${'<blockquote>'.repeat(60)}${'x\n'.repeat(100_000)}`],
  ['code of many marks', `<pre>${'` '.repeat(150_000)}x</pre>`],
  ['more than is kept', `<p>${'x '.repeat(8_000_000)}`],
])('a text of %s costs what its length makes it cost', (_, html) => {
  const begun = process.cpuUsage();
  expect(htmlToText(html, 'kept')).toContain('x');
  expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
});
