/**
 * Puts what arrives together into one run: what queued while the last run was under way goes next, so
 * the group grows with the load and a lone item waits for nobody. Each item succeeds or fails alone.
 */
export interface Batcher<I, O> {
  add(item: I): Promise<O>;
}

/** One item's outcome. */
export type Outcome<O> = { ok: true; value: O } | { ok: false; error: unknown };

export const done = <O>(value: O): Outcome<O> => ({ ok: true, value });
export const failed = (error: unknown): { ok: false; error: unknown } => ({ ok: false, error });

export interface BatcherOptions {
  /** Most items of a run. */
  max?: number;
  /** Most runs at a time. */
  lanes?: number;
}

interface Waiting<I, O> {
  item: I;
  resolve: (value: O) => void;
  reject: (error: unknown) => void;
}

/** `run` answers in the order of its items; when it throws, all of its items fail. */
export function createBatcher<I, O>(
  run: (items: I[]) => Promise<Outcome<O>[]>,
  { max = 500, lanes = 1 }: BatcherOptions = {},
): Batcher<I, O> {
  const queue: Waiting<I, O>[] = [];
  let running = 0;
  let scheduled = false;

  const settle = async (batch: Waiting<I, O>[]): Promise<void> => {
    try {
      const outcomes = await run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, i) => {
        const outcome = outcomes[i] ?? failed(new Error('a batch left an item without an outcome'));
        if (outcome.ok) waiting.resolve(outcome.value);
        else waiting.reject(outcome.error);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  };
  const start = (): void => {
    scheduled = false;
    while (queue.length > 0 && running < lanes) {
      const batch = queue.splice(0, max);
      running += 1;
      void settle(batch).then(() => {
        running -= 1;
        if (queue.length > 0) schedule();
      });
    }
  };
  const schedule = (): void => {
    if (scheduled || running >= lanes) return;
    scheduled = true;
    // After the events that are ready now: requests read in one turn of the loop share the run.
    setImmediate(start);
  };

  return {
    add(item) {
      return new Promise<O>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        schedule();
      });
    },
  };
}
