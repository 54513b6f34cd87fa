import { storeUnavailable } from '../errors.ts';

/**
 * As the work ends, but no later than after so many milliseconds: then it rejects with `store-unavailable`, and the
 * work goes on for nobody. `further`: milliseconds more, where they are known by then.
 */
export function inTime<T>(ms: number, work: Promise<T>, further?: Promise<number>): Promise<T> {
  return new Promise((resolve, reject) => {
    let more = 0;
    further?.then(
      (known) => {
        more = known;
      },
      // Whatever the store has not told is not waited for.
      () => undefined,
    );
    let timer: NodeJS.Timeout;
    const wait = (time: number): void => {
      // Who waits for it keeps the process going, not the wait.
      timer = setTimeout(end, time).unref();
    };
    const end = (): void => {
      const time = more;
      more = 0;
      if (time > 0) wait(time);
      else reject(storeUnavailable(new Error('the store has not answered in time')));
    };
    wait(ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
