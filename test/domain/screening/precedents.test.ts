import type { Lesson, Said } from '../../../src/screening/learner/lesson.ts';
import { createPrecedents, type Precedents } from '../../../src/screening/precedents/precedents.ts';

const SITE = 'news';
const FLOOD =
  'Buy the finest watches of the town at half the price, only today and only in our shop of wonders';
const OTHER = 'The road by the river was closed for two weeks, and nobody had told those who live there';
/** As many as a store looks at of those that share a key. */
const LOOKED_AT = 100;

const lesson = (number: number, text: string, label: Said = 'spam'): Lesson => ({
  ...{ number, site: SITE, commentId: `comment-${number}`, supersedes: null, label },
  learnt: { text, url: null },
});

describe('on a site with more decisions than are in memory', () => {
  let precedents: Precedents;
  let asked: number;

  /** Over a log that tells how often it is asked for what is not in memory. */
  function follow(log: Lesson[], most: number): void {
    asked = 0;
    precedents = createPrecedents({
      lessons: {
        after: async ({ after, limit }) => log.filter(({ number }) => number > after).slice(0, limit),
        before: async (_, count) => log.at(-count - 1)?.number ?? 0,
        alike: async () => {
          asked += 1;
          return [{ number: 1, label: 'ham' }];
        },
      },
      events: { onNews: () => () => undefined },
      report(error) {
        throw error;
      },
      most,
    });
  }

  const numbered = (count: number, text: string): Lesson[] =>
    Array.from({ length: count }, (_, i) => lesson(i + 2, `${text} ${i}`));
  const old = lesson(1, OTHER, 'ham');

  afterEach(() => precedents.stop());

  it('the store is not asked about a flood that memory has as much of as a store would look at', async () => {
    follow([old, ...numbered(LOOKED_AT, FLOOD)], LOOKED_AT);
    expect(await precedents.of(SITE, { id: null, text: FLOOD })).toMatchObject({ ham: 0, spam: LOOKED_AT });
    expect(asked).toBe(0);
  });

  it('it is asked about all else', async () => {
    follow([old, ...numbered(LOOKED_AT - 1, FLOOD)], LOOKED_AT - 1);
    expect(await precedents.of(SITE, { id: null, text: FLOOD })).toMatchObject({
      ham: 1,
      spam: LOOKED_AT - 1,
    });
    expect(await precedents.of(SITE, { id: null, text: OTHER })).toMatchObject({ ham: 1, spam: 0 });
    expect(asked).toBe(2);
  });
});
