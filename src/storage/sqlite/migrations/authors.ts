/**
 * What is said of authors, and the directories of authors and pages.
 *
 * - `standings` holds a row for each author on whom somebody ever said something: few. The key alone is
 *   unique, it is made with the site's name.
 * - `authors` and `page_facts` are worked out from comments and filled behind the posts, by the order of
 *   `events`: a post must not wait for what only a moderator's list needs. `directory_todo` names what
 *   changed without an event, and after a migration everything.
 * - `words` holds folded words, each after a space, so that ` x` is found in it where a word begins with x.
 * - What has no comment left is in no list, hence the partial indexes.
 */
export const AUTHORS = `
CREATE TABLE standings (
  key TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  -- NULL once taken back: the version goes on.
  standing TEXT,
  until INTEGER,
  reason TEXT,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX standings_of_site ON standings (site);

CREATE TABLE authors (
  key TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  name TEXT,
  url TEXT,
  email TEXT,
  names TEXT NOT NULL,
  words TEXT NOT NULL,
  first_at INTEGER,
  last_at INTEGER,
  last_id TEXT NOT NULL,
  comments INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  spam INTEGER NOT NULL,
  approved_under_name INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX authors_recent ON authors (site, last_id, key) WHERE comments > 0;
CREATE INDEX authors_comments ON authors (site, comments, key) WHERE comments > 0;
CREATE INDEX authors_rejected ON authors (site, rejected, key) WHERE comments > 0;

ALTER TABLE pages ADD COLUMN closed INTEGER;
ALTER TABLE pages ADD COLUMN moderation TEXT;
ALTER TABLE pages ADD COLUMN published_at INTEGER;
ALTER TABLE pages ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE page_facts (
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  -- '' where no comment is left.
  last_id TEXT NOT NULL,
  comments INTEGER NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_recent ON page_facts (site, last_id, key);
CREATE INDEX pages_comments ON page_facts (site, comments, key);

CREATE TABLE directory_todo (
  kind TEXT NOT NULL CHECK (kind IN ('author', 'page')),
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (kind, site, key)
) STRICT, WITHOUT ROWID;
INSERT INTO directory_todo
  SELECT 'author', substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1)
  FROM (SELECT substr(scope, 3) AS rest FROM counters WHERE scope >= 'a/' AND scope < 'a0');
INSERT INTO directory_todo SELECT 'page', site, key FROM pages;

ALTER TABLE audit ADD COLUMN subject TEXT;
`;
