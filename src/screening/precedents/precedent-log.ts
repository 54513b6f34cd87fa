import { type Likeness, likenessOf } from '../../text/likeness.ts';
import type { Lesson } from '../learner/lesson.ts';
import type { Alike } from '../learner/lesson-store.ts';

/** The decisions of one site by the keys of their texts; of each comment the newest, of all the newest `most`. */
export interface PrecedentLog {
  take(lesson: Lesson): void;
  /** Whether there was room for all that was taken. */
  isWhole(): boolean;
  isEmpty(): boolean;
  /** What was decided on near copies, but for one comment. */
  alike(likeness: Likeness, except: string | null): Told;
}

export interface Told {
  found: Alike[];
  /** Decisions that share any key were met, `MOST_OF_KEY` and more: nobody who knows older ones need be asked. */
  isEnough: boolean;
}

interface Decided extends Alike {
  commentId: string;
  keys: number[];
  /** By which question it was met last, and with how many keys of that. */
  met: number;
  shared: number;
}

/** Decisions that share a key are looked at so far, the newest: of a flood a part tells enough. */
export const MOST_OF_KEY = 100;

export function createPrecedentLog(most: number): PrecedentLog {
  /** In the order of their taking. */
  const decided = new Map<string, Decided>();
  /** Oldest first; most keys are one decision's alone, and need no list. */
  const byKey = new Map<number, Decided | Decided[]>();
  let isWhole = true;
  let questions = 0;

  function forget(commentId: string): void {
    const one = decided.get(commentId);
    if (!one) return;
    for (const key of one.keys) {
      const having = byKey.get(key);
      if (Array.isArray(having) && having.length > 1) having.splice(having.indexOf(one), 1);
      else byKey.delete(key);
    }
    decided.delete(commentId);
  }

  function newestOf(key: number): Decided[] {
    const having = byKey.get(key);
    if (Array.isArray(having)) return having.slice(-MOST_OF_KEY);
    return having ? [having] : [];
  }

  return {
    take(lesson) {
      const { commentId, site, number } = lesson;
      forget(commentId);
      if (lesson.label === null) return;
      const { keys } = likenessOf(site, lesson.learnt.text);
      const one: Decided = { number, label: lesson.label, commentId, keys, met: 0, shared: 0 };
      decided.set(commentId, one);
      for (const key of keys) {
        const having = byKey.get(key);
        if (Array.isArray(having)) having.push(one);
        else byKey.set(key, having ? [having, one] : one);
      }
      const [oldest] = decided.keys();
      if (decided.size <= most || oldest === undefined) return;
      forget(oldest);
      isWhole = false;
    },

    isWhole: () => isWhole,
    isEmpty: () => decided.size === 0,

    alike({ keys, enough }, except) {
      questions += 1;
      const found: Alike[] = [];
      let met = 0;
      for (const key of keys) {
        for (const one of newestOf(key)) {
          met += Number(one.met !== questions);
          one.shared = one.met === questions ? one.shared + 1 : 1;
          one.met = questions;
          if (one.shared === enough && one.commentId !== except)
            found.push({ number: one.number, label: one.label });
        }
      }
      return { found, isEnough: met >= MOST_OF_KEY };
    },
  };
}
