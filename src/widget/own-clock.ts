/**
 * Brings the service's moments to the reader's clock: a comment is made between its first sending and its answer,
 * so that a clock by which it was not is wrong by the difference at least.
 */
export function byOwnClock(createdAt: string, sentAt: number): (moment: string) => string {
  const made = Date.parse(createdAt);
  const skew = Math.min(Date.now() - made, 0) || Math.max(sentAt - made, 0);
  return (moment) => new Date(Date.parse(moment) + skew).toISOString();
}
