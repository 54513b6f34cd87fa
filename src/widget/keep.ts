/**
 * What the reader's browser keeps, and only from their first act on: drafts, the tokens of their own
 * comments, the word by which their votes are known, and, where they ask for it, who they are.
 */
const PREFIX = 'gatehouse:';

export function recall<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null') as T | null;
  } catch {
    // Storage is off, or somebody else wrote there: as if nothing had been kept.
    return null;
  }
}

export function keep(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Off or full: what was to be kept lives as long as the page.
  }
}

/** 32 characters that a URL and a header carry as they are. */
export function randomWord(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** The word by which the reader is known here; null before their first act, and for what no service takes. */
export function knownReader(): string | null {
  const kept = recall<unknown>('reader');
  return typeof kept === 'string' && /^[\w-]{16,64}$/.test(kept) ? kept : null;
}

/** Where nothing can be kept: who took a vote back would be another reader than the one who gave it. */
let unkept: string | undefined;

/** Who votes and reports here; made at the first of these acts. */
export function readerHeader(): Record<string, string> {
  unkept ??= randomWord();
  const word = knownReader() ?? unkept;
  keep('reader', word);
  return { 'Gatehouse-Reader': word };
}

/** A comment of the reader's own. */
export interface Own {
  id: string;
  token: string;
  /** Where it was written, as `Context.pageQuery`. */
  page: string;
  /** RFC 3339, both by the reader's own clock. */
  editableUntil: string;
  readableUntil: string;
}

export function ownOf(site: string): Own[] {
  // Somebody else may have written there, or a hand in the browser's tools.
  const kept = recall<(Own | null)[]>(`own:${site}`);
  const isAlive = (one: Own | null): one is Own => Date.parse(one?.readableUntil ?? '') > Date.now();
  return Array.isArray(kept) ? kept.filter(isAlive) : [];
}

/**
 * Changes what is kept as it stands now: another tab, or another thread of the site, may have kept one since.
 * The newest fifty stay: so many the service tells of at once.
 */
export const changeOwn = (site: string, change: (own: Own[]) => Own[]): void =>
  keep(`own:${site}`, change(ownOf(site)).slice(-50));
