import { open, rm } from 'node:fs/promises';
import type { Database } from 'better-sqlite3';
import { MalformedFile } from '../../moving/legacy.ts';
import { openDatabase } from './driver.ts';
import { sqliteFault } from './sqlite-error.ts';

/** How every SQLite file begins: https://www.sqlite.org/fileformat2.html#magic_header_string */
const MAGIC = 'SQLite format 3\0';

/** What of Isso's own tables says something: isso/db/comments.py and threads.py. */
const TABLES: Record<string, readonly string[]> = {
  threads: ['id', 'uri', 'title'],
  comments: [
    'tid',
    'id',
    'parent',
    'created',
    'modified',
    'mode',
    'text',
    'author',
    'email',
    'website',
    'likes',
    'dislikes',
  ],
};

interface IssoRow {
  uri: string | null;
  title: string | null;
  comment: string;
}

/** Bytes of one value in the list: so many comments of a thread that they are well below what a reader takes. */
const MOST_IN_VALUE = 256 * 1024;

const malformed = (reason: string): MalformedFile => new MalformedFile(1, reason);

/** Whether the file is of SQLite. */
async function isSqliteFile(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === MAGIC;
  } finally {
    await file.close();
  }
}

/** A file of others: nothing of its schema is run but plain tables. */
function openForeign(path: string): Database {
  const db = openDatabase(path, { readonly: true, fileMustExist: true });
  for (const setting of ['trusted_schema = OFF', 'cell_size_check = ON', 'mmap_size = 0', 'query_only = ON'])
    db.pragma(setting);
  return db;
}

function assertIsso(db: Database): void {
  const isTable = db
    .prepare<[string], number>("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
    .pluck();
  for (const [table, columns] of Object.entries(TABLES)) {
    // A view, or a table that some module makes up, is none.
    if (isTable.get(table) === undefined) throw malformed('this SQLite file is not the data of Isso');
    const found = db.pragma(`table_xinfo(${table})`) as { name: string; hidden: number }[];
    const plain = new Set(found.filter(({ hidden }) => hidden === 0).map(({ name }) => name));
    if (columns.some((column) => !plain.has(column)))
      throw malformed('this SQLite file is not the data of Isso');
  }
}

/** Longer than any text is kept, and short enough for memory. */
const LONGEST = 200_000;
const text = (column: string): string => `substr(CAST(${column} AS TEXT), 1, ${LONGEST})`;
const number = (column: string): string =>
  `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN ${column} END`;

const SELECT = `SELECT ${text('t.uri')} AS uri, ${text('t.title')} AS title, json_object(${[
  ...['id', 'parent', 'created', 'modified', 'mode', 'likes', 'dislikes'].map((name) => [
    name,
    number(`c.${name}`),
  ]),
  ...['text', 'author', 'email', 'website'].map((name) => [name, text(`c.${name}`)]),
]
  .map(([name, value]) => `'${name}', ${value}`)
  .join(', ')}) AS comment
  FROM comments c JOIN threads t ON t.id = c.tid ORDER BY c.tid, c.id`;

/** The same as Isso's JSON: a list of threads with their comments, one of them, or a part of one, on each line. */
function* threadsOf(db: Database): Generator<string> {
  let head: string | null = null;
  let comments: string[] = [];
  let size = 0;
  let separator = '[\n';
  const finished = (): string => {
    const value = `${separator}{${head},"comments":[${comments.join(',')}]}`;
    separator = ',\n';
    [comments, size] = [[], 0];
    return value;
  };
  for (const { uri, title, comment } of db.prepare<[], IssoRow>(SELECT).iterate()) {
    const thread = `"id":${JSON.stringify(uri)},"title":${JSON.stringify(title)}`;
    if (head !== null && (thread !== head || size > MOST_IN_VALUE)) yield finished();
    head = thread;
    comments.push(comment);
    size += comment.length;
  }
  if (head !== null) yield finished();
  yield separator === '[\n' ? '[]' : '\n]';
}

/**
 * The comments in Isso's own SQLite file, as the bytes of the JSON that it reads itself. Throws MalformedFile where
 * the file is damaged or not Isso's.
 */
async function* readIssoFile(path: string): AsyncGenerator<Uint8Array> {
  let db: Database | undefined;
  try {
    db = openForeign(path);
    assertIsso(db);
    for (const text of threadsOf(db)) yield Buffer.from(text);
  } catch (error) {
    if (error instanceof MalformedFile) throw error;
    if (sqliteFault(error)) throw malformed('this SQLite file is damaged, or not the data of Isso');
    throw error;
  } finally {
    db?.close();
    // What a file in write-ahead mode gets beside it when it is opened.
    for (const rest of ['-wal', '-shm']) await rm(`${path}${rest}`, { force: true });
  }
}

/** The bytes of a file on its way in: as `read` has them, but for Isso's own data. */
export async function* readImportFile(
  path: string,
  read: (path: string) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* (await isSqliteFile(path)) ? readIssoFile(path) : read(path);
}
