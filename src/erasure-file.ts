import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storeUnavailable, validationFailed } from './errors.ts';
import { makeFolder } from './folder.ts';
import type { ErasureJournal, ErasureRecord } from './moving/erasure-journal.ts';
import { giveToFolderOwner } from './owner.ts';

const KINDS: readonly unknown[] = ['person', 'end', 'comment'] satisfies ErasureRecord['kind'][];

function recordOf(line: string): ErasureRecord | null {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord =
      typeof value === 'object' && value !== null && 'kind' in value && KINDS.includes(value.kind);
    return isRecord ? (value as ErasureRecord) : null;
  } catch {
    // Cut off by a crash: it was never durable, and nothing was done that it tells of.
    return null;
  }
}

/** The records of one file, JSON a line. Rejects with `validation-failed` naming `/file` where it can't be read. */
export async function* readErasures(file: string): AsyncGenerator<ErasureRecord> {
  const opened = await open(file, 'r').catch(() => null);
  if (!opened) throw validationFailed([{ pointer: '/file', code: 'invalid' }]);
  for await (const line of opened.readLines({ encoding: 'utf8' })) {
    const record = recordOf(line);
    if (record !== null) yield record;
  }
}

async function endsALine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

/** The journal of erasures in a file that its owner alone may read. */
export function createErasureFile(file: string): ErasureJournal {
  let queue: Promise<unknown> = Promise.resolve();

  async function write(record: ErasureRecord): Promise<void> {
    try {
      makeFolder(dirname(file), 0o700);
      const opened = await open(file, 'a+', 0o600);
      giveToFolderOwner(file);
      try {
        // A line of its own, also behind one that was cut off.
        const start = (await endsALine(opened)) ? '' : '\n';
        // Not `write`, which on a full disk may write a part and call it done.
        await opened.appendFile(`${start}${JSON.stringify(record)}\n`);
        await opened.sync();
      } finally {
        await opened.close();
      }
    } catch (error) {
      throw storeUnavailable(error);
    }
  }

  return {
    append(record) {
      const written = queue.then(() => write(record));
      queue = written.catch(() => undefined);
      return written;
    },
    async *records() {
      if (existsSync(file)) yield* readErasures(file);
    },
  };
}
