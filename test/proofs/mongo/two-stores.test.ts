import type { Clock } from '../../../src/clock.ts';
import { storeUnderTest } from '../../support/lane.ts';
import { isLongRun } from '../../support/long-run.ts';
import { createRandom, seedOfRun } from '../../support/random.ts';
import { actsOf } from '../../support/two-stores/acts.ts';
import { openSide, type Side } from '../../support/two-stores/side.ts';
import { beginStory, endStory, makeSites, SITES } from '../../support/two-stores/story.ts';

/**
 * The same story told to a service on SQLite and to one on MongoDB, step by step: every answer, everything that is
 * sent, the exports and the self-check are compared, and every answer is held against the OpenAPI document. Both have
 * one clock, which stands still between steps, and draw the same ids, so that ties are ties on both.
 *
 * By default one story, the same each time; in the long run longer ones of new seeds. GATEHOUSE_SEED repeats one.
 */

const STEPS = isLongRun ? 2000 : 200;
const STORIES = isLongRun ? 3 : 1;
const FIRST_SEED = 20_260_101;
const BEGINNING = Date.UTC(2026, 0, 5, 12);

const isGiven = process.env.GATEHOUSE_SEED !== undefined;
const seeds = Array.from({ length: STORIES }, () => (isLongRun || isGiven ? seedOfRun() : FIRST_SEED));

it.each(seeds)('the story of seed %i is the same on both stores', async (seed) => {
  process.stdout.write(`two stores: GATEHOUSE_SEED=${seed}, ${STEPS} steps\n`);
  const random = createRandom(seed);
  let at = BEGINNING;
  const clock: Clock = { now: () => at };
  const sides: Side[] = [];
  try {
    for (const kind of ['sqlite', storeUnderTest()] as const)
      sides.push(await openSide({ kind, clock, seed }));
    const [one, other] = sides as [Side, Side];
    const story = await beginStory([one, other], random);
    await makeSites(story);
    const acts = actsOf(story, clock.now);
    for (; story.step < STEPS && story.faults.length === 0; story.step++) {
      await random.pick(acts)();
      const pause = random.pick([0, 0, 1, 7, 1000, 61_000]);
      // What goes out with the time of its sending goes out first; now and then a day goes by.
      if (pause > 1000) await story.settle();
      at += pause > 1000 && random.next() < 0.2 ? 86_400_000 : pause;
    }
    if (story.faults.length === 0) await endStory(story, SITES);
    expect(story.faults).toEqual([]);
    expect(story.comments.length).toBeGreaterThan(STEPS / 40);
  } finally {
    for (const side of sides) await side.stop();
  }
});
