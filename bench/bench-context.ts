import type { BenchOptions } from './bench-options.ts';
import type { Load } from './load/load-driver.ts';
import type { Row } from './report.ts';

/** A running mongod, as scripts/mongod.mjs starts it. */
export interface MongodHandle {
  uri: string;
  /** Of its members. */
  pids: number[];
  stop(): Promise<void>;
}

/** Where the built programs are; paths are made by bench/run.mjs. */
export interface Programs {
  /** dist/gatehouse.cjs */
  gatehouse: string;
  /** dist/sqlite-writer.cjs */
  writer: string;
  load: string;
  answering: string;
  committing: string;
  starting: string;
}

/** What every measurement is given. */
export interface BenchContext {
  options: BenchOptions;
  programs: Programs;
  load: Load;
  /** A folder for stores and settings, removed at the end. */
  scratch: string;
  startMongod(options: { replicaSet?: boolean; cacheGb?: number }): Promise<MongodHandle>;
  /** Prints a line of progress. */
  say(line: string): void;
  /** Adds a row to the report. */
  add(row: Row): void;
  /** Interleaved rounds of each comparison. */
  rounds: number;
  /** Seconds of one round, `factor` times the usual. */
  seconds(factor: number): number;
  /** A name that no other run of posts used. */
  nextRun(): string;
}
