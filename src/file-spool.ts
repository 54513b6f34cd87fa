import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, storeUnavailable } from './errors.ts';
import { makeFolder } from './folder.ts';
import { isIdOf, SHORT_ID_LENGTH } from './ids.ts';
import type { FileNames } from './moving/file-names.ts';
import type { Spool } from './moving/spool.ts';
import type { WouldBe } from './moving/would-be.ts';
import { giveToFolderOwner } from './owner.ts';
import { codeOf } from './system-error.ts';
import { unpacked } from './unpacked.ts';

/** [] where the folder was never needed, or the file was done with meanwhile. */
function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** A folder that can't be written to heals, as the store does. */
function notWritten(error: unknown): never {
  throw storeUnavailable(error);
}

export interface FileSpoolOptions {
  folder: string;
  /** In bytes, as it is sent and unpacked. */
  limit: number;
  /** What a reader of the file's format is to see of it. */
  readFile?(path: string): AsyncIterable<Uint8Array>;
  rehearse(path: string): WouldBe;
  openNames(path: string): FileNames;
}

/** Bytes that are read at once. */
const PIECE = 64 * 1024;

/**
 * The bytes of a file, a piece at a time, each in the same memory: it is another one's once the next is asked for.
 * A stream makes new memory for each, which for gigabytes is given back later than it is taken.
 */
export async function* readInPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE, null);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The same bytes. Throws `too-large` where there are more. */
async function* within(limit: number, from: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of from) {
    size += bytes.length;
    if (size > limit) throw new AppError('too-large');
    yield bytes;
  }
}

/** The files of imports in a folder of their own, readable by their owner only. */
export function createFileSpool(options: FileSpoolOptions): Spool {
  const { folder, limit, readFile = readInPieces, rehearse, openNames } = options;

  function pathOf(id: string): string {
    // Ids come from us alone, but a path is made of them.
    if (!isIdOf(SHORT_ID_LENGTH, id)) throw new Error('this is no import');
    return join(folder, id);
  }

  async function write(path: string, from: AsyncIterable<Uint8Array>): Promise<number> {
    const file = await open(path, 'wx', 0o600).catch(notWritten);
    giveToFolderOwner(path);
    let size = 0;
    try {
      // What is sent has its limit as what is written has: behind a packed file anything may stand.
      for await (const bytes of within(limit, unpacked(within(limit, from)))) {
        size += bytes.length;
        // Not `write`, which on a full disk may write a part and call it done.
        await file.appendFile(bytes).catch(notWritten);
      }
      await file.sync().catch(notWritten);
      return size;
    } finally {
      await file.close();
    }
  }

  return {
    async take(id, from) {
      const path = pathOf(id);
      try {
        makeFolder(folder, 0o700);
      } catch (error) {
        notWritten(error);
      }
      giveToFolderOwner(folder);
      try {
        return await write(path, from);
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    has: (id) =>
      stat(pathOf(id)).then(
        () => true,
        // One that can't be looked at may be there.
        (error) => codeOf(error) !== 'ENOENT',
      ),
    read: (id) => readFile(pathOf(id)),
    rehearse: (id) => rehearse(`${pathOf(id)}.rehearsal`),
    names: (id) => openNames(`${pathOf(id)}.names`),
    remove: (id) => rm(pathOf(id), { force: true }),
    async list() {
      const names = await readdir(folder).catch(nothingThere);
      const ids = names.filter((name) => isIdOf(SHORT_ID_LENGTH, name));
      const found = ids.map(async (id) => {
        const file = await stat(pathOf(id)).catch(nothingThere);
        return Array.isArray(file) ? [] : [{ id, writtenAt: file.mtimeMs }];
      });
      return (await Promise.all(found)).flat();
    },
  };
}
