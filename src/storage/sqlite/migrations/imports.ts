/** Imports: `plan` is what it is to do, `progress` how far it is. The files themselves lie beside the data file. */
export const IMPORTS = `
CREATE TABLE imports (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  open INTEGER NOT NULL,
  holder TEXT NOT NULL,
  held_until INTEGER NOT NULL,
  plan TEXT NOT NULL,
  progress TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_open ON imports (id) WHERE open = 1;
CREATE INDEX imports_of_site ON imports (site);
`;
