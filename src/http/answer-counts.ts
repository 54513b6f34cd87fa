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

export function createAnswerCounts(): AnswerCounts {
  const counted = new Map<string, CountedAnswer & { count: number }>();
  // Short: the sink comes when the service has loaded.
  const early: [route: string, seconds: number][] = [];
  let sink: DurationSink = (route, seconds) => early.push([route, seconds]);

  return {
    observe({ route, method, status, seconds }) {
      const key = `${status}${method}${route}`;
      const known = counted.get(key);
      if (known) known.count++;
      else counted.set(key, { route, method, status, count: 1 });
      if (seconds !== undefined) sink(route, seconds);
    },
    take() {
      const taken = [...counted.values()];
      counted.clear();
      return taken;
    },
    flowTo(next) {
      sink = next;
      for (const [route, seconds] of early.splice(0)) next(route, seconds);
    },
  };
}
