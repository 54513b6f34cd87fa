/**
 * Signed-in readers. `author_badge` is NULL for everybody else, '' for one without a badge. A link leads from the
 * pseudonym of an address to one that its owner is signed in under.
 */
export const IDENTITIES = `
ALTER TABLE comments ADD COLUMN author_badge TEXT;

CREATE TABLE identity_secrets (
  site TEXT NOT NULL PRIMARY KEY,
  secret TEXT NOT NULL,
  previous TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_links (
  site TEXT NOT NULL,
  email_key TEXT NOT NULL,
  author_key TEXT NOT NULL,
  PRIMARY KEY (email_key, author_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_links_to ON identity_links (author_key);
CREATE INDEX identity_links_of_site ON identity_links (site);
`;
