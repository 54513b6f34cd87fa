import { codeOf } from './system-error.ts';

/**
 * The service can't start as it was set up, and starting it again won't help: a setting, a file or a secret
 * has to change. The process prints every problem on stderr and exits with 78 (sysexits' EX_CONFIG), or with 1 where
 * it is the disk that has to (`isOfTheDisk`).
 * Problems are for the operator: they name settings and files, never a secret's value.
 */
export class StartupError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], cause?: unknown) {
    super(problems.join('\n'), cause === undefined ? undefined : { cause });
    this.name = 'StartupError';
    this.problems = problems;
  }
}

/** No room, or a disk that fails: the system's codes and SQLite's. */
const OF_THE_DISK = /^(?:ENOSPC|EDQUOT|EIO|SQLITE_FULL|SQLITE_IOERR)/;

/** Whether what is in the way may go while nobody changes a setting, so that a later start can do what this one can't. */
export const isOfTheDisk = ({ cause }: Error): boolean => OF_THE_DISK.test(codeOf(cause));

/** Another process has the data; it is free again when that ends. */
export class DataInUse extends Error {}

/** The data, or the way to it, can't be used as it is, and no later try mends that. The message is for people. */
export class DataUnfit extends Error {}

/** Runs what works on files of the operator's: what fails is told as something to mend. */
export async function toldAsMendable<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError([error instanceof Error ? error.message : String(error)], error);
  }
}
