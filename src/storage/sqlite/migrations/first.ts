/**
 * The first layout. Ids are time-ordered text and every list is walked by them, so an index that ends in
 * `id` (or in a sort value and `id`) is a list. Lists hold no deleted comment but as a tombstone, hence
 * the partial indexes: what is not listed is not carried.
 *
 * - `shown` is 1 for visible comments and tombstones. It stands beside `open`, `deleted_at` and
 *   `reply_count` so that a changed reply count does not touch the lists' indexes.
 * - `top_order` and `risk_order` are the sort values negated: both columns of an index then ascend, and a
 *   page begins at a row value.
 * - `queue_author` carries the page so that one author's comments on one page are told from the index alone.
 * - `duplicate_hash` is 53 bits of the duplicate key: the index stays small, the key itself decides.
 */
export const FIRST = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
  id TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  -- NULL once removed: the row stays so that a list can be walked on from it.
  body TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sites_newest ON sites (created_at, id) WHERE body IS NOT NULL;

CREATE TABLE pages (
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  url TEXT,
  page_id TEXT,
  title TEXT,
  -- The page that an alias joined this one to; its comments stand there now.
  moved_to TEXT,
  PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_references (
  site TEXT NOT NULL,
  reference TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (site, reference)
) STRICT, WITHOUT ROWID;

CREATE TABLE aliases (
  site TEXT NOT NULL,
  alias TEXT NOT NULL,
  id TEXT NOT NULL,
  page TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- The page it moved, to be itself again when the alias is removed.
  moved_key TEXT,
  PRIMARY KEY (site, alias)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX aliases_newest ON aliases (site, id);

CREATE TABLE comments (
  id TEXT NOT NULL PRIMARY KEY,
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
  risk_order REAL GENERATED ALWAYS AS (-risk) VIRTUAL
) STRICT;

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

CREATE INDEX thread_roots ON comments (page_key, id) WHERE shown = 1 AND parent_id IS NULL;
CREATE INDEX thread_flat ON comments (page_key, id) WHERE shown = 1;
CREATE INDEX thread_roots_top ON comments (page_key, top_order, id) WHERE shown = 1 AND parent_id IS NULL;
CREATE INDEX thread_flat_top ON comments (page_key, top_order, id) WHERE shown = 1;
CREATE INDEX thread_children ON comments (parent_id, id) WHERE shown = 1 AND parent_id IS NOT NULL;

-- Those that no list holds, for what must reach every comment of a page or site.
CREATE INDEX deleted_comments ON comments (site, page_key) WHERE deleted_at IS NOT NULL;
CREATE INDEX replies_of ON comments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX duplicates ON comments (duplicate_hash) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX legacy_ids ON comments (site, legacy_id) WHERE legacy_id IS NOT NULL;

CREATE TABLE history (
  comment_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  decision_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  reason TEXT,
  note TEXT,
  undone INTEGER NOT NULL,
  undoes TEXT,
  previous_actor TEXT,
  PRIMARY KEY (comment_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  scope TEXT NOT NULL PRIMARY KEY,
  pending INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  spam INTEGER NOT NULL,
  trash INTEGER NOT NULL,
  visible INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  sites TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  key TEXT NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  plan TEXT NOT NULL,
  owner TEXT NOT NULL,
  at INTEGER NOT NULL,
  answer TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_oldest ON idempotency (at);

-- One row that the readiness check overwrites: a disk that takes it takes comments too.
CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, filler BLOB NOT NULL) STRICT;
`;
