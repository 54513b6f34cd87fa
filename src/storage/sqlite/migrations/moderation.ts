/**
 * What moderation in full needs of comments.
 *
 * - `n` names a row for the search index and orders it by time: milliseconds of posting × 1024 and a count
 *   within. SQLite gives rows without such a column new numbers when it compacts a file.
 * - `strand` is the part of a page's thread that a comment stands in: 0 comments, 2 answers, and one more
 *   where its votes place it. Readers' lists are merged of two to four of them (reads/thread-sql.ts), so
 *   that a comment enters one index when it is shown; a second holds the few that votes place.
 * - The history is kept in order by `seq`: not every act raises the version.
 * - `events` is what the live stream resumes on, in the order of commits. The newest row is never removed:
 *   its number is what the next one follows.
 */
export const MODERATION = `
CREATE TABLE comments_v2 (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL,
  page_key TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'spam', 'trash')),
  open INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER,
  parent_id TEXT,
  ancestors TEXT NOT NULL,
  reply_count INTEGER NOT NULL,
  votes_up INTEGER NOT NULL,
  votes_down INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  open_reports INTEGER NOT NULL,
  risk REAL NOT NULL,
  author_key TEXT,
  author_name TEXT,
  author_url TEXT,
  author_email TEXT,
  author_moderator INTEGER NOT NULL,
  decided_by TEXT,
  legacy_id TEXT,
  duplicate_hash INTEGER NOT NULL,
  duplicate_key TEXT NOT NULL,
  screening TEXT NOT NULL,
  text TEXT,
  html TEXT,
  top_order INTEGER GENERATED ALWAYS AS (votes_down - votes_up) VIRTUAL,
  risk_order REAL GENERATED ALWAYS AS (-risk) VIRTUAL,
  strand INTEGER GENERATED ALWAYS AS (iif(parent_id IS NULL, 0, 2) + (votes_up <> votes_down)) VIRTUAL
) STRICT;

INSERT INTO comments_v2 (n, open_reports,
  id, site, page_key, status, open, shown, version, revision, created_at, edited_at, deleted_at,
  parent_id, ancestors, reply_count, votes_up, votes_down, pinned, risk, author_key, author_name,
  author_url, author_email, author_moderator, decided_by, legacy_id, duplicate_hash, duplicate_key,
  screening, text, html)
SELECT created_at * 1024 + row_number() OVER (PARTITION BY created_at ORDER BY id), 0,
  id, site, page_key, status, open, shown, version, revision, created_at, edited_at, deleted_at,
  parent_id, ancestors, reply_count, votes_up, votes_down, pinned, risk, author_key, author_name,
  author_url, author_email, author_moderator, decided_by, legacy_id, duplicate_hash, duplicate_key,
  screening, text, html
FROM comments;
DROP TABLE comments;
ALTER TABLE comments_v2 RENAME TO comments;

CREATE INDEX queue_status ON comments (site, status, id) WHERE deleted_at IS NULL;
CREATE INDEX queue_all ON comments (site, id) WHERE deleted_at IS NULL;
CREATE INDEX queue_status_risk ON comments (site, status, risk_order, id) WHERE deleted_at IS NULL;
CREATE INDEX queue_page ON comments (site, page_key, status, id) WHERE deleted_at IS NULL;
-- Of one page or author few comments are risky; those without risk come after, from the indexes by id.
CREATE INDEX queue_page_risk ON comments (site, page_key, status, risk_order, id)
  WHERE deleted_at IS NULL AND risk_order < 0;
CREATE INDEX queue_author_risk ON comments (site, author_key, status, risk_order, id)
  WHERE deleted_at IS NULL AND author_key IS NOT NULL AND risk_order < 0;
CREATE INDEX queue_author ON comments (site, author_key, status, id, page_key)
  WHERE deleted_at IS NULL AND author_key IS NOT NULL;

CREATE INDEX thread ON comments (page_key, strand, id) WHERE shown = 1;
CREATE INDEX thread_votes ON comments (page_key, strand, top_order, id) WHERE shown = 1 AND top_order <> 0;
CREATE INDEX replies ON comments (parent_id, shown, id) WHERE parent_id IS NOT NULL;

-- Those that no list holds, for what must reach every comment of a page or site.
CREATE INDEX deleted_comments ON comments (site, page_key) WHERE deleted_at IS NOT NULL;
CREATE INDEX duplicates ON comments (duplicate_hash) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX legacy_ids ON comments (site, legacy_id) WHERE legacy_id IS NOT NULL;
CREATE INDEX queue_reported ON comments (site, id)
  WHERE deleted_at IS NULL AND status = 'approved' AND open_reports > 0;

CREATE TABLE reports (
  comment_id TEXT NOT NULL,
  id TEXT NOT NULL,
  reader TEXT NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  note TEXT,
  at INTEGER NOT NULL,
  closed_by TEXT,
  PRIMARY KEY (comment_id, reader)
) STRICT, WITHOUT ROWID;

CREATE TABLE history_v2 (
  comment_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  decision_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  reason TEXT,
  note TEXT,
  batch_id TEXT,
  version INTEGER NOT NULL,
  closed_reports INTEGER NOT NULL,
  undone INTEGER NOT NULL,
  undoes TEXT,
  previous_actor TEXT,
  PRIMARY KEY (comment_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO history_v2 SELECT comment_id, row_number() OVER (PARTITION BY comment_id ORDER BY version),
  decision_id, at, actor, action, from_status, to_status, reason, note, NULL, version, 0, undone, undoes,
  previous_actor FROM history;

CREATE TABLE audit (
  id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  -- '' for what concerns no site.
  site TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  comment_id TEXT,
  from_status TEXT,
  to_status TEXT,
  reason TEXT,
  note TEXT,
  decision_id TEXT,
  batch_id TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO audit SELECT decision_id, at, site, actor ->> 'id', actor, action, comment_id, from_status,
  to_status, reason, note, decision_id, NULL FROM history JOIN comments ON comments.id = comment_id;
CREATE INDEX audit_site ON audit (site, id);
CREATE INDEX audit_actor ON audit (site, actor_id, id);
CREATE INDEX audit_action ON audit (site, action, id);
CREATE INDEX audit_comment ON audit (comment_id, id) WHERE comment_id IS NOT NULL;

DROP TABLE history;
ALTER TABLE history_v2 RENAME TO history;

ALTER TABLE counters ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;

CREATE TABLE events (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
`;
