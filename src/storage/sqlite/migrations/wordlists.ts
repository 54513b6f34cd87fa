/** A site's word lists, as one JSON body: they are read whole, kept in memory, and seldom changed. */
export const WORDLISTS = `
CREATE TABLE wordlists (site TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
`;
