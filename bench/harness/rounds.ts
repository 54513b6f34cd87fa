import type { StreamResult } from '../load/load-spec.ts';
import type { LatencySummary } from '../load/samples.ts';
import { median } from '../report.ts';

/** The medians of several rounds. */
export interface Medians {
  perSecond: number;
  latency: LatencySummary;
  bytesPerAnswer: number;
}

export function mediansOf(rounds: readonly StreamResult[]): Medians {
  const of = (pick: (result: StreamResult) => number): number => median(rounds.map(pick));
  return {
    perSecond: of((each) => each.perSecond),
    latency: {
      p50: of((each) => each.latency.p50),
      p95: of((each) => each.latency.p95),
      p99: of((each) => each.latency.p99),
      max: of((each) => each.latency.max),
    },
    bytesPerAnswer: of((each) => each.bytesPerAnswer),
  };
}

/** Runs bare and gatehouse in turn, so that whatever else the machine does falls on both. */
export async function inTurn<Result>(
  rounds: number,
  runners: { bare: () => Promise<Result>; gatehouse: () => Promise<Result> },
): Promise<{ bare: Result[]; gatehouse: Result[] }> {
  const results: { bare: Result[]; gatehouse: Result[] } = { bare: [], gatehouse: [] };
  for (let round = 0; round < rounds; round++) {
    results.bare.push(await runners.bare());
    results.gatehouse.push(await runners.gatehouse());
  }
  return results;
}
