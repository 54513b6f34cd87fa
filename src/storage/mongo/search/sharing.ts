/** Runs what is asked for under a key; who asks for the same before anything else can happen shares the run. */
export function createSharing<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key, run) => {
    const known = running.get(key);
    if (known) return known;
    const made = run();
    running.set(key, made);
    // No longer: whoever comes after an answer was heard must not be told what was so before it.
    queueMicrotask(() => running.delete(key));
    return made;
  };
}
