/**
 * Search in the moderators' queue.
 *
 * - `search` is the index: a contentless FTS5 table whose rows are comments by their `n`, fed with words
 *   that the code has folded, and a word that stands for the site (see search/tokens.ts). It answers
 *   whether a word is there and nothing else: no positions, no columns' sizes. `secure-delete` takes an
 *   erased word out of its pages at once. The prefixes are the lengths at which people begin to see the
 *   right comments; longer ones are looked up in `search_terms`, which is the index's own list of words.
 * - `search_todo` are the comments that the index does not have as they are: new ones (`indexed` 0), and
 *   those that are in it under an earlier title of their page (`indexed` 1, the title beside it).
 * - `search_gone` are words that are in the index for comments that are no longer there.
 * - `search_states` tells the status of a hit without its row. It holds all comments: a condition of its own
 *   would be tried on the row.
 * - `marks` lists what `phase=` and `reason=` ask for: `p:{phase}` and `r:{reason}`.
 */
export const SEARCH = `
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', columnsize = 0, detail = none,
  tokenize = 'ascii', prefix = '1 2 3 4');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE search_terms USING fts5vocab (search, instance);

CREATE TABLE search_todo (n INTEGER PRIMARY KEY, title TEXT, indexed INTEGER NOT NULL) STRICT;
CREATE TABLE search_gone (n INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
CREATE INDEX search_states ON comments (n, status);

CREATE TABLE marks (
  site TEXT NOT NULL,
  mark TEXT NOT NULL,
  status TEXT NOT NULL,
  id TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (site, mark, status, id)
) STRICT, WITHOUT ROWID;
INSERT INTO marks SELECT DISTINCT site, 'p:' || (one.value ->> 'phase'), status, comments.id, n
  FROM comments, json_each(screening) AS one
  WHERE deleted_at IS NULL AND one.value ->> 'phase' <> 'moderation'
    AND one.value ->> 'outcome' IN ('hold', 'spam', 'reject', 'error');
INSERT INTO marks SELECT DISTINCT site, 'r:' || reason, status, comments.id, n
  FROM comments JOIN history ON history.comment_id = comments.id
  WHERE deleted_at IS NULL AND reason IS NOT NULL AND undone = 0;
`;
