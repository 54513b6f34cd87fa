import { createRecentTimes, type RecentTimes } from '../screening/recent-times.ts';
import type { FilterFailure } from './answer.ts';
import type { Breaker, BreakerState } from './breaker.ts';
import { createBreaker } from './breaker.ts';

/** How a filter fares, as far as this instance has asked it since it started. */
export interface FilterHealth {
  state: BreakerState;
  asked: number;
  failed: number;
  /** Milliseconds since 1970. */
  lastAnswerAt: number | null;
  lastFailureAt: number | null;
  lastFailure: FilterFailure | null;
  /** Of the last answers, in milliseconds; null without any. */
  p95Ms: number | null;
}

interface Record {
  breaker: Breaker;
  asked: number;
  failed: number;
  lastAnswerAt: number | null;
  lastFailureAt: number | null;
  lastFailure: FilterFailure | null;
  times: RecentTimes;
}

/** What this instance knows of how filters fare. */
export interface FilterHealths {
  breakerOf(id: string): Breaker;
  /** Notes how a call went. `at` in milliseconds since 1970. */
  note(id: string, call: { at: number; ms: number; failure: FilterFailure | null }): void;
  of(id: string): FilterHealth;
  /** An admin has mended something: the next comment asks it again. */
  tryAgain(id: string): void;
  /** The filters it has asked. */
  known(): string[];
}

export function createFilterHealths(now: () => number = () => performance.now()): FilterHealths {
  const records = new Map<string, Record>();
  const fresh = (): Record => ({
    breaker: createBreaker(now),
    asked: 0,
    failed: 0,
    lastAnswerAt: null,
    lastFailureAt: null,
    lastFailure: null,
    times: createRecentTimes(),
  });
  function recordOf(id: string): Record {
    let record = records.get(id);
    if (!record) {
      record = fresh();
      records.set(id, record);
    }
    return record;
  }

  return {
    breakerOf: (id) => recordOf(id).breaker,
    note(id, { at, ms, failure }) {
      const record = recordOf(id);
      record.asked += 1;
      record.times.add(ms);
      if (failure === null) record.lastAnswerAt = at;
      else {
        record.failed += 1;
        record.lastFailureAt = at;
        record.lastFailure = failure;
      }
    },
    tryAgain(id) {
      const record = records.get(id);
      if (record) record.breaker = createBreaker(now);
    },
    of(id) {
      const { breaker, asked, failed, lastAnswerAt, lastFailureAt, lastFailure, times } =
        records.get(id) ?? fresh();
      return {
        state: breaker.state(),
        asked,
        failed,
        lastAnswerAt,
        lastFailureAt,
        lastFailure,
        p95Ms: times.p95(),
      };
    },
    known: () => [...records.keys()],
  };
}
