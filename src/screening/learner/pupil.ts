import type { Followers } from '../followers.ts';
import { nextTurn } from '../turns.ts';
import { featuresOf } from './features.ts';
import type { Lesson } from './lesson.ts';
import type { LessonStore } from './lesson-store.ts';
import type { Model } from './model.ts';
import { createModel, learn } from './model.ts';
import { modelFromBytes, modelToBytes } from './snapshot.ts';

/**
 * What was learnt of one site, or of all together: always the lessons that stand, in their order, and nothing
 * else, so that every instance has the same. Where a lesson is taken back that was learnt from, all is learnt
 * anew from the last snapshot before it, behind; until then what was learnt serves on.
 */
export interface Pupil {
  /** Null while nothing was ever learnt: no memory is taken then. */
  readonly model: Model | null;
  /** Settles once all is learnt that was there when it was called; null where all is. Never rejects. */
  ready(): Promise<void> | null;
  /** There are new lessons. */
  nudge(): void;
  /** Lessons were taken back that no later one tells of: all is learnt anew from what the store has, behind. */
  unlearn(): void;
}

export interface PupilParts {
  lessons: LessonStore;
  site: string;
  seed: number;
  followers: Followers;
}

/** Lessons read at once. */
const CHUNK = 200;
/** Milliseconds of learning between which everybody else gets their turn. */
const PIECE_MS = 4;
/** Lessons from one snapshot to the next. */
const SNAPSHOT_EVERY = 1000;
/** Learning a long log anew, in milliseconds, is followed by a rest of so many times as long. */
const LONG_MS = 1000;
const REST_FACTOR = 20;

interface Learnt {
  model: Model | null;
  /** Of the last lesson that was looked at. */
  number: number;
  /** Lessons learnt since the last snapshot. */
  since: number;
}

const NOTHING_LEARNT: Readonly<Learnt> = { model: null, number: 0, since: 0 };

export function createPupil({ lessons, site, seed, followers }: PupilParts): Pupil {
  let learnt: Learnt = { ...NOTHING_LEARNT };
  let begun = false;
  let restUntil = 0;
  /** What was learnt may hold what no longer stands in the log. */
  let isStale = false;

  async function fromSnapshot(): Promise<Learnt> {
    const kept = await lessons.readSnapshot(site);
    const model = kept && modelFromBytes(kept.bytes);
    if (!kept || !model) return { ...NOTHING_LEARNT };
    return { model, number: kept.number, since: 0 };
  }

  async function teach(state: Learnt, chunk: Lesson[], taught: Set<number>): Promise<void> {
    let turn = performance.now();
    for (const lesson of chunk) {
      state.number = lesson.number;
      if (lesson.label === null || lesson.label === 'rejected') continue;
      state.model ??= createModel();
      learn(state.model, featuresOf(lesson.learnt, seed), lesson.label);
      state.since += 1;
      taught.add(lesson.number);
      if (performance.now() - turn < PIECE_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
  }

  /**
   * Learns on from `state`; false where one of its lessons was taken back. One that was taken back before it was
   * read had no label then, and was not learnt.
   */
  async function goOn(state: Learnt): Promise<boolean> {
    const before = state.number;
    const taught = new Set<number>();
    while (!followers.isStopped()) {
      const chunk = await lessons.after({ site, after: state.number, limit: CHUNK });
      const from = chunk.findIndex(({ supersedes }) => supersedes !== null && supersedes <= before);
      if (from === 0) return false;
      await teach(state, from < 0 ? chunk : chunk.slice(0, from), taught);
      if (from > 0 || chunk.some(({ supersedes }) => supersedes !== null && taught.has(supersedes)))
        return false;
      if (chunk.length < CHUNK) return true;
    }
    return true;
  }

  async function keep(state: Learnt): Promise<void> {
    if (!state.model || state.since < SNAPSHOT_EVERY) return;
    await lessons.writeSnapshot(site, { number: state.number, bytes: modelToBytes(state.model) });
    state.since = 0;
  }

  /** Learns anew, on the side; a snapshot that a lesson taken back is in is none. */
  async function anew(): Promise<Learnt> {
    const started = performance.now();
    let state = await fromSnapshot();
    if (!(await goOn(state))) {
      state = { ...NOTHING_LEARNT };
      while (!(await goOn(state))) state = { ...NOTHING_LEARNT };
    }
    const took = performance.now() - started;
    restUntil = took < LONG_MS ? 0 : started + (1 + REST_FACTOR) * took;
    return state;
  }

  async function catchUp(): Promise<void> {
    if (!begun || isStale || !(await goOn(learnt))) {
      const rest = begun ? restUntil - performance.now() : 0;
      if (rest > 0) {
        setTimeout(follower.nudge, rest).unref();
        return;
      }
      isStale = false;
      learnt = await anew();
      begun = true;
    }
    // Else it would be there after a start, too.
    if (!isStale) await keep(learnt);
  }

  const follower = followers.follow(catchUp);
  return {
    get model() {
      return learnt.model;
    },
    nudge: follower.nudge,
    unlearn() {
      isStale = true;
      follower.nudge();
    },
    ready() {
      if (!begun) follower.nudge();
      return follower.ready();
    },
  };
}
