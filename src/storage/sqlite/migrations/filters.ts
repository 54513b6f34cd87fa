/** Outside filters, each as one JSON body: they are few, read whole and kept in memory. */
export const FILTERS = `
CREATE TABLE filters (
  id TEXT NOT NULL PRIMARY KEY,
  name_key TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;
