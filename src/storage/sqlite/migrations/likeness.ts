/**
 * By which keys near copies are found (text/likeness.ts). Filled behind with the search index, and what a
 * change takes out of a comment goes in the same transaction.
 *
 * - `likeness`: the comment `n` has the key.
 * - `likeness_of`: the keys of each comment, a JSON list. Whoever asks for its copies need not read and fold
 *   its text again, and what is taken out is what was put in. `near` is 0 where nobody
 *   shares enough of them: such a comment has no copy, and nothing has to be looked up for it. Once 1 it stays.
 */
export const LIKENESS = `
CREATE TABLE likeness (key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, n)) STRICT, WITHOUT ROWID;
CREATE TABLE likeness_of (n INTEGER PRIMARY KEY, keys TEXT NOT NULL, near INTEGER NOT NULL) STRICT;
`;
