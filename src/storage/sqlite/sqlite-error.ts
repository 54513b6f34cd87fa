/** An error of SQLite's, known by its code: its class may belong to another loading of the driver. */
export interface SqliteFault {
  code: string;
  message: string;
  stack?: string;
}

/** The error as SQLite's, or null where it is another's. */
export function sqliteFault(error: unknown): SqliteFault | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
  const { code, message } = error;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_') || typeof message !== 'string') return null;
  return { code, message, stack: 'stack' in error ? String(error.stack) : undefined };
}

/** What an operator can do, by the beginning of the code. */
const ADVICE: readonly (readonly [code: string, advice: string])[] = [
  ['SQLITE_CORRUPT', 'is damaged; put a backup in its place'],
  ['SQLITE_NOTADB', 'is damaged, or no data of Gatehouse; put a backup in its place'],
  ['SQLITE_FULL', "can't be written: the disk is full"],
  ['SQLITE_IOERR', "can't be read or written: the disk is full, or it fails"],
  ['SQLITE_CANTOPEN', "can't be opened or made: it is another user's, or the disk is full or read-only"],
  ['SQLITE_READONLY', "can't be written: it is another user's, or the disk is read-only"],
  ['SQLITE_PERM', "can't be opened: it is another user's"],
];

/** What SQLite says of a statement that the file's layout does not know. */
const OTHER_LAYOUT = /^no such (?:table|index|column): |has no column named /;
const OTHER_LAYOUT_ADVICE =
  'has a layout that no release has: a build from between two releases wrote it. Start that build again, export its ' +
  'sites with it, and import them here';

function adviceOn({ code, message }: SqliteFault): string | undefined {
  if (code === 'SQLITE_ERROR') return OTHER_LAYOUT.test(message) ? OTHER_LAYOUT_ADVICE : undefined;
  return ADVICE.find(([beginning]) => code.startsWith(beginning))?.[1];
}

/**
 * An error of SQLite's in words for people, with its code and what SQLite said; any other as it is, and so one that is
 * in words already. `file` is what was worked on.
 */
export function inWords(error: unknown, file: string): unknown {
  const fault = sqliteFault(error);
  const advice = fault && adviceOn(fault);
  if (!advice || (error instanceof Error && sqliteFault(error.cause))) return error;
  const inWords = new Error(`${file} ${advice} (${fault.message})`, { cause: error });
  return Object.assign(inWords, { code: fault.code });
}

/** As `inWords`, of whatever `work` throws. */
export function sayingWhy<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw inWords(error, file);
  }
}
