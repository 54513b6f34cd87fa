import { rmSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { partOf } from '../part-file.ts';
import { EXIT } from './exit-codes.ts';

/** A file that a command was given is none it can work on. The message is for the operator. */
export class UnfitFile extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'UnfitFile';
    this.exitCode = exitCode;
  }
}

const isAllowed = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Throws `UnfitFile` where the file is not there, is a folder, or can't be read. */
export async function assertReadable(file: string): Promise<void> {
  if (await isFolder(file)) throw new UnfitFile(`${file} is a folder`, EXIT.unknown);
  if (!(await isAllowed(file, constants.R_OK)))
    throw new UnfitFile(`${file} is not there, or can't be read`, EXIT.unknown);
}

/** Throws `UnfitFile` where the file is there already, or its folder is not, or can't be written to. */
export async function assertNew(file: string, what: string): Promise<void> {
  if (await isAllowed(file, constants.F_OK))
    throw new UnfitFile(`${file} is there already; ${what} never writes over a file`, EXIT.refused);
  const folder = dirname(file);
  if (!(await isFolder(folder)) || !(await isAllowed(folder, constants.W_OK)))
    throw new UnfitFile(`${folder} is no folder, or can't be written to`, EXIT.unknown);
}

/** What SQLite has beside a file that it writes. */
const BESIDE = ['', '-journal', '-wal', '-shm'];
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs what writes a file by its part. A signal that ends the process takes that away first: it holds what the whole would,
 * and a file of another day has another name.
 */
export async function leavingNothing<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const end = (signal: NodeJS.Signals): void => {
    for (const suffix of BESIDE) rmSync(partOf(file) + suffix, { force: true });
    for (const one of ENDINGS) process.off(one, end);
    process.kill(process.pid, signal);
  };
  for (const signal of ENDINGS) process.on(signal, end);
  try {
    return await work();
  } finally {
    for (const signal of ENDINGS) process.off(signal, end);
  }
}
