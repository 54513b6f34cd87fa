/**
 * Comments that an import brought into a site while those that they are copies of are there, in another site: an
 * id belongs to one comment, so a copy has its own, and is still known by the former one.
 */
export const COPIES = `
CREATE TABLE copies (
  site TEXT NOT NULL,
  former_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (site, former_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_by_id ON copies (site, id, former_id);
`;
