/** What the bench does inside the moderators' page. */

export const DECIDED = 200;
export const SCROLL_STEPS = 400;
/** What does not come in this time does not come. */
const PATIENCE_MS = 30_000;

/** Told by the browser while it works: how long its main thread was busy at a stretch, from 50 ms on. */
export const WATCH = `window.longTasks = []; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longTasks.push(duration);
}).observe({ type: 'longtask' })`;

/** Goes to the end of the list again and again until so many rows are loaded; fails where none come. */
export const loadAll = (count: number): string => `(async () => {
  const box = document.querySelector('.rows');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const rows = () => Math.round(box.scrollHeight / box.querySelector('.row').offsetHeight);
  for (let last = -1, since = 0; rows() < ${count};) {
    if (rows() !== last) {
      box.scrollTop = box.scrollHeight;
      since = performance.now();
    }
    last = rows();
    if (performance.now() - since > ${PATIENCE_MS}) throw new Error('no row came behind the ' + last + ' that are there');
    await frame();
  }
})()`;

/** From the first row to the last and back, a step a frame. */
export const SCROLL = `(async () => {
  const box = document.querySelector('.rows');
  for (let step = 0; step <= ${SCROLL_STEPS}; step += 1) {
    const share = 1 - Math.abs(1 - (2 * step) / ${SCROLL_STEPS});
    box.scrollTop = share * (box.scrollHeight - box.clientHeight);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return window.longTasks;
})()`;

/** Milliseconds from each key to the end of the frame that shows another comment. */
export const DECIDE = `(async () => {
  const shown = () => document.querySelector('.where a[href^="#/comments/"]')?.getAttribute('href');
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const times = [];
  for (let count = 0; count < ${DECIDED}; count += 1) {
    const before = shown();
    const begun = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyA', key: 'a', bubbles: true }));
    do {
      await painted();
      if (performance.now() - begun > ${PATIENCE_MS}) throw new Error('the desk stays at ' + before);
    } while (shown() === before);
    times.push(performance.now() - begun);
    // People look before they press: what is fetched ahead may come.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
})()`;
