import type { Database } from 'better-sqlite3';
import { enoughOf } from '../../../text/likeness.ts';
import { createKeyMemory } from '../../key-memory.ts';
import { createMeetings, havingKeySql, ofKeySql } from './sharers.ts';

/**
 * Tells of a comment whether it has a near copy among what is filled in: most have none, and of those a list has
 * nothing to look up, however many comments share one key with them by chance.
 */
export interface Nearness {
  /**
   * Before the comment's keys are kept. `sharers`: those that are near copies of it, but for such as were told before;
   * the caller marks them in the same transaction.
   */
  tell(n: number, keys: number[]): { isNear: boolean; sharers: number[] };
  /** What was told may not have been marked. */
  forget(): void;
}

/**
 * Of all keys of a comment so many others are looked through, some ten milliseconds, the newest of each: by chance that
 * many share one key alone.
 */
const MOST_MET = 20_000;
/** Copies from which on a text is a flood: who else has its keys need not be looked for again. */
const FLOOD = 50;

/** `mostMet` and `flood`: other bounds than are usual. */
export function createNearness(
  db: Database,
  { memory = createKeyMemory(), mostMet = MOST_MET, flood = FLOOD } = {},
): Nearness {
  const ofKey = db.prepare<[number, number], number>(ofKeySql()).pluck();
  const havingKey = db.prepare<[string, number], number>(havingKeySql()).pluck();

  function sharersOf(n: number, keys: number[], sought: number[]): number[] {
    const met = createMeetings(enoughOf(keys));
    const sizes = new Map<number, number>();
    let room = mostMet;
    // The rarest first, for as long as there is room.
    for (const key of sought.toReversed()) {
      const having = ofKey.all(key, room);
      sizes.set(key, having.length);
      room -= having.length;
      met.add(having);
    }
    memory.learn(sizes);
    // Whoever shares enough was met by one of these: whether they have another it is asked of them alone.
    const unread = keys.filter((key) => !sought.includes(key));
    for (const [i, key] of unread.entries()) {
      const nearly = met.lacking(unread.length - i);
      if (nearly.length > 0) met.add(havingKey.all(JSON.stringify(nearly), key));
    }
    return met.enough().filter((other) => other !== n);
  }

  return {
    tell(n, keys) {
      const { keys: sought, isTold } = memory.soughtOf(keys);
      const sharers = sharersOf(n, keys, sought);
      if (sharers.length >= flood) memory.tell(keys);
      return { isNear: isTold || sharers.length > 0, sharers };
    },
    forget: memory.forget,
  };
}
