import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchContext, MongodHandle, Programs } from './bench-context.ts';
import { type BenchOptions, readOptions } from './bench-options.ts';
import { startLoad } from './load/load-driver.ts';
import { describeMachine } from './machine.ts';
import { runMeasures } from './measures/all.ts';
import { type Row, replaceSection, tablesOf } from './report.ts';

export interface BenchRun {
  args: string[];
  programs: Programs;
  /** docs/performance.md */
  document: string;
  /** Null where there is none: the MongoDB figures are then reported as not taken. */
  mongod: { path: string } | { path: null; reason: string };
  startMongod(options: { replicaSet?: boolean; cacheGb?: number }): Promise<MongodHandle>;
}

/** Runs the bench and prints its tables. Resolves to the exit code: 1 where a figure could not be taken. */
export async function main(run: BenchRun): Promise<number> {
  const options = readOptions(run.args);
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const rows: Row[] = [];
  const failures: string[] = [];
  const machine = describeMachine(run.mongod.path);
  const begun = Date.now();
  const load = startLoad(run.programs.load);
  try {
    const context = createContext(run, { options, scratch, load, rows });
    await runMeasures(context, {
      mongodMissing: run.mongod.path === null ? run.mongod.reason : null,
      onFailure: (measure, error) => {
        failures.push(`${measure}: ${error.message}`);
        context.say(`  failed: ${error.message}`);
      },
    });
  } finally {
    load.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  const report = [
    describeRun(options, minutes, [...machine]),
    tablesOf(rows),
    ...(failures.length > 0 ? [`### Not taken\n\n${failures.map((line) => `- ${line}`).join('\n')}`] : []),
  ].join('\n\n');
  process.stdout.write(`\n${report}\n`);
  if (options.write) writeFileSync(run.document, replaceSection(readFileSync(run.document, 'utf8'), report));
  return failures.length > 0 ? 1 : 0;
}

function describeRun({ full, quick, seed }: BenchOptions, minutes: string, machine: string[]): string {
  const kind = full
    ? '`npm run bench -- --full`'
    : quick
      ? 'a quick run, figures of no worth'
      : '`npm run bench`';
  const day = new Date().toISOString().slice(0, 10);
  return [
    `${kind}, seed ${seed}, ${minutes} minutes, ${day}.`,
    '',
    ...machine.map((line) => `- ${line}`),
  ].join('\n');
}

function createContext(
  run: BenchRun,
  {
    options,
    scratch,
    load,
    rows,
  }: { options: BenchOptions; scratch: string; load: BenchContext['load']; rows: Row[] },
): BenchContext {
  const factor = options.full ? 4 : options.quick ? 0.2 : 1;
  let runs = 0;
  return {
    options,
    programs: run.programs,
    load,
    scratch,
    startMongod: run.startMongod,
    say: (line) => process.stderr.write(`${line}\n`),
    add(row) {
      rows.push(row);
      const met = row.met === null ? '' : row.met ? ' ✓' : ' ✗';
      process.stderr.write(
        `  ${row.figure}: ${row.gatehouse}${row.bare ? ` | ${row.bare}` : ''} ${row.ratio}${met}\n`,
      );
    },
    rounds: options.full ? 7 : options.quick ? 2 : 5,
    seconds: (factorOfRound) => factorOfRound * factor,
    nextRun() {
      runs += 1;
      return `${runs.toString(36)}-`;
    },
  };
}
