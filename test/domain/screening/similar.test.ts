import { similar } from '../../../src/screening/phases/similar.ts';
import { createPrecedentLog } from '../../../src/screening/precedents/precedent-log.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { inputOf } from '../../support/screening.ts';

const SPAM =
  'Buy the finest watches of the town at half the price, only today and only in our shop of wonders';

describe('the phase', () => {
  it.each([
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
    expect(similar.judge(inputOf({ precedent }))).toMatchObject({ outcome, score });
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
  const lesson = (number: number, commentId: string, label: 'ham' | 'spam' | null, text = SPAM) => {
    const head = { number, site, commentId, supersedes: null };
    return label === null
      ? { ...head, label, learnt: null }
      : { ...head, label, learnt: { text, url: null } };
  };
  const asked = likenessOf(site, SPAM.replace('watches', 'handbags'));

  it('counts the newest decision of each comment, but for the one that is asked about', () => {
    const log = createPrecedentLog(10);
    expect(log.decidedOn(asked, null)).toBeNull();
    log.take(lesson(1, 'a', 'spam'));
    log.take(lesson(2, 'b', 'spam'));
    log.take(lesson(3, 'c', 'ham'));
    log.take(lesson(4, 'd', 'spam', 'Nobody had told those who live by the lake that the road was closed.'));
    expect(log.decidedOn(asked, null)).toEqual({ ham: 1, spam: 2 });
    expect(log.decidedOn(asked, 'a')).toEqual({ ham: 1, spam: 1 });
    log.take(lesson(5, 'b', 'ham'));
    log.take(lesson(6, 'a', null));
    expect(log.decidedOn(asked, null)).toEqual({ ham: 2, spam: 0 });
  });

  it('keeps no more than so many, the newest', () => {
    const log = createPrecedentLog(2);
    for (const [i, id] of ['a', 'b', 'c'].entries()) log.take(lesson(i + 1, id, i === 0 ? 'ham' : 'spam'));
    expect(log.decidedOn(asked, null)).toEqual({ ham: 0, spam: 2 });
  });
});
