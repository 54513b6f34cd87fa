import { storeUnavailable } from '../errors.ts';

/**
 * As the work ends, but no later than after so many milliseconds: then it rejects with `store-unavailable`, and the
 * work goes on for nobody.
 */
export function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(storeUnavailable(new Error(`the store has not answered within ${ms} ms`))),
      ms,
    );
    // Who waits for it keeps the process going, not the wait.
    timer.unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
