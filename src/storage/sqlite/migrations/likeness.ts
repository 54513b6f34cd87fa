/**
 * By which keys near copies are found (text/likeness.ts): the comment `n` has them. Filled behind with the
 * search index, and what a change takes out of a comment goes in the same transaction.
 */
export const LIKENESS = `
CREATE TABLE likeness (key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (key, n)) STRICT, WITHOUT ROWID;
`;
