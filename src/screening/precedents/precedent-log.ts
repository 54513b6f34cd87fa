import { type Likeness, likenessOf } from '../../text/likeness.ts';
import type { Lesson, Said } from '../learner/lesson.ts';
import type { Alike } from '../learner/lesson-store.ts';

/** The decisions of one site by the keys of their texts; of each comment the newest, of all the newest `most`. */
export interface PrecedentLog {
  take(lesson: Lesson): void;
  /** Whether there was room for all that was taken. */
  isWhole(): boolean;
  isEmpty(): boolean;
  /** What was decided on near copies, but for one comment. */
  alike(likeness: Likeness, except: string | null): Alike[];
}

interface Decided {
  number: number;
  label: Said;
  keys: number[];
}

/** Decisions that share a key are looked at so far, the newest: of a flood a part tells enough. */
export const MOST_OF_KEY = 200;

export function createPrecedentLog(most: number): PrecedentLog {
  /** In the order of their taking. */
  const decided = new Map<string, Decided>();
  /** Oldest first. */
  const byKey = new Map<number, string[]>();
  let isWhole = true;

  function forget(commentId: string): void {
    for (const key of decided.get(commentId)?.keys ?? []) {
      const ids = byKey.get(key) ?? [];
      ids.splice(ids.indexOf(commentId), 1);
      if (ids.length === 0) byKey.delete(key);
    }
    decided.delete(commentId);
  }

  return {
    take(lesson) {
      const { commentId, site, number } = lesson;
      forget(commentId);
      if (lesson.label === null) return;
      const { keys } = likenessOf(site, lesson.learnt.text);
      decided.set(commentId, { number, label: lesson.label, keys });
      for (const key of keys) {
        const ids = byKey.get(key);
        if (ids) ids.push(commentId);
        else byKey.set(key, [commentId]);
      }
      const [oldest] = decided.keys();
      if (decided.size <= most || oldest === undefined) return;
      forget(oldest);
      isWhole = false;
    },

    isWhole: () => isWhole,
    isEmpty: () => decided.size === 0,

    alike({ keys, enough }, except) {
      const shared = new Map<string, number>();
      for (const key of keys) {
        for (const id of byKey.get(key)?.slice(-MOST_OF_KEY) ?? [])
          if (id !== except) shared.set(id, (shared.get(id) ?? 0) + 1);
      }
      const found: Alike[] = [];
      for (const [id, count] of shared) {
        const one = decided.get(id);
        if (one && count >= enough) found.push({ number: one.number, label: one.label });
      }
      return found;
    },
  };
}
