import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../errors.ts';

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

/**
 * The rows of a `text/csv` (RFC 4180) with the columns `alias` and `page`, in any order and among others.
 * Throws `malformed-file` with line and reason, which quotes nothing of the file.
 */
export function readAliasTable(bytes: Buffer): AliasRow[] {
  if (!isUtf8(bytes)) throw refuse(1, 'the file is not in UTF-8');
  const lineAt = createLines(bytes);
  const rows: { cells: string[]; line: number }[] = [];
  try {
    parse(bytes, {
      bom: true,
      max_record_size: MAX_ROW,
      skip_empty_lines: true,
      trim: true,
      on_record(cells, { bytes: end }) {
        rows.push({ cells, line: lineAt(end) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The code and no message: a message quotes what it stumbled over.
    throw refuse(lineAt(Number(error.bytes) + 1), error.code.toLowerCase().replaceAll('_', ' '));
  }
  const columns = (rows.shift()?.cells ?? []).map((name) => name.toLowerCase());
  const [alias, page] = [columns.indexOf('alias'), columns.indexOf('page')];
  if (alias < 0 || page < 0) throw refuse(1, 'the first line does not name the columns alias and page');
  return rows.map(({ cells, line }) => ({ line, alias: cells[alias] ?? '', page: cells[page] ?? '' }));
}
