/** Readers' votes, by keyed hashes; a vote that was taken back is none. */
export const VOTES = `
CREATE TABLE votes (
  comment_id TEXT NOT NULL,
  reader TEXT NOT NULL,
  address TEXT NOT NULL,
  value INTEGER NOT NULL CHECK (value IN (1, -1)),
  PRIMARY KEY (comment_id, reader)
) STRICT, WITHOUT ROWID;
CREATE INDEX votes_reader ON votes (reader, comment_id);
CREATE INDEX votes_address ON votes (comment_id, address);
`;
