import type { Lesson } from './lesson.ts';

/** All sites together, where one site is asked for. */
export const EVERY_SITE = '*';

export interface LessonQuery {
  /** Or EVERY_SITE. */
  site: string;
  /** Exclusive. */
  after: number;
  limit: number;
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
  /** The newest snapshot of a site, or of EVERY_SITE; null without one. */
  readSnapshot(site: string): Promise<Snapshot | null>;
  /** Keeps it where none that is newer stands. */
  writeSnapshot(site: string, snapshot: Snapshot): Promise<void>;
}
