import { fstatSync, writeFileSync } from 'node:fs';
import { EXIT } from './exit-codes.ts';

/** Whoever reads a pipe may have enough of it: that is no failure. */
export const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE';

/** Has what a file takes a part of, as on a full disk, written on to its end or to an error. Node calls it done. */
function writeWhole(stdout: typeof process.stdout): void {
  if (!fstatSync(stdout.fd).isFile()) return;
  stdout._write = (chunk, _encoding, done) => {
    try {
      writeFileSync(stdout.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}

/**
 * Runs a command; resolves to its exit code, or to 74 where what it printed could not all be written, as into a file
 * on a full disk. Standard output tells that by an event, which comes after the command has ended.
 */
export async function withOutput(command: () => Promise<number>): Promise<number> {
  let failure: Error | null = null;
  process.stdout.on('error', (error: Error) => {
    failure ??= error;
  });
  writeWhole(process.stdout);
  const code = await command();
  // Its callback comes after those of all that was written before.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  if (failure === null || isBrokenPipe(failure)) return code;
  process.stderr.write(`gatehouse: standard output: ${String(failure)}\n`);
  return code === EXIT.done ? EXIT.output : code;
}
