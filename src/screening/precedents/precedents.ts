import { LRUCache } from 'lru-cache';
import type { EventLog } from '../../moderation/event-log.ts';
import { likenessOf } from '../../text/likeness.ts';
import type { Lesson } from '../learner/lesson.ts';
import type { LessonStore } from '../learner/lesson-store.ts';
import { waitAtMost } from '../patience.ts';
import { nextTurn } from '../turns.ts';
import { createPrecedentLog, type PrecedentLog } from './precedent-log.ts';

/** What people decided on near copies of a text. */
export interface Precedent {
  ham: number;
  spam: number;
  /** The text is short: its copies are its equals, and many say the same without knowing of each other. */
  isShort: boolean;
}

/**
 * What people decided, by the keys of the texts they decided on: told from the same log that the learner learns
 * from, so an undo takes a decision back and an erasure its text, on every instance. In memory, of sites in use.
 */
export interface Precedents {
  /** Null where nobody decided on anything like it. `id` is the comment's own, on which decisions do not count. */
  of(site: string, asked: { id: string | null; text: string }): Promise<Precedent | null>;
  /** Forgets what is in memory of the site: it was removed, or its log is another one. */
  forget(site: string): void;
  stop(): void;
}

export interface PrecedentsParts {
  lessons: Pick<LessonStore, 'after' | 'before'>;
  events: Pick<EventLog, 'onNews'>;
  report: (error: unknown) => void;
}

/** Sites in memory, 2 MB each at most. */
const MOST_SITES = 12;
const IDLE_MS = 10 * 60_000;
/** Of the newest decisions of a site. */
export const KEPT_DECISIONS = 5000;
const CHUNK = 200;
/** The longest that a comment waits while a site's decisions are read, in milliseconds. */
const PATIENCE_MS = 1000;

interface Followed {
  log: PrecedentLog;
  /** Settles once all is known that was decided when it was called; null where all is. */
  ready(): Promise<void> | null;
  nudge(): void;
}

function follow({ lessons, report }: PrecedentsParts, site: string): Followed {
  const log = createPrecedentLog(KEPT_DECISIONS);
  let number: number | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  async function catchUp(): Promise<void> {
    number ??= await lessons.before(site, KEPT_DECISIONS);
    for (let chunk: Lesson[] | null = null; chunk === null || chunk.length === CHUNK; ) {
      chunk = await lessons.after({ site, after: number, limit: CHUNK });
      for (const lesson of chunk) log.take(lesson);
      number = chunk.at(-1)?.number ?? number;
      await nextTurn();
    }
  }

  async function run(): Promise<void> {
    again = false;
    // The store's trouble: what is known serves on, and the next news tries again.
    await catchUp().catch(report);
    running = again ? run() : null;
  }

  function nudge(): void {
    again = true;
    running ??= run();
  }
  /** As for what is learnt (learner/pupil.ts): a flood's end is not waited for. */
  async function settled(isBehind: boolean): Promise<void> {
    await running;
    if (isBehind) await running;
  }

  nudge();
  return {
    log,
    nudge,
    ready() {
      return running === null ? null : settled(again);
    },
  };
}

export function createPrecedents(parts: PrecedentsParts): Precedents {
  const followed = new LRUCache<string, Followed>({ max: MOST_SITES, ttl: IDLE_MS, updateAgeOnGet: true });
  let silence: (() => void) | null = null;

  function hush(): void {
    silence?.();
    silence = null;
  }

  function listen(): void {
    silence ??= parts.events.onNews(() => {
      followed.purgeStale();
      for (const one of followed.values()) one.nudge();
      if (followed.size === 0) hush();
    });
  }

  return {
    async of(site, { id, text }) {
      const one = followed.get(site) ?? follow(parts, site);
      if (!followed.has(site)) followed.set(site, one);
      listen();
      await waitAtMost(PATIENCE_MS, one.ready());
      // A text's keys are the dearest part of it.
      if (one.log.isEmpty()) return null;
      const likeness = likenessOf(site, text);
      const counts = one.log.decidedOn(likeness, id);
      return counts && { ...counts, isShort: likeness.keys.length === 1 };
    },
    forget: (site) => void followed.delete(site),
    stop() {
      followed.clear();
      hush();
    },
  };
}
