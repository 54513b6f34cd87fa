/** Longer than anything that works takes, so that a test which waits in vain ends with a word on what was missing. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 20;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until the answer is neither null, undefined nor false. */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await attempt();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain for ${what}`);
    await pause(PAUSE_MS);
  }
}

/** Waits until nothing is left, for as long as it gets less: who works slowly is waited for, who stands still is not. */
export async function untilNoneLeft(what: string, countLeft: () => Promise<number>): Promise<void> {
  let left = Number.POSITIVE_INFINITY;
  while (left > 0) {
    left = await until(`fewer than ${left} ${what}`, async () => {
      const now = await countLeft();
      return now < left && { now };
    }).then(({ now }) => now);
  }
}
