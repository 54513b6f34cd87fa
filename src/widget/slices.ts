/**
 * So many elements are made between two frames: laid out on a slow phone they hold the page up for less than
 * the 50 ms from which on a task is called long (Long Tasks API, W3C).
 */
const MOST_ELEMENTS = 110;

/**
 * The task behind the next frame: what is made within a frame's own callbacks is laid out together with what was
 * made before it. In a tab that nobody looks at there are no frames.
 */
const nextFrame = (): Promise<unknown> =>
  new Promise((resolve) => {
    const then = (): unknown => setTimeout(resolve);
    if (document.hidden) then();
    else requestAnimationFrame(then);
  });

/** Told of each piece that was made: waits for the next frame once there were enough of them, whoever made them. */
export type Pace = (made: Element) => Promise<void>;

export function createPace(): Pace {
  let count = 0;
  let waiting: Promise<void> | null = null;
  return async (made) => {
    count += made.getElementsByTagName('*').length + 1;
    if (count < MOST_ELEMENTS) return;
    waiting ??= nextFrame().then(() => {
      count = 0;
      waiting = null;
    });
    await waiting;
  };
}
