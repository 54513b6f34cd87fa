/**
 * Who takes events out of the log, and how far each has come: nothing beyond the slowest is trimmed. The
 * directories are there from the start, those that come later begin where the log then ends.
 */
export const CONSUMERS = `
CREATE TABLE event_consumers (name TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO event_consumers VALUES ('directory', 0);
`;
