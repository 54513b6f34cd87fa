import type { FileNames } from './file-names.ts';
import type { WouldBe } from './would-be.ts';

/** Where the file of an import lies while it is read: on the disk, so that it may be as large as the disk. */
export interface Spool {
  /**
   * Takes a file in, whole or not at all; how many bytes it has. One that is packed is unpacked as it comes. Throws
   * `too-large`, and `malformed-file` where it can't be unpacked.
   */
  take(id: string, from: AsyncIterable<Uint8Array>): Promise<number>;
  /** Whether this machine has it; true also where that can't be looked up. */
  has(id: string): Promise<boolean>;
  read(id: string): AsyncIterable<Uint8Array>;
  /** Where a dry run of the file may keep what it would have written. */
  rehearse(id: string): WouldBe;
  /** Where an import may keep how the file names comments. */
  names(id: string): FileNames;
  remove(id: string): Promise<void>;
  /** What lies there, with when it was last written to, in milliseconds since 1970. */
  list(): Promise<{ id: string; writtenAt: number }[]>;
}
