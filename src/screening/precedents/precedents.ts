import { LRUCache } from 'lru-cache';
import type { EventLog } from '../../moderation/event-log.ts';
import { likenessOf } from '../../text/likeness.ts';
import { createFollowers, type Follower, type Followers } from '../followers.ts';
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
  /** Reads no more; settles once nothing of it uses the store. */
  stop(): Promise<void>;
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

interface Followed extends Follower {
  log: PrecedentLog;
}

function followSite(lessons: PrecedentsParts['lessons'], followers: Followers, site: string): Followed {
  const log = createPrecedentLog(KEPT_DECISIONS);
  let number: number | null = null;

  async function catchUp(): Promise<void> {
    number ??= await lessons.before(site, KEPT_DECISIONS);
    for (let hasMore = true; hasMore && !followers.isStopped(); ) {
      const chunk: Lesson[] = await lessons.after({ site, after: number, limit: CHUNK });
      for (const lesson of chunk) log.take(lesson);
      number = chunk.at(-1)?.number ?? number;
      hasMore = chunk.length === CHUNK;
      await nextTurn();
    }
  }

  const follower = followers.follow(catchUp);
  follower.nudge();
  return { log, ...follower };
}

export function createPrecedents({ lessons, events, report }: PrecedentsParts): Precedents {
  const followers = createFollowers(report);
  const followed = new LRUCache<string, Followed>({ max: MOST_SITES, ttl: IDLE_MS, updateAgeOnGet: true });
  let silence: (() => void) | null = null;

  function hush(): void {
    silence?.();
    silence = null;
  }

  function listen(): void {
    silence ??= events.onNews(() => {
      followed.purgeStale();
      for (const one of followed.values()) one.nudge();
      if (followed.size === 0) hush();
    });
  }

  return {
    async of(site, { id, text }) {
      const one = followed.get(site) ?? followSite(lessons, followers, site);
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
      return followers.stop();
    },
  };
}
