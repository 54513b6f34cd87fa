/** An answer, as it is counted. `seconds` is left out for answers from kept bytes, which take microseconds. */
export interface CountedAnswer {
  /** As the table writes it. */
  route: string;
  method: string;
  status: number;
  seconds?: number;
}

/** Takes the seconds of each answer as it is given. */
export type DurationSink = (route: string, seconds: number) => void;

/**
 * How many answers were given, in plain numbers: that keeps the hot read hot, and a start need not wait for what
 * shows them.
 */
export interface AnswerCounts {
  observe(answer: CountedAnswer): void;
  /** What was counted since the last call. */
  take(): (CountedAnswer & { count: number })[];
  /** Where durations go from now on; those of before are handed over first. */
  flowTo(sink: DurationSink): void;
}

/** The map within a map; a new one the first time. */
function inner<K, L, V>(outer: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let found = outer.get(key);
  if (!found) {
    found = new Map();
    outer.set(key, found);
  }
  return found;
}

export function createAnswerCounts(): AnswerCounts {
  /** By route, method and status: a key of all three would have to be put together for every answer. */
  let counted = new Map<string, Map<string, Map<number, number>>>();
  // Short: the sink comes when the service has loaded.
  const early: [route: string, seconds: number][] = [];
  let sink: DurationSink = (route, seconds) => early.push([route, seconds]);

  return {
    observe({ route, method, status, seconds }) {
      const statuses = inner(inner(counted, route), method);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (seconds !== undefined) sink(route, seconds);
    },
    take() {
      const taken = counted;
      counted = new Map();
      return [...taken].flatMap(([route, methods]) =>
        [...methods].flatMap(([method, statuses]) =>
          [...statuses].map(([status, count]) => ({ route, method, status, count })),
        ),
      );
    },
    flowTo(next) {
      sink = next;
      for (const [route, seconds] of early.splice(0)) next(route, seconds);
    },
  };
}
