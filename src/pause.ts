/** What a loop in the background rests by. */
export interface Pause {
  /** Resolves after that many milliseconds, or when woken. It keeps no process alive. */
  rest(ms: number): Promise<void>;
  /** Ends the rest under way; none: nothing. */
  wake(): void;
}

export function createPause(): Pause {
  let end: (() => void) | null = null;
  return {
    rest: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        timer.unref();
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => end?.(),
  };
}
