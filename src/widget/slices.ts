/**
 * So many elements are made between two frames: laid out on a slow phone they hold the page up for less than
 * the 50 ms from which on a task is called long (Long Tasks API, W3C).
 */
const MOST_ELEMENTS = 250;

/** In a tab that nobody looks at there are no frames. */
const nextFrame = (): Promise<unknown> =>
  new Promise((resolve) => (document.hidden ? setTimeout(resolve) : requestAnimationFrame(resolve)));

/** Waits for the next frame, told of each piece that was made, once there were enough of them. */
export type Pace = (made: Element) => Promise<unknown>;

export function createPace(): Pace {
  let count = 0;
  return async (made) => {
    count += made.getElementsByTagName('*').length;
    if (count < MOST_ELEMENTS) return;
    count = 0;
    await nextFrame();
  };
}
