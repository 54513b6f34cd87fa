/**
 * What people decided, by the keys of the texts they decided on (text/likeness.ts): the lesson `number` has the key.
 * Filled behind with the search index, up to the lesson that `meta` names; what a decision takes back goes in the
 * same transaction. The label is the lesson's, as SAID of search/precedent-index.ts numbers it, so that of a flood
 * nothing else is read.
 */
export const PRECEDENTS = `
CREATE TABLE precedents (
  key INTEGER NOT NULL,
  number INTEGER NOT NULL,
  label INTEGER NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('precedents', '0');
`;
