/**
 * Batches of decisions, and who is at work on which comment.
 *
 * - A batch has its plan, which stays, and its progress, which is written anew with each part. What parts
 *   came to is kept for its answer and for an undo.
 * - Of a claim there is one row for each comment, also where it has ended: the next claim takes it over, and
 *   what ran out goes when others claim.
 */
export const DESK = `
CREATE TABLE batches (
  id TEXT NOT NULL PRIMARY KEY,
  open INTEGER NOT NULL,
  plan TEXT NOT NULL,
  progress TEXT NOT NULL
) STRICT;
CREATE INDEX batches_open ON batches (id) WHERE open = 1;

CREATE TABLE batch_parts (
  batch_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  outcomes TEXT NOT NULL,
  PRIMARY KEY (batch_id, number)
) STRICT;

CREATE TABLE claims (
  comment_id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  until INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_actor ON claims (actor_id, comment_id);
CREATE INDEX claims_ended ON claims (until);
`;
