import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { ImportView } from '../../src/moving/present-import.ts';
import { openDatabase } from '../../src/storage/sqlite/driver.ts';
import type { BenchContext } from '../bench-context.ts';
import { gatehouseCommand } from '../harness/run-servers.ts';
import { fillEmpty, newSqlite } from '../harness/stores.ts';
import { median, rate, times } from '../report.ts';
import { writeImportFile } from '../seed/import-files.ts';
import { HELD_SITE } from '../seed/sites.ts';
import { measureImportMemory } from './import-memory.ts';

const GOAL = 5000;
const PAGES = 200;
/** Comments in one transaction, as the command writes them. */
const PART = 1000;

/** Comments a second of the command, from its first look at the file to its last word on it. */
async function importRate(context: BenchContext, dataDir: string, file: string): Promise<number> {
  const store = { kind: 'sqlite' as const, dataDir, writerPath: context.programs.writer };
  const { args, env } = gatehouseCommand(context, store);
  const command = ['import', '--site', HELD_SITE, '--format', 'generic', '--json', file];
  const child = spawn(process.execPath, [args[0] ?? '', ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close');
  const { comments, startedAt, finishedAt } = JSON.parse(text) as ImportView;
  return comments.added / ((Date.parse(finishedAt ?? '') - Date.parse(startedAt)) / 1000);
}

/** The same rows into the same table with its indexes, in as many transactions, and nothing else. */
function bareRate(context: BenchContext, dataDir: string, name: string): number {
  const from = openDatabase(join(dataDir, 'gatehouse.db'), { readonly: true });
  const to = openDatabase(join(context.scratch, name));
  try {
    to.pragma('journal_mode = WAL');
    to.pragma('synchronous = FULL');
    const schema =
      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'comments' AND sql IS NOT NULL ORDER BY type DESC";
    for (const sql of from.prepare<[], string>(schema).pluck().all()) to.exec(sql);
    const columns = (from.pragma('table_info(comments)') as { name: string }[]).map((column) => column.name);
    const rows = from
      .prepare<[], unknown[]>(`SELECT ${columns.join(', ')} FROM comments ORDER BY id`)
      .raw()
      .all();
    return timedInserts(to, columns, rows);
  } finally {
    to.close();
    from.close();
  }
}

function timedInserts(to: Database, columns: string[], rows: unknown[][]): number {
  const insert = to.prepare<unknown[]>(
    `INSERT INTO comments (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const keep = to.transaction((part: unknown[][]) => {
    for (const row of part) insert.run(...row);
  });
  const begun = performance.now();
  for (let i = 0; i < rows.length; i += PART) keep(rows.slice(i, i + PART));
  return rows.length / ((performance.now() - begun) / 1000);
}

/** Old comments on their way into SQLite, by the command: how fast, and in how much memory. */
export async function measureImports(context: BenchContext): Promise<void> {
  const { quick, full, seed } = context.options;
  const comments = full ? 500_000 : quick ? 5000 : 50_000;
  const file = join(context.scratch, 'import.jsonl');
  const size = { comments };
  const written = await writeImportFile(file, {
    ...{ format: 'generic', size, pages: PAGES, readers: Math.ceil(comments / 5), seed },
  });
  const megabytes = Math.round(written.bytes / 1e6);
  const rounds = quick ? 1 : Math.min(5, context.rounds);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const store = newSqlite(context, `imports-${round}`);
    await fillEmpty(store);
    ours.push(await importRate(context, store.dataDir, file));
    theirs.push(bareRate(context, store.dataDir, `imports-bare-${round}.db`));
  }
  const [rateOfOurs, rateOfTheirs] = [median(ours), median(theirs)];
  context.add({
    group: 'Moving in',
    figure: `import of ${comments.toLocaleString('en')} comments, SQLite`,
    gatehouse: rate(rateOfOurs),
    bare: rate(rateOfTheirs),
    ratio: times(rateOfOurs / rateOfTheirs),
    goal: `≥ ${GOAL.toLocaleString('en')}/s`,
    met: rateOfOurs >= GOAL,
    how: `gatehouse import of JSON Lines (${megabytes} MB), from the first byte spooled to the last part durable, read twice, addresses sealed; search and directories are filled in at the next start; the bare program inserts the same rows into the same table with its indexes, in as many transactions; medians of ${rounds}`,
  });
  await measureImportMemory(context);
}
