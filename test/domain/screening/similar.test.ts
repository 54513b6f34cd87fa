import type { Said } from '../../../src/screening/learner/lesson.ts';
import type { Alike } from '../../../src/screening/learner/lesson-store.ts';
import { similar } from '../../../src/screening/phases/similar.ts';
import { createPrecedentLog } from '../../../src/screening/precedents/precedent-log.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { inputOf } from '../../support/screening.ts';

const SPAM =
  'Buy the finest watches of the town at half the price, only today and only in our shop of wonders';

describe('the phase', () => {
  it.each([
    ['a rejection', { rejected: 1 }, 'hold', 0.5],
    ['ten rejections', { rejected: 10 }, 'hold', 0.5],
    ['a rejection and an approval of it', { rejected: 1, ham: 1 }, 'pass', 0.2727],
    ['a rejection and three spams', { rejected: 1, spam: 3 }, 'spam', 0.8571],
    ['a rejection, a spam and a ham', { rejected: 1, spam: 1, ham: 1 }, 'hold', 0.5],
    ['two short rejections', { rejected: 2, isShort: true }, 'pass', null],
    ['three short rejections', { rejected: 3, isShort: true }, 'hold', 0.5],
    ['one spam', { ham: 0, spam: 1, isShort: false }, 'hold', 0.9167],
    ['two spams', { ham: 0, spam: 2, isShort: false }, 'hold', 0.9545],
    ['three spams', { ham: 0, spam: 3, isShort: false }, 'spam', 0.9688],
    ['three spams and a ham', { ham: 1, spam: 3, isShort: false }, 'hold', 0.7381],
    ['as many hams as spams', { ham: 2, spam: 2, isShort: false }, 'pass', 0.5],
    ['one ham', { ham: 1, spam: 0, isShort: false }, 'pass', 0.0833],
    ['a short spam', { ham: 0, spam: 1, isShort: true }, 'pass', null],
    ['ten short spams', { ham: 0, spam: 10, isShort: true }, 'hold', 0.9902],
    ['ten short spams among thank-yous', { ham: 30, spam: 10, isShort: true }, 'pass', 0.2512],
  ])('after %s', (_, precedent, outcome, score) => {
    const counts = { ham: 0, spam: 0, rejected: 0, isShort: false, ...precedent };
    expect(similar.judge(inputOf({ precedent: counts }))).toMatchObject({ outcome, score });
  });

  it('says of what it holds whether copies were spam or only rejected', () => {
    const codeAfter = (counts: { spam: number; rejected: number }) =>
      similar.judge(inputOf({ precedent: { ham: 0, isShort: false, ...counts } })).code;
    expect(codeAfter({ spam: 0, rejected: 1 })).toBe('similar-to-rejected');
    expect(codeAfter({ spam: 1, rejected: 1 })).toBe('similar-to-spam');
  });

  it('passes what nobody decided on anything like', () => {
    expect(similar.judge(inputOf({ precedent: null }))).toMatchObject({
      outcome: 'pass',
      score: null,
    });
  });
});

describe('the log of precedents', () => {
  const site = 'news';
  const lesson = (number: number, commentId: string, label: Said | null, text = SPAM) => {
    const head = { number, site, commentId, supersedes: null };
    return label === null
      ? { ...head, label, learnt: null }
      : { ...head, label, learnt: { text, url: null } };
  };
  const labels = (found: Alike[]) =>
    found.sort((one, other) => one.number - other.number).map(({ number, label }) => `${number} ${label}`);
  const asked = likenessOf(site, SPAM.replace('watches', 'handbags'));

  it('counts the newest decision of each comment, but for the one that is asked about', () => {
    const log = createPrecedentLog(10);
    expect(log.alike(asked, null)).toEqual({ found: [], isEnough: false });
    log.take(lesson(1, 'a', 'spam'));
    log.take(lesson(2, 'b', 'spam'));
    log.take(lesson(3, 'c', 'ham'));
    log.take(lesson(7, 'e', 'rejected'));
    log.take(lesson(4, 'd', 'spam', 'Nobody had told those who live by the lake that the road was closed.'));
    expect(labels(log.alike(asked, null).found)).toEqual(['1 spam', '2 spam', '3 ham', '7 rejected']);
    expect(labels(log.alike(asked, 'a').found)).toEqual(['2 spam', '3 ham', '7 rejected']);
    log.take(lesson(8, 'b', 'ham'));
    log.take(lesson(9, 'a', null));
    log.take(lesson(10, 'e', null));
    expect(labels(log.alike(asked, null).found)).toEqual(['3 ham', '8 ham']);
    expect(log.isWhole()).toBe(true);
  });

  it('keeps no more than so many, the newest', () => {
    const log = createPrecedentLog(2);
    for (const [i, id] of ['a', 'b', 'c'].entries()) log.take(lesson(i + 1, id, i === 0 ? 'ham' : 'spam'));
    expect(labels(log.alike(asked, null).found)).toEqual(['2 spam', '3 spam']);
    expect(log.isWhole()).toBe(false);
  });

  it('looks at the newest of a flood', () => {
    const log = createPrecedentLog(1000);
    for (let number = 1; number <= 500; number++)
      log.take(lesson(number, `${number}`, number <= 250 ? 'spam' : 'ham'));
    const { found, isEnough } = log.alike(asked, null);
    expect(isEnough).toBe(true);
    expect(found.length).toBeGreaterThanOrEqual(100);
    expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['ham']));
  });
});
