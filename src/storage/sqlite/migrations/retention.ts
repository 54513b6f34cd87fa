/**
 * How far keeping for a while has come. A lesson whose comment is not kept any longer names its author, so that an
 * erasure finds it.
 */
export const RETENTION = `
CREATE TABLE retention (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

ALTER TABLE lessons ADD COLUMN author_key TEXT;
CREATE INDEX lessons_outliving ON lessons (author_key) WHERE author_key IS NOT NULL;
`;
