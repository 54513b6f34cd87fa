import { parseEmail } from '../../../src/authors/email.ts';
import { PHASES, screen } from '../../../src/screening/index.ts';
import type { Phase, ScreeningInput } from '../../../src/screening/phase.ts';
import { duplicate } from '../../../src/screening/phases/duplicate.ts';
import { links } from '../../../src/screening/phases/links.ts';
import { script } from '../../../src/screening/phases/script.ts';
import { tooSoon } from '../../../src/screening/phases/too-soon.ts';
import { trap } from '../../../src/screening/phases/trap.ts';
import { wordlist } from '../../../src/screening/phases/wordlist.ts';
import { turnsLetters } from '../../../src/screening/script.ts';
import { buildMatcher } from '../../../src/screening/wordlist/matcher.ts';
import { expectLinear } from '../../support/growth.ts';
import { inputOf, siteWith } from '../../support/screening.ts';

describe('the phases', () => {
  it('run in the contract’s order, and all say something', () => {
    const order = [
      'trap',
      'too-soon',
      'duplicate',
      'own-email',
      'links',
      'contacts',
      'script',
      'wordlist',
      'author',
      'moderation',
      'similar',
      'learner',
    ];
    expect(PHASES.map(({ name }) => name)).toEqual(order);
    const { status, screening, risk } = screen(inputOf());
    expect([status, risk]).toEqual(['approved', 0]);
    expect(screening.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual(
      order.map((name) => `${name} pass`),
    );
  });

  it('give the worst of what they say, keeping all', () => {
    const { status, screening } = screen(
      inputOf({ trapFilled: true, body: 'https://a.example https://b.example' }),
    );
    expect(status).toBe('spam');
    expect(screening.filter(({ outcome }) => outcome !== 'pass').map(({ phase }) => phase)).toEqual([
      'trap',
      'links',
    ]);
  });

  it('are said to have taken what was looked up for them, too', () => {
    const { screening } = screen(inputOf({ lookUps: { similar: 1000, learner: 2000 } }));
    const slow = screening.filter(({ ms }) => ms >= 1000).map(({ phase }) => phase);
    expect(slow).toEqual(['similar', 'learner']);
    expect(screening.at(-1)?.ms).toBeGreaterThanOrEqual(2000);
  });

  it('hold for a person when one breaks, and lose nothing', () => {
    const broken: Phase = {
      name: 'broken',
      judge() {
        throw new Error('as it happens');
      },
    };
    const { status, screening } = screen(inputOf(), [...PHASES, broken]);
    expect(status).toBe('pending');
    expect(screening.at(-1)).toMatchObject({ phase: 'broken', outcome: 'error', code: 'phase-failed' });
  });
});

describe('the trap', () => {
  it('is spam when filled in', () => {
    expect(trap.judge(inputOf({ trapFilled: true }))).toMatchObject({ outcome: 'spam', code: 'trap-filled' });
    expect(trap.judge(inputOf())).toMatchObject({ outcome: 'pass' });
  });
});

describe('too soon', () => {
  const patient = siteWith({ tooSoonSeconds: 5 });
  test.each([
    [{ site: patient, elapsedMs: 4999 }, 'hold'],
    [{ site: patient, elapsedMs: 0 }, 'hold'],
    [{ site: patient, elapsedMs: 5000 }, 'pass'],
    [{ site: patient, elapsedMs: null }, 'skipped'],
    [{ site: patient, elapsedMs: 3, edit: true }, 'skipped'],
    [{ elapsedMs: 0 }, 'pass'],
  ] as const)('%#: %o is %s', (input, outcome) => {
    expect(tooSoon.judge(inputOf(input)).outcome).toBe(outcome);
  });

  it('never says a time that would have been enough', () => {
    expect(tooSoon.judge(inputOf({ site: patient, elapsedMs: 4999 })).detail).toContain('Sent 4.9 s');
  });
});

describe('duplicate', () => {
  const never = siteWith({ duplicateHours: 0 });
  test.each([
    [{}, 'pass'],
    [{ edit: true }, 'skipped'],
    [{ site: never }, 'skipped'],
  ] as const)('%#: %o is %s', (input, outcome) => {
    expect(duplicate.judge(inputOf(input)).outcome).toBe(outcome);
  });
});

describe('links', () => {
  const two = 'https://a.example and b.com';
  test.each([
    ['one link', { body: 'https://a.example' }, 'pass'],
    ['two links', { body: two }, 'hold'],
    ['one link and the author’s own', { body: 'see b.com', url: 'https://me.example' }, 'hold'],
    ['two links of a trusted author', { body: two, trusted: true }, 'skipped'],
    [
      'two links where three are held',
      { body: two, site: siteWith({ links: { hold: 3, reject: null } }) },
      'pass',
    ],
    [
      'two links where two are rejected',
      { body: two, site: siteWith({ links: { hold: 1, reject: 2 } }) },
      'reject',
    ],
    [
      'two links where none are counted',
      { body: two, site: siteWith({ links: { hold: null, reject: null } }) },
      'pass',
    ],
  ] as const)('%s: %o is %s', (_name, input, outcome) => {
    expect(links.judge(inputOf(input)).outcome).toBe(outcome);
  });

  it('says how many there are, and where', () => {
    const body = 'x https://a.example b.com';
    expect(links.judge(inputOf({ body, url: 'https://c.example' }))).toEqual({
      outcome: 'hold',
      code: 'too-many-links',
      detail: '3 links; from 2 on they are held.',
      score: null,
      matches: [
        { field: 'url', start: 0, end: 17, weight: 1 },
        { field: 'body', start: 2, end: 19, weight: 1 },
        { field: 'body', start: 20, end: 25, weight: 1 },
      ],
    });
  });
});

describe('script', () => {
  test.each([
    ...[['pаypаl'], ['сasino'], ['раураl'], ['bitсоin'], ['viагra'], ['мoшенник'], ['Ηello'], ['аmazоn']],
  ])('holds %s, a word of mixed scripts', (word) => {
    const body = `so ${word} it is`;
    expect(script.judge(inputOf({ body }))).toMatchObject({
      outcome: 'hold',
      code: 'mixed-scripts',
      matches: [{ field: 'body', start: 3, end: 3 + word.length }],
    });
  });

  test.each([['Z̷̢̛a̷͎͓l̴̨̛g̸̢̛o̴̧̧̡̢'], ['س̷̢̛̘ل̷͎͓̘ا̴̨̛م']])('holds %s, stacked marks', (body) => {
    expect(script.judge(inputOf({ body }))).toMatchObject({ outcome: 'hold', code: 'stacked-marks' });
  });

  test.each([
    ['Thai marks one on the other', `ก${'\u0e47'.repeat(20)}`],
    ['two of them by turns', `ก${'\u0e47\u0e38'.repeat(20)}`],
    ['Devanagari ones', `क${'\u0947'.repeat(4)}`],
    ['a letter beyond the first plane', `𝐚${'\u0335'.repeat(4)}`],
    ['marks on nothing', '\u0335'.repeat(4)],
  ])('marks the whole of it: %s', (_, stack) => {
    const { code, matches } = script.judge(inputOf({ body: stack }));
    expect([code, matches]).toEqual([
      'stacked-marks',
      [{ field: 'body', start: 0, end: stack.length, weight: 1 }],
    ]);
    const [match] = script.judge(inputOf({ body: `so ${stack} it` })).matches ?? [];
    expect(match?.end).toBe(3 + stack.length);
  });

  it.each(['a\u0301', '\u0e47\u0e38', '\u0e47', '\ufe0f', '\u0301\u0301\u0301a'])(
    'looks for stacks in a body of nothing but %j in the time that its length takes',
    async (piece) => {
      await expectLinear(
        (length) => script.judge(inputOf({ body: piece.repeat(length / piece.length) })),
        80_000,
      );
    },
  );

  test.each([
    ...[
      'SMSка и VIPы',
      'USB-кабель',
      'Δx, µm, γ-ray',
      'Привет hello',
      'apiها و Googleی',
      'é ü ö ñ',
      'Tiếng Việt',
    ],
    ...[
      'שָׁלוֹם',
      'مُحَمَّدٌ رَسُولُ ٱللَّٰهِ',
      '❤️👩‍👩‍👧1️⃣',
      'क्षत्रिय',
      'ไม่เป็นไร',
      'ਪੰਜਾਬੀ',
      'မြန်မာ',
      'ཧྐྵྨླྺྼྻྂ',
      'ที่ดี น้ำ',
      '❤\ufe0f\ufe0f\ufe0f\ufe0f',
      'iPhone',
      'ёлка й',
    ],
  ])('passes %s', (body) => {
    expect(script.judge(inputOf({ body })).outcome).toBe('pass');
  });

  test.each([
    ['\u202egnp.exe\u202c', true],
    ['\u202dسلام\u202c', true],
    ['sp\u202bam', true],
    ['a\u2067b', true],
    ['tel \u202d+98 912 345\u202c', false],
    ['\u2068Mina\u2069 said', false],
    ['\u202bسلام\u202c', false],
    ['\u202e\u202e!\u202egnp', true],
    ['\u202d\u202d!\u202dسلام', true],
    ['\u202e!\u202c a', false],
    ['\u202d12\u202d34', false],
    ['س\u200fلام!', false],
    ['plain', false],
  ])('%j turns letters: %s', (sent, turns) => {
    expect(turnsLetters(sent)).toBe(turns);
  });

  it.each(['\u202e', '\u202d'])(
    'looks at a body of nothing but %j once: no limit of characters counts them',
    async (sign) => {
      await expectLinear((length) => expect(turnsLetters(`!${sign.repeat(length)}!`)).toBe(false), 85_000);
    },
  );

  it('holds what turned letters before they were stored', () => {
    expect(script.judge(inputOf({ turnedLetters: true }))).toMatchObject({
      outcome: 'hold',
      code: 'turned-letters',
    });
  });
});

describe('word lists', () => {
  const words = buildMatcher({ hold: ['spam', 'mina', '*casino*', 'secretname'], reject: ['قمار'] });
  const judge = async (rest: Partial<ScreeningInput>) =>
    wordlist.judge(inputOf({ name: null, words: await words, ...rest }));

  it('hold and reject by their words in body, name and url', async () => {
    expect(await judge({ body: 'a ѕpam' })).toEqual({
      outcome: 'hold',
      code: 'hold-word',
      detail: 'On the hold list: «spam».',
      score: null,
      matches: [{ field: 'body', start: 2, end: 6, weight: 1 }],
    });
    expect(await judge({ name: 'Mina' })).toMatchObject({ outcome: 'hold', matches: [{ field: 'name' }] });
    expect(await judge({ url: 'https://x-casinos.example' })).toMatchObject({
      matches: [{ field: 'url', start: 10, end: 16 }],
    });
    expect(await judge({ body: 'spam و قِمار' })).toMatchObject({ outcome: 'reject', code: 'reject-word' });
    expect(await judge({ body: 'nothing' })).toMatchObject({ outcome: 'pass' });
    expect(wordlist.judge(inputOf({ body: 'spam', words: null })).outcome).toBe('pass');
  });

  it('tell of a word in the address neither what it is nor where', async () => {
    const outcome = await judge({ email: parseEmail('secretname@mail.example') });
    expect(outcome).toMatchObject({ outcome: 'hold', matches: [] });
    expect(JSON.stringify(outcome)).not.toContain('secretname');
  });

  it('hold no trusted author, but reject one', async () => {
    expect((await judge({ body: 'spam', trusted: true })).outcome).toBe('pass');
    expect((await judge({ body: 'قمار', trusted: true })).outcome).toBe('reject');
  });

  it('find the word to reject behind however many to hold', async () => {
    expect((await judge({ body: `${'spam '.repeat(500)} قمار` })).outcome).toBe('reject');
  });
});
