import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { codeOf } from './system-error.ts';

/**
 * What a file is called while it is written: this process's own, so that two that write the same file don't write into
 * each other's, and the first to end has its name.
 */
export const partOf = (file: string): string => `${file}.${process.pid}.part`;

/** What file systems without hard links say: exFAT and FAT, as on a stick, the first; shares and FUSE the others. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Gives a file a second name that is free; false where its file system has no hard links. Throws as `link` does. */
export function linkWhereThereAreLinks(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (NO_LINKS.has(codeOf(error))) return false;
    throw error;
  }
}

/**
 * Gives a part that is whole its file's name, which must be free: EEXIST, as of `link`, where it no longer is. The caller
 * takes away what is left of the part.
 */
export function nameWhole(part: string, file: string): void {
  // Not renamed: what came to stand there meanwhile stays.
  if (linkWhereThereAreLinks(part, file)) return;
  // Where there are no links the name is taken first, for the same reason.
  closeSync(openSync(file, 'wx', 0o600));
  try {
    renameSync(part, file);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** Has what was written into a file, or under a folder's names, on the disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
