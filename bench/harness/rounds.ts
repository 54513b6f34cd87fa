import type { Load } from '../load/load-driver.ts';
import { streamOf } from '../load/load-driver.ts';
import type { LoadSpec, StreamResult } from '../load/load-spec.ts';
import type { LatencySummary } from '../load/samples.ts';
import { median } from '../report.ts';
import type { Server } from '../servers.ts';
import { atRest } from './at-rest.ts';

/** A stream's result, and what it cost the server. */
export interface Measured extends StreamResult {
  /** Processor time of the server for each answer, all threads, the warm-up included; in microseconds. */
  cpuUs: number;
  /** The streams that ran beside it. */
  beside: StreamResult[];
}

export interface StreamRun {
  /** The stream that is reported. */
  name: string;
  statuses: number[];
  spec: Omit<LoadSpec, 'port'>;
}

/** Puts one load on one server. */
export async function measure(
  load: Load,
  server: Server,
  { name, statuses, spec }: StreamRun,
): Promise<Measured> {
  const before = server.cpuMs();
  const result = await load.run({ ...spec, port: server.port });
  const cpu = server.cpuMs() - before;
  const stream = streamOf(result, name, statuses);
  const beside = result.streams.filter((each) => each !== stream);
  return { ...stream, cpuUs: (cpu * 1000) / stream.allAnswers, beside };
}

/** The medians of several rounds. */
export interface Medians {
  cpuUs: number;
  perSecond: number;
  latency: LatencySummary;
  bytesPerAnswer: number;
}

export function mediansOf(rounds: readonly Measured[]): Medians {
  const of = (pick: (result: Measured) => number): number => median(rounds.map(pick));
  return {
    cpuUs: of((each) => each.cpuUs),
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

/**
 * Runs bare and gatehouse in turn, so that whatever else the machine does falls on both. Before each turn
 * the servers have finished what the turn before left them to do behind its answers (the search index, the
 * directories): they share a core and a disk, and one would be measured by what the other still has to do.
 */
export async function inTurn<Result>(
  rounds: number,
  servers: readonly Server[],
  runners: { bare: () => Promise<Result>; gatehouse: () => Promise<Result> },
): Promise<{ bare: Result[]; gatehouse: Result[] }> {
  const results: { bare: Result[]; gatehouse: Result[] } = { bare: [], gatehouse: [] };
  for (let round = 0; round < rounds; round++) {
    await atRest(servers);
    results.bare.push(await runners.bare());
    await atRest(servers);
    results.gatehouse.push(await runners.gatehouse());
  }
  return results;
}

/** What an answer costs the processor, on both sides: steadier than a rate where others share the machine. */
export const costNote = (ours: Medians, theirs: Medians): string =>
  `processor time ${Math.round(ours.cpuUs)} µs an answer, bare ${Math.round(theirs.cpuUs)} µs`;
