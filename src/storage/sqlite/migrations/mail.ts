/** Readers' wishes for mail. The address is sealed, `reader` is the author's pseudonym on the site. */
export const MAIL = `
CREATE TABLE subscriptions (
  comment_id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  reader TEXT NOT NULL,
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_of_reader ON subscriptions (reader, comment_id);
CREATE INDEX subscriptions_of_site ON subscriptions (site);
CREATE INDEX subscriptions_unconfirmed ON subscriptions (created_at) WHERE confirmed_at IS NULL;
`;
