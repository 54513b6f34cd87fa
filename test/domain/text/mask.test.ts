import fc from 'fast-check';
import { type EmailAddress, parseEmail } from '../../../src/authors/email.ts';
import { maskAddress, maskOwnAddress } from '../../../src/text/mask.ts';
import { randomCases } from '../../support/long-run.ts';

function email(text: string): EmailAddress {
  const parsed = parseEmail(text);
  if (!parsed) throw new Error(`no address: ${text}`);
  return parsed;
}

const JANE = email('jane.doe@example.com');
const MASKED = 'j...@example.com';

describe('a masked address', () => {
  test('is its first character, three dots and its domain', () => {
    expect(maskAddress(JANE)).toBe(MASKED);
    expect(maskAddress(email('علی@مثال.ایران'))).toBe('ع...@مثال.ایران');
    expect(maskAddress(email('x@a.example'))).toBe('x...@a.example');
  });
});

describe("the author's own address is masked", () => {
  test.each([
    ['as it is', 'jane.doe@example.com'],
    ['in other case', 'Jane.DOE@Example.COM'],
    ['in full width', 'ｊａｎｅ．ｄｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['with a small at sign', 'jane.doe﹫example.com'],
    ['with an ideographic full stop', 'jane.doe@example。com'],
    ['with mathematical letters', '𝐣𝐚𝐧𝐞.𝐝𝐨𝐞@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦'],
    ['with its at sign percent-escaped', 'jane.doe%40example.com'],
    ['percent-escaped from end to end', '%6A%61%6e%65%2E%64%6f%65%40%65%78%61%6d%70%6c%65%2E%63%6f%6d'],
    ['percent-escaped twice', 'jane%252Edoe%2540example.com'],
    ['with an at sign of full width, percent-escaped', 'jane.doe%EF%BC%A0example.com'],
    ['with a small at sign, percent-escaped twice', 'jane.doe%25ef%25b9%25abexample.com'],
    ['with decimal references', 'jane&#46;doe&#64;example&#46;com'],
    ['with references without semicolons', 'jane&#46doe&#064example.com'],
    ['with named references', 'jane&period;doe&commat;example&period;com'],
    ['with references escaped again', 'jane.doe&amp;#64;example.com'],
    ['with zero-width characters inside', 'ja\u200bne.d\u200doe\u2060@exa\u00admp\ufeffle.com'],
    ['with spaces around its at sign', 'jane.doe @ example.com'],
    ['with spaces and newlines between its letters', 'j a n e . d o e\n@ e x a m p l e . c o m'],
    ['with words in brackets', 'jane (dot) doe [at] example {DOT} com'],
    ['with Persian words in brackets', 'jane[دات]doe (ات) example نقطه com'],
    ['with words between spaces', 'jane.doe at example dot com'],
    ['with the one word alone', 'Jane.Doe  AT Example.com'],
    ['with Persian words between spaces', 'jane دات doe ات example دات com'],
    ['with emphasis inside', 'jane.doe@**example**.com'],
    ['with its first letter bold', 'j*a*ne.doe@example.com'],
    ['with code inside', 'jane.`doe`@example.com'],
    ['with a backslash', 'jane.doe\\@example.com'],
  ])('%s', (_how, spelled) => {
    expect(maskOwnAddress(`my mail: ${spelled}, ok?`, JANE)).toEqual({
      text: `my mail: ${MASKED}, ok?`,
      found: true,
    });
  });

  test('wherever it stands, as often as it stands', () => {
    expect(maskOwnAddress('jane.doe@example.com|JANE.DOE@example.com', JANE).text).toBe(
      `${MASKED}|${MASKED}`,
    );
    expect(maskOwnAddress('<mailto:jane.doe@example.com>', JANE).text).toBe(`<mailto:${MASKED}>`);
    expect(maskOwnAddress('http://a.b/?to=jane.doe%40example.com&x', JANE).text).toBe(
      `http://a.b/?to=${MASKED}&x`,
    );
    expect(maskOwnAddress('_jane.doe@example.com_ **jane.doe@example.com**.', JANE).text).toBe(
      `_${MASKED}_ **${MASKED}**.`,
    );
    expect(maskOwnAddress('*jane.doe@example.com*us **me**jane.doe@example.com', JANE).text).toBe(
      `*${MASKED}*us **me**${MASKED}`,
    );
    expect(maskOwnAddress('ایمیل منjane.doe@example.comاست', JANE).text).toBe(`ایمیل من${MASKED}است`);
  });

  test.each([
    ['what looks at it before', 'look at jane.doe at example.com now', `look at ${MASKED} now`],
    ['a dot before', 'polka dot jane.doe@example.com', `polka dot ${MASKED}`],
    ['a dot behind', 'jane.doe@example.com dot net is none', `${MASKED} dot net is none`],
  ])('beside a word that might belong to it: %s', (_how, text, masked) => {
    expect(maskOwnAddress(text, JANE).text).toBe(masked);
  });

  test('in either form of an international domain', () => {
    const unicode = email('ali@مثال.ایران');
    const ascii = email('ali@xn--mgbh0fb.xn--mgba3a4f16a');
    for (const text of [
      'ali@مثال.ایران',
      'ALI@xn--mgbh0fb.XN--mgba3a4f16a',
      'ali%40%D9%85%D8%AB%D8%A7%D9%84.%d8%a7یران',
    ]) {
      expect(maskOwnAddress(text, unicode)).toEqual({ text: 'a...@مثال.ایران', found: true });
      expect(maskOwnAddress(text, ascii)).toEqual({ text: 'a...@xn--mgbh0fb.xn--mgba3a4f16a', found: true });
    }
  });
});

test('an address in letters of more than one byte is masked, percent-escaped once, twice or three times', () => {
  for (const address of ['سارا.امیری@مثال.ایران', 'jörg@bücher.example', '田中@例え.テスト']) {
    const own = email(address);
    let spelled = address;
    for (let times = 1; times <= 3; times++) {
      spelled = encodeURIComponent(spelled);
      const text = `https://x.example/?to=${spelled}&y`;
      expect(maskOwnAddress(text, own)).toEqual({
        text: `https://x.example/?to=${maskAddress(own)}&y`,
        found: true,
      });
    }
  }
});

describe("somebody else's address stays", () => {
  test.each([
    'mary-jane.doe@example.com',
    'xjane.doe@example.com',
    'a.jane.doe@example.com',
    'jane.doe@example.com.au',
    'jane.doe@example.community',
    'jane.doe@example.com-pany.org',
    'doe@example.com',
    'doe at example.com',
    'Jane at example.com',
    'jane.doe@example.org',
    'jane.doe at example.org',
    '@jane.doe example.com',
    'no address, 100%',
  ])('%s', (text) => {
    expect(maskOwnAddress(text, JANE)).toEqual({ text, found: false });
  });
});

describe('masking', () => {
  test('leaves no letter run of the address, whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom(...' .,;:!?()[]<>*_`\\"\n\u200cسلام😀&%') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const masked = maskOwnAddress(`${before}jane.doe@example.com${after}`, JANE);
        expect(masked.found).toBe(true);
        expect(masked.text).not.toContain('jane.doe@');
      }),
      { numRuns: randomCases(1000) },
    );
  });

  test('finds nothing in what it has masked, and leaves other texts as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const masked = maskOwnAddress(text, JANE);
        expect(maskOwnAddress(masked.text, JANE)).toEqual({ text: masked.text, found: false });
        if (!masked.found) expect(masked.text).toBe(text);
      }),
    );
  });

  test.each([
    ['at signs', '@'],
    ['percent signs', '%25'],
    ['escaped ampersands', '&amp;'],
    ['brackets', '( at '],
    ['beginnings', 'jane.doe@'],
    ['others', 'xjane.doe@example.com '],
    ['dots', '.'],
    ['words for it', ' at example'],
  ])('ten thousand characters of %s come to an end', (_what, piece) => {
    const text = `@${piece.repeat(10_000 / piece.length)}`;
    const masked = maskOwnAddress(text, JANE);
    expect(maskOwnAddress(masked.text, JANE).found).toBe(false);
  });
});
