import type { FileNames, NamedComment } from '../../moving/file-names.ts';
import { openScratch } from './scratch-file.ts';

function openNow(path: string): FileNames {
  const { db, close } = openScratch(
    path,
    'CREATE TABLE names (ref TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
  const insert = db.prepare<[string, string]>('INSERT OR REPLACE INTO names (ref, name) VALUES (?, ?)');
  const select = db.prepare<[string], NamedComment>(
    'SELECT ref, name FROM names WHERE ref IN (SELECT value FROM json_each(?))',
  );
  return {
    keep: db.transaction((rows: NamedComment[]) => {
      for (const { ref, name } of rows) insert.run(ref, name);
    }),
    find: (refs) => select.all(JSON.stringify(refs)),
    close,
  };
}

/** FileNames in a scratch file at that path, which most imports never need: it is made when something is kept. */
export function openFileNames(path: string): FileNames {
  let names: FileNames | null = null;
  return {
    keep(rows) {
      if (rows.length === 0) return;
      names ??= openNow(path);
      names.keep(rows);
    },
    find: (refs) => names?.find(refs) ?? [],
    close: () => names?.close(),
  };
}
