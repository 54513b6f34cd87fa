import { isUtf8 } from 'node:buffer';
import { CsvError, type Parser, parse } from 'csv-parse';
import { AppError } from '../errors.ts';
import { nextTurn } from '../screening/turns.ts';

/** A row of a table of aliases; `line` is where it ends, from 1. */
export interface AliasRow {
  line: number;
  alias: string;
  page: string;
}

/** Longer than two addresses of the greatest length, every character escaped. Characters. */
const MAX_ROW = 100_000;

const refuse = (line: number, reason: string): AppError =>
  new AppError('malformed-file', { extra: { line, reason } });

/** The line on which the byte before `end` stands, asked in order. The parser counts some ends of lines twice. */
function createLines(bytes: Buffer): (end: number) => number {
  let line = 1;
  let next = bytes.indexOf('\n');
  return (end) => {
    for (; next >= 0 && next < end - 1; next = bytes.indexOf('\n', next + 1)) line += 1;
    return line;
  };
}

/** Bytes that are read at a time: of the shortest rows there are, these take some milliseconds. */
const PIECE = 4096;

type Done = (error?: Error | null) => void;
const called = (act: (done: Done) => unknown): Promise<void> =>
  new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));

/** Has the parser read the file in pieces, between which everybody else gets their turn. */
async function readBy(parser: Parser, bytes: Buffer): Promise<void> {
  // Whoever gives it a piece hears what is wrong with it.
  parser.on('error', () => undefined);
  for (let start = 0; start < bytes.length; start += PIECE) {
    await called((done) => parser.write(bytes.subarray(start, start + PIECE), done));
    await nextTurn();
  }
  await called((done) => parser.end(done));
}

/**
 * The rows of a `text/csv` (RFC 4180) with the columns `alias` and `page`, in any order and among others.
 * Throws `malformed-file` with line and reason, which quotes nothing of the file.
 */
export async function readAliasTable(bytes: Buffer): Promise<AliasRow[]> {
  if (!isUtf8(bytes)) throw refuse(1, 'the file is not in UTF-8');
  const lineAt = createLines(bytes);
  const columns = { alias: -1, page: -1, named: false };
  const rows: AliasRow[] = [];
  const take = (cells: string[], line: number): void => {
    if (columns.named) {
      rows.push({ line, alias: cells[columns.alias] ?? '', page: cells[columns.page] ?? '' });
      return;
    }
    const names = cells.map((name) => name.toLowerCase());
    Object.assign(columns, { alias: names.indexOf('alias'), page: names.indexOf('page'), named: true });
  };
  try {
    const parser = parse({
      bom: true,
      max_record_size: MAX_ROW,
      skip_empty_lines: true,
      trim: true,
      on_record(cells, { bytes: end }) {
        take(cells, lineAt(end));
        return null;
      },
    });
    await readBy(parser, bytes);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Of a row that was read to its end the parser tells where that is, of any other where it begins.
    const end = Number(error.bytes) + (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' ? 0 : 1);
    // The code and no message: a message quotes what it stumbled over.
    throw refuse(lineAt(end), error.code.toLowerCase().replaceAll('_', ' '));
  }
  if (columns.alias < 0 || columns.page < 0)
    throw refuse(1, 'the first line does not name the columns alias and page');
  return rows;
}
