import { type Likeness, likenessOf } from '../../text/likeness.ts';
import type { Lesson } from '../learner/lesson.ts';
import type { Label } from '../learner/model.ts';

/** The decisions of one site by the keys of their texts; of each comment the newest, of all the newest `most`. */
export interface PrecedentLog {
  take(lesson: Lesson): void;
  isEmpty(): boolean;
  /** What was decided on near copies, but for one comment; null where nothing was. */
  decidedOn(likeness: Likeness, except: string | null): Record<Label, number> | null;
}

interface Decided {
  label: Label;
  keys: number[];
}

/** Decisions of one key that are looked at: of a flood a part tells enough. */
const MOST_OF_KEY = 200;

export function createPrecedentLog(most: number): PrecedentLog {
  /** In the order of their taking. */
  const decided = new Map<string, Decided>();
  const byKey = new Map<number, Set<string>>();

  function forget(commentId: string): void {
    for (const key of decided.get(commentId)?.keys ?? []) {
      const ids = byKey.get(key);
      ids?.delete(commentId);
      if (ids?.size === 0) byKey.delete(key);
    }
    decided.delete(commentId);
  }

  return {
    take(lesson) {
      const { commentId, site } = lesson;
      forget(commentId);
      if (lesson.label === null) return;
      const { keys } = likenessOf(site, lesson.learnt.text);
      decided.set(commentId, { label: lesson.label, keys });
      for (const key of keys) {
        const ids = byKey.get(key) ?? new Set();
        byKey.set(key, ids.add(commentId));
      }
      const [oldest] = decided.keys();
      if (decided.size > most && oldest !== undefined) forget(oldest);
    },

    isEmpty: () => decided.size === 0,

    decidedOn({ keys, enough }, except) {
      const shared = new Map<string, number>();
      for (const key of keys) {
        let left = MOST_OF_KEY;
        for (const id of byKey.get(key) ?? []) {
          if (left-- === 0) break;
          if (id !== except) shared.set(id, (shared.get(id) ?? 0) + 1);
        }
      }
      const counts = { ham: 0, spam: 0 };
      for (const [id, count] of shared) {
        const label = decided.get(id)?.label;
        if (label && count >= enough) counts[label] += 1;
      }
      return counts.ham + counts.spam === 0 ? null : counts;
    },
  };
}
