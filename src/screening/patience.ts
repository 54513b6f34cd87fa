/**
 * Waits for work that is under way, but no longer than so many milliseconds. Where nothing is (null), not at
 * all: a timer for each comment would cost more than what is asked.
 */
export async function waitAtMost(ms: number, work: Promise<void> | null): Promise<void> {
  if (work === null) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]).finally(() => clearTimeout(timer));
}
