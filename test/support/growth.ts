/** How many small inputs are as long as the large one. */
const PARTS = 8;

/** What is linear costs the same at once as in parts, what is quadratic eight times as much. */
const MOST = 3;

/** Looks before a cost is believed: whatever else runs here only ever makes one dearer. */
const LOOKS = 6;

/** Looks at the parts before the first at the whole: one that came dear alone would hide what grows. */
const LOOKS_AT_PARTS = 3;

type Work = (size: number) => unknown;

/** The processor's time of so many runs, in microseconds. */
async function costOf(work: Work, size: number, runs: number): Promise<number> {
  const begun = process.cpuUsage();
  for (let run = 0; run < runs; run++) await work(size);
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}

/**
 * How many times as much the work costs on one input of `size` as on eight of an eighth of it: the least of several
 * looks at each, which end as soon as they show no more than `most`. A ratio of two costs of one process, so that a
 * slow machine asks no other bound.
 */
export async function growth(work: Work, size: number, most = MOST): Promise<number> {
  const part = Math.ceil(size / PARTS);
  await costOf(work, part, 1);
  const least = { whole: Number.POSITIVE_INFINITY, parts: Number.POSITIVE_INFINITY };
  const lookAtParts = async (): Promise<void> => {
    least.parts = Math.min(least.parts, await costOf(work, part, PARTS));
  };
  for (let look = 1; look < LOOKS_AT_PARTS; look++) await lookAtParts();
  for (let look = 0; look < LOOKS; look++) {
    await lookAtParts();
    least.whole = Math.min(least.whole, await costOf(work, size, 1));
    if (least.whole <= most * least.parts) break;
  }
  return least.whole / least.parts;
}

/** That a longer input costs only what it is longer by, however it was chosen. */
export async function expectLinear(work: Work, size: number): Promise<void> {
  expect(await growth(work, size)).toBeLessThanOrEqual(MOST);
}
