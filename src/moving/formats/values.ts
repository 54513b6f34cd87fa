/** Members of a JSON value of which nothing is known. */
export type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

/** A text; a number as its digits; null for all else, and for ''. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A whole number from 0, at most so many that a counter can hold them. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.floor(value), 2 ** 31) : 0;
}

/** As votes up and down, where only their difference is known. */
export const votesOf = (score: unknown): { votesUp: number; votesDown: number } => ({
  votesUp: countOf(score),
  votesDown: typeof score === 'number' ? countOf(-score) : 0,
});

/** A path of a site without a host in it, or a whole address as it is. */
export function addressOf(origin: string, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  return `${origin}${path.startsWith('/') ? '' : '/'}${path}`;
}
