import type { Lesson, Said } from './lesson.ts';

/** All sites together, where one site is asked for. */
export const EVERY_SITE = '*';

export interface LessonQuery {
  /** Or EVERY_SITE. */
  site: string;
  /** Exclusive. */
  after: number;
  limit: number;
}

/** Texts that share keys (text/likeness.ts) with one. */
export interface AlikeQuery {
  keys: number[];
  /** How many of the keys. */
  enough: number;
  /** A comment whose own lesson is left out. */
  except: string | null;
  /** Of those that share any key so many are looked at, the newest. */
  most: number;
}

/** What was said of one of them. */
export interface Alike {
  /** Of the lesson. */
  number: number;
  label: Said;
}

/** What was learnt up to a lesson, as bytes that only its maker reads. */
export interface Snapshot {
  number: number;
  bytes: Uint8Array;
}

/**
 * The log of decisions that the learner learns from. The store writes it by `lessonOf` (lesson.ts): in the step
 * of the decision, or from what that step left, before the event of the decision is told. A new line takes label
 * and text from the one it supersedes, and with them every snapshot that had learnt from that. The lines of a
 * site go with it.
 */
export interface LessonStore {
  /** Lowest numbers first. Whoever sees a number sees all before it. */
  after(query: LessonQuery): Promise<Lesson[]>;
  /** The number after which a site has so many lessons, or all of them; 0 where it has no more. */
  before(site: string, count: number): Promise<number>;
  /**
   * What was said of texts alike, of all lessons that stand, in any order. A store may fill in behind what it finds
   * them by: the newest couple of thousand may be missing, and nothing that was taken back is there.
   */
  alike(query: AlikeQuery): Promise<Alike[]>;
  /** The newest snapshot of a site, or of EVERY_SITE; null without one. */
  readSnapshot(site: string): Promise<Snapshot | null>;
  /** Keeps it where none that is newer stands. */
  writeSnapshot(site: string, snapshot: Snapshot): Promise<void>;
}
