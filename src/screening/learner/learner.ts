import type { PhaseOutcome } from '../../comments/comment.ts';
import type { Keyring } from '../../keys.ts';
import type { EventLog } from '../../moderation/event-log.ts';
import { createFollowers } from '../followers.ts';
import { waitAtMost } from '../patience.ts';
import { weighWords } from './explain.ts';
import type { LearntText } from './features.ts';
import { featuresOf } from './features.ts';
import type { LessonStore } from './lesson-store.ts';
import { EVERY_SITE } from './lesson-store.ts';
import { logistic } from './logistic.ts';
import type { Model } from './model.ts';
import { oddsOfSpam } from './model.ts';
import type { Pupil } from './pupil.ts';
import { createPupil } from './pupil.ts';

/** What the learner makes of a comment. */
export interface Opinion {
  /** Of spam, 0 to 1. */
  probability: number;
  /** Decisions of this site's people that it was learnt from. */
  ham: number;
  spam: number;
  /** The words that weighed most. */
  matches: NonNullable<PhaseOutcome['matches']>;
}

/** Learns from what people decide. One for the process, over the log that all instances share. */
export interface Learner {
  /** Null where there is nothing to go by: nobody has decided anything yet. */
  judge(site: string, comment: LearntText): Promise<Opinion | null>;
  /** Forgets what is in memory of the site: it was removed, or its log is another one. */
  forget(site: string): void;
  /** Learns the site anew, behind: lessons were taken back that no later one tells of. */
  unlearn(site: string): void;
  /** Learns no more; settles once nothing of it uses the store. */
  stop(): Promise<void>;
}

export interface LearnerParts {
  lessons: LessonStore;
  events: Pick<EventLog, 'onNews'>;
  keys: Pick<Keyring, 'mac'>;
  report: (error: unknown) => void;
}

/** Sites whose models are in memory, 2.1 to 6.1 MB each: those that comments come to. */
const MOST_SITES = 12;
/** A model that nobody asked in this time goes, in milliseconds, and with the last one the listening. */
const IDLE_MS = 10 * 60_000;
/** From so many decisions on a site knows better than all sites together. */
const OWN_MASTER = 300;
/** How many decisions of its own what other sites know weighs as much as. */
const PRIOR_WEIGHT = 30;
/** Of each class, before others are told what is common. */
const PRIOR_LEAST = 10;
/** The longest that a comment waits while all is learnt after a start, in milliseconds. */
const PATIENCE_MS = 2000;

interface Kept {
  pupil: Pupil;
  asked: number;
}

const lessonsIn = (model: Model | null): number => (model ? model.ham + model.spam : 0);
const knows = (model: Model | null): model is Model =>
  model !== null && Math.min(model.ham, model.spam) >= PRIOR_LEAST;

export function createLearner({ lessons, events, keys, report }: LearnerParts): Learner {
  // The installation's own: nobody outside knows which words share a place.
  const seed = keys.mac('learner', 'features').readInt32LE();
  const followers = createFollowers(report);
  const kept = new Map<string, Kept>();
  let silence: (() => void) | null = null;
  let sweeper: NodeJS.Timeout | null = null;

  function hush(): void {
    silence?.();
    silence = null;
    if (sweeper) clearInterval(sweeper);
    sweeper = null;
  }

  function sweep(): void {
    const now = performance.now();
    for (const [site, { asked }] of kept) if (now - asked > IDLE_MS) kept.delete(site);
    if (kept.size === 0) hush();
  }

  function listen(): void {
    silence ??= events.onNews(() => {
      for (const { pupil } of kept.values()) pupil.nudge();
    });
    sweeper ??= setInterval(sweep, IDLE_MS / 4).unref();
  }

  /** The one asked longest ago is first in the map. */
  function pupilOf(site: string): Pupil {
    const known = kept.get(site);
    const pupil = known?.pupil ?? createPupil({ lessons, site, seed, followers });
    kept.delete(site);
    kept.set(site, { pupil, asked: performance.now() });
    const [oldest] = kept.keys();
    if (kept.size > MOST_SITES && oldest !== undefined) kept.delete(oldest);
    listen();
    return pupil;
  }

  async function modelOf(site: string): Promise<Model | null> {
    const pupil = pupilOf(site);
    await waitAtMost(PATIENCE_MS, pupil.ready());
    return pupil.model;
  }

  return {
    async judge(site, comment) {
      const own = await modelOf(site);
      const count = lessonsIn(own);
      const everyone = count < OWN_MASTER ? await modelOf(EVERY_SITE) : null;
      // What is all of this site's doing is no second opinion.
      const prior = knows(everyone) && lessonsIn(everyone) > count ? everyone : null;
      const teller = own ?? prior;
      if (!teller) return null;
      const features = featuresOf(comment, seed);
      const weight = prior ? PRIOR_WEIGHT : 0;
      const sum =
        (own ? count * oddsOfSpam(own, features) : 0) + (prior ? weight * oddsOfSpam(prior, features) : 0);
      return {
        probability: logistic(sum / ((own ? count : 0) + weight)),
        ham: own?.ham ?? 0,
        spam: own?.spam ?? 0,
        matches: weighWords(teller, comment, seed),
      };
    },
    forget(site) {
      kept.delete(site);
      kept.delete(EVERY_SITE);
    },
    unlearn(site) {
      for (const one of [site, EVERY_SITE]) kept.get(one)?.pupil.unlearn();
    },
    stop() {
      kept.clear();
      hush();
      return followers.stop();
    },
  };
}
