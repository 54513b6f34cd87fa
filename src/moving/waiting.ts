import { type LegacyComment, sizeOf } from './legacy.ts';

/** A comment of the file and where it stands in it. */
export interface FileComment {
  legacy: LegacyComment;
  line: number;
  /** An earlier reading of the file came upon it, and counted it unless it waited then. */
  isAgain: boolean;
  /** What it answers is not in the file, nor here. */
  isOrphan?: true;
}

/** Replies that stand before what they answer, until that comes. */
export interface Waiting {
  /** False where no more can be kept in memory: it must be read again. */
  add(comment: FileComment, parent: string): boolean;
  /** Those that wait for it. */
  release(parent: string): FileComment[];
  /** Some that wait for nothing that waits itself; of a circle one. [] where none waits. */
  some(): FileComment[];
  clear(): void;
}

/** Characters and comments in memory at most. */
const MOST_TEXT = 24 * 1024 * 1024;
const MOST = 50_000;
/** How many are let go at once. */
const SOME = 200;

export function createWaiting(): Waiting {
  const byParent = new Map<string, FileComment[]>();
  let count = 0;
  let text = 0;

  function release(parent: string): FileComment[] {
    const found = byParent.get(parent) ?? [];
    byParent.delete(parent);
    count -= found.length;
    for (const { legacy } of found) text -= sizeOf(legacy);
    return found;
  }

  function ofCircle(): FileComment[] {
    for (const parent of byParent.keys()) {
      const [first, ...rest] = release(parent);
      for (const one of rest) add(one, parent);
      return first ? [first] : [];
    }
    return [];
  }

  function add(comment: FileComment, parent: string): boolean {
    if (count >= MOST || text >= MOST_TEXT) return false;
    const others = byParent.get(parent);
    if (others) others.push(comment);
    else byParent.set(parent, [comment]);
    count += 1;
    text += sizeOf(comment.legacy);
    return true;
  }

  return {
    add,
    release,
    some() {
      const found: FileComment[] = [];
      const names = (group: FileComment[]) => group.flatMap(({ legacy }) => [legacy.ref, legacy.legacyId]);
      const waits = new Set([...byParent.values()].flatMap(names));
      for (const parent of [...byParent.keys()].filter((one) => !waits.has(one))) {
        found.push(...release(parent));
        if (found.length >= SOME) return found;
      }
      return found.length > 0 ? found : ofCircle();
    },
    clear() {
      byParent.clear();
      count = 0;
      text = 0;
    },
  };
}
