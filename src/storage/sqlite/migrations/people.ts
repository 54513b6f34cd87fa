/**
 * Moderators' accounts and their sessions. An account is kept whole in `body`; the columns beside it are what
 * it is found by. The link that waits stands in it too, since an account has one at most.
 */
export const PEOPLE = `
CREATE TABLE moderators (
  id TEXT NOT NULL PRIMARY KEY,
  email_key TEXT NOT NULL UNIQUE,
  link_hash TEXT UNIQUE,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX active_admins ON moderators (id) WHERE role = 'admin' AND state = 'active';

CREATE TABLE sessions (
  hash TEXT NOT NULL PRIMARY KEY,
  moderator_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (moderator_id, created_at);
`;
