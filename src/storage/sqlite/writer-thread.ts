import { parentPort, workerData } from 'node:worker_threads';
import { createBatchRunner } from './batch.ts';
import { closeForWriting, openForWriting, type WritingOptions } from './connection.ts';
import { createLogSweeper } from './log-sweeper.ts';
import type { Call } from './operations/operations.ts';
import { sqliteFault } from './sqlite-error.ts';

interface WriterData extends WritingOptions {
  file: string;
}

/**
 * The writer thread: owns the one connection that writes. Each message is a batch, answered after its
 * commit; the message `close` ends the thread. Built to dist/sqlite-writer.cjs.
 */
if (!parentPort) throw new Error('the SQLite writer runs as a worker thread only');
const port = parentPort;
const { file, ...options } = workerData as WriterData;
const { db, sweeper, run } = saidToOthers(() => {
  const db = openForWriting(file, options);
  const sweeper = createLogSweeper(db);
  return { db, sweeper, run: createBatchRunner(db, sweeper.due) };
});

port.on('message', (message: Call[] | 'close') => {
  if (message !== 'close') {
    port.postMessage(run(message));
    sweeper.rest();
    return;
  }
  sweeper.stop();
  closeForWriting(db);
  port.close();
});

/** The driver's errors are none of JavaScript's own: their message does not reach another thread. */
function saidToOthers<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const fault = sqliteFault(error);
    throw fault ? new Error(`${fault.code}: ${fault.message}`) : error;
  }
}
