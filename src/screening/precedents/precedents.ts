import { LRUCache } from 'lru-cache';
import type { EventLog } from '../../moderation/event-log.ts';
import { type Likeness, likenessOf } from '../../text/likeness.ts';
import { createFollowers, type Follower, type Followers } from '../followers.ts';
import type { Lesson, Said } from '../learner/lesson.ts';
import type { Alike, LessonStore } from '../learner/lesson-store.ts';
import { waitAtMost } from '../patience.ts';
import { nextTurn } from '../turns.ts';
import { createPrecedentLog, MOST_OF_KEY, type PrecedentLog } from './precedent-log.ts';

/** What people decided on near copies of a text. */
export interface Precedent extends Record<Said, number> {
  /** The text is short: its copies are its equals, and many say the same without knowing of each other. */
  isShort: boolean;
}

/**
 * What people decided, by the keys of the texts they decided on: told from the same log that the learner learns
 * from, so an undo takes a decision back and an erasure its text, on every instance. The newest decisions of sites
 * in use are in memory; only where a site has more is the store asked, too, and not about a flood that goes on.
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
  lessons: Pick<LessonStore, 'after' | 'before' | 'alike'>;
  events: Pick<EventLog, 'onNews'>;
  report: (error: unknown) => void;
  /** Decisions of a site in memory; KEPT_DECISIONS but in tests. */
  most?: number;
}

/** Sites in memory, 6 MB each at most. */
const MOST_SITES = 12;
const IDLE_MS = 10 * 60_000;
/** Of the newest decisions of a site: more than any store has yet to fill in. */
const KEPT_DECISIONS = 5000;
const CHUNK = 200;
/** The longest that a comment waits while a site's decisions are read, in milliseconds. */
const PATIENCE_MS = 1000;

interface Followed extends Follower {
  log: PrecedentLog;
  /** Whether all that was ever decided is in it: then nobody else need be asked. */
  isAll(): boolean;
  /** Whether it was read to its end: then all that is not in it is older than what is. */
  isRead(): boolean;
}

/** Of both, each decision once. */
function countOf(found: Alike[]): Record<Said, number> {
  const counts = { ham: 0, spam: 0, rejected: 0 };
  for (const label of new Map(found.map((one) => [one.number, one.label])).values()) counts[label] += 1;
  return counts;
}

interface FollowOptions extends Required<Pick<PrecedentsParts, 'lessons' | 'most'>> {
  followers: Followers;
  site: string;
}

function followSite({ lessons, most, followers, site }: FollowOptions): Followed {
  const log = createPrecedentLog(most);
  let number: number | null = null;
  let isRead = false;
  let isFromFirst = false;

  async function catchUp(): Promise<void> {
    if (number === null) {
      number = await lessons.before(site, most);
      isFromFirst = number === 0;
    }
    for (let hasMore = true; hasMore && !followers.isStopped(); ) {
      const chunk: Lesson[] = await lessons.after({ site, after: number, limit: CHUNK });
      for (const lesson of chunk) log.take(lesson);
      number = chunk.at(-1)?.number ?? number;
      hasMore = chunk.length === CHUNK;
      await nextTurn();
    }
    isRead ||= !followers.isStopped();
  }

  const follower = followers.follow(catchUp);
  follower.nudge();
  return { log, isAll: () => isRead && isFromFirst && log.isWhole(), isRead: () => isRead, ...follower };
}

export function createPrecedents(parts: PrecedentsParts): Precedents {
  const { lessons, events, report, most = KEPT_DECISIONS } = parts;
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

  /** The store's trouble keeps no comment back: what is in memory is known. */
  const earlier = (likeness: Likeness, except: string | null): Promise<Alike[]> =>
    lessons.alike({ ...likeness, except, most: MOST_OF_KEY }).catch((error: unknown) => {
      report(error);
      return [];
    });

  return {
    async of(site, { id, text }) {
      const one = followed.get(site) ?? followSite({ lessons, most, followers, site });
      if (!followed.has(site)) followed.set(site, one);
      listen();
      await waitAtMost(PATIENCE_MS, one.ready());
      // A text's keys are the dearest part of it.
      if (one.isAll() && one.log.isEmpty()) return null;
      const likeness = likenessOf(site, text);
      const { found, isEnough } = one.log.alike(likeness, id);
      // The store looks at the newest that share a key, and at no more than that: here they are.
      const isTold = one.isAll() || (isEnough && one.isRead());
      if (!isTold) found.push(...(await earlier(likeness, id)));
      return found.length === 0 ? null : { ...countOf(found), isShort: likeness.keys.length === 1 };
    },
    forget: (site) => void followed.delete(site),
    stop() {
      followed.clear();
      hush();
      return followers.stop();
    },
  };
}
