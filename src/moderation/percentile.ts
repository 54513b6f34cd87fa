/** The value that so much of the weight is at or below (nearest rank); null without any. */
export function percentile(
  weighed: readonly [value: number, weight: number][],
  share: number,
): number | null {
  const sorted = [...weighed].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let seen = 0;
  for (const [value, weight] of sorted) {
    seen += weight;
    if (seen >= share * total) return value;
  }
  return null;
}
