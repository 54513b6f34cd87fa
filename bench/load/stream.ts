import { type Connection, openConnection } from './connection.ts';
import type { LoadSpec, StreamResult, StreamSpec } from './load-spec.ts';
import { createSamples } from './samples.ts';
import { createSource } from './sources.ts';

/** One stream of requests under way. */
export interface RunningStream {
  /** From now on answers are measured. */
  measure(): void;
  /** Fulfilled when the stream can send nothing more. */
  ended: Promise<void>;
  result(seconds: number): StreamResult;
  stop(): void;
}

/** Opens the stream's connections and begins. `onAnswer` is called for every measured answer. */
export async function startStream(
  { port }: Pick<LoadSpec, 'port'>,
  spec: StreamSpec,
  { onAnswer, onError }: { onAnswer: () => void; onError: (error: Error) => void },
): Promise<RunningStream> {
  const source = createSource(spec.source);
  const samples = createSamples();
  const statuses: Record<string, number> = {};
  let measuring = false;
  let stopped = false;
  let bytes = 0;
  let allAnswers = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const connections: Connection[] = [];
  for (let i = 0; i < spec.connections; i++) connections.push(await openConnection(port, onError));

  function exchange(connection: Connection, since: number, then: () => void): boolean {
    const next = source.next();
    if (next === null) return false;
    connection.send(next.request, (answer) => {
      if (stopped) return;
      next.onAnswer?.(answer);
      if (!next.unmeasured) allAnswers += 1;
      if (measuring && !next.unmeasured) {
        samples.add(performance.now() - since);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        bytes += answer.length;
        onAnswer();
      }
      then();
    });
    return true;
  }

  const pacing = spec.pace === 'closed' ? startClosed() : startPaced(spec.pace);

  function startClosed(): () => void {
    let alive = connections.length;
    const again = (connection: Connection): void => {
      const sent = !stopped && exchange(connection, performance.now(), () => again(connection));
      if (!sent && --alive === 0) end();
    };
    for (const connection of connections) again(connection);
    return () => undefined;
  }

  function startPaced(perSecond: number): () => void {
    const free = [...connections];
    const begun = performance.now();
    let planned = 0;
    const due: number[] = [];
    const send = (): void => {
      while (due.length > 0 && free.length > 0 && !stopped) {
        const connection = free.pop();
        const since = due.shift();
        if (!connection || since === undefined) return;
        const sent = exchange(connection, since, () => {
          free.push(connection);
          send();
        });
        if (!sent) {
          end();
          return;
        }
      }
    };
    const timer = setInterval(() => {
      const now = performance.now();
      const wanted = ((now - begun) / 1000) * perSecond;
      // Due from this tick on: the timer's own millisecond is not the server's, a wait for a free connection is.
      for (; planned < wanted; planned++) due.push(now);
      send();
    }, 1);
    return () => clearInterval(timer);
  }

  return {
    ended,
    measure() {
      measuring = true;
    },
    result(seconds) {
      const answers = samples.count();
      return {
        name: spec.name,
        answers,
        allAnswers,
        perSecond: answers / seconds,
        latency: samples.summary(),
        statuses,
        bytesPerAnswer: answers === 0 ? 0 : Math.round(bytes / answers),
      };
    },
    stop() {
      stopped = true;
      pacing();
      for (const connection of connections) connection.close();
      end();
    },
  };
}
