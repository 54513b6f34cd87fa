/** What is learnt from people's decisions; see screening/learner/lesson-store.ts. `number` is the event's. */
export const LESSONS = `
CREATE TABLE lessons (
  number INTEGER NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  comment_id TEXT NOT NULL,
  label TEXT,
  -- What the label says it of; both NULL where there is none.
  text TEXT,
  url TEXT,
  supersedes INTEGER
) STRICT;
CREATE INDEX lessons_of_site ON lessons (site, number);
-- Of a comment one lesson stands at most; those before it are found by nobody.
CREATE INDEX lessons_that_stand ON lessons (comment_id) WHERE label IS NOT NULL;

CREATE TABLE learnt (
  -- Or '*', for all together.
  site TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
`;
