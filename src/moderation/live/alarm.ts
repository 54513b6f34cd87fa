/** Calls `ring` once at the earliest of the moments that were asked for. It keeps no process alive. */
export interface Alarm {
  in(ms: number): void;
}

export function createAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | null = null;
  let due = Number.POSITIVE_INFINITY;
  return {
    in(ms) {
      const at = performance.now() + Math.max(0, ms);
      if (at >= due) return;
      if (timer) clearTimeout(timer);
      due = at;
      timer = setTimeout(
        () => {
          due = Number.POSITIVE_INFINITY;
          ring();
        },
        Math.max(0, ms),
      );
      timer.unref();
    },
  };
}
