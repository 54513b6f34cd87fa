/** Runs of one key one after the other, in order; different keys don't wait for each other. */
export interface KeyedLock {
  run<T>(key: string, act: () => Promise<T>): Promise<T>;
}

export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, act) {
      const before = tails.get(key);
      // The failure of the one before is its own caller's; the next only waits for its end.
      const turn = before ? before.then(act, act) : act();
      tails.set(key, turn);
      const leave = (): void => {
        if (tails.get(key) === turn) tails.delete(key);
      };
      turn.then(leave, leave);
      return turn;
    },
  };
}
