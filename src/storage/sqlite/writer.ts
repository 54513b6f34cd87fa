import { Worker } from 'node:worker_threads';
import { type BatchResult, createBatchRunner } from './batch.ts';
import { closeForWriting, openForWriting, type WritingOptions } from './connection.ts';
import { createLogSweeper } from './log-sweeper.ts';
import type { Call } from './operations/operations.ts';

/** Where batches are carried out: one at a time, each answered after its commit. */
export interface Writer {
  /** `done` is called once; never while another batch is under way. */
  run(calls: Call[], done: (result: BatchResult) => void): void;
  /** Folds the log into the file, where that has room, and closes the connection. Nothing may be under way. */
  close(): Promise<void>;
}

export interface ThreadOptions extends WritingOptions {
  file: string;
  /** The built writer-thread. */
  writerPath: string;
  /** The thread ended by itself; a batch under way is not answered any more. */
  onDeath: (error: Error) => void;
}

/** MiB of young objects in the writer's heap: batches are short-lived, and the process is to stay small. */
const YOUNG_OBJECTS = 8;

/** A writer in a thread of its own: a commit's wait for the disk holds up no reader. */
export function startThreadWriter({ file, isHurried, writerPath, onDeath }: ThreadOptions): Writer {
  const worker = new Worker(writerPath, {
    workerData: { file, isHurried },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_OBJECTS },
  });
  let cause: Error | undefined;
  let closing = false;
  let done: ((result: BatchResult) => void) | undefined;
  worker.on('message', (result: BatchResult) => {
    const answer = done;
    done = undefined;
    answer?.(result);
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : new Error(String(error));
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      resolve();
      if (!closing) onDeath(cause ?? new Error(`the SQLite writer thread ended with code ${code}`));
    });
  });
  return {
    run(calls, answer) {
      done = answer;
      worker.postMessage(calls);
    },
    close() {
      closing = true;
      worker.postMessage('close');
      return ended;
    },
  };
}

/** A writer in the calling thread, for tools and comparison: the same operations without the thread. */
export function createInlineWriter(file: string): Writer {
  const db = openForWriting(file);
  const sweeper = createLogSweeper(db);
  const runBatch = createBatchRunner(db, sweeper.due);
  return {
    run(calls, done) {
      done(runBatch(calls));
      sweeper.rest();
    },
    async close() {
      sweeper.stop();
      closeForWriting(db);
    },
  };
}
