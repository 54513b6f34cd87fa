import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** What the widget makes between two frames of the browser, and how many formatters of dates. */

/**
 * Runs before the page's scripts. Frames are counted by a callback of each: two of them may show one moment of the
 * document's timeline. An element counts once, when it comes into the thread.
 */
const WATCH = `
  globalThis.bursts = new Map();
  globalThis.formats = 0;
  let frame = 0;
  const nextFrame = () => {
    frame += 1;
    requestAnimationFrame(nextFrame);
  };
  requestAnimationFrame(nextFrame);
  const counted = new WeakSet();
  const newIn = (element) => [element, ...element.getElementsByTagName('*')].filter((one) => !counted.has(one) && counted.add(one)).length;
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    const watcher = new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes)
          if (node instanceof Element) bursts.set(frame, (bursts.get(frame) ?? 0) + newIn(node));
    });
    watcher.observe(root, { childList: true, subtree: true });
    return root;
  };
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct(target, given, self) {
      formats += 1;
      return Reflect.construct(target, given, self);
    },
  });
`;

export const watchBursts = (page: Page): Promise<unknown> => page.addInitScript(WATCH);

export interface Bursts {
  /** Elements made in the fullest frame. */
  most: number;
  /** Elements made in all. */
  all: number;
  /** Formatters of dates that were made. */
  formats: number;
}

/** What was made since the page was opened, or since the last call. */
export async function burstsSince(page: Page): Promise<Bursts> {
  const [made, formats] = await page.evaluate<[number[], number]>(
    '(() => { const all = [...bursts.values()]; bursts.clear(); return [all, formats]; })()',
  );
  return { most: Math.max(0, ...made), all: made.reduce((sum, one) => sum + one, 0), formats };
}

const THREAD = "document.querySelector('gatehouse-comments').shadowRoot.querySelector('.thread')";

/**
 * Opens the page of comments behind those that stand there, by the mouse, and waits until it does. Looks for the
 * button and what follows by their places: a search through all comments would be work of the page's, too.
 */
export async function turnPage(page: Page): Promise<void> {
  const [x = 0, y = 0] = await page.evaluate<number[]>(`(() => {
    globalThis.lists = ${THREAD}.childElementCount;
    const button = ${THREAD}.nextElementSibling.querySelector('button');
    button.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = button.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  })()`);
  await page.mouse.click(x, y);
  // Asked from outside: what waits within the page is evaluated by it, which a strict policy of content forbids.
  await until('the next page of comments', () =>
    page.evaluate<boolean>(`${THREAD}.childElementCount > lists && ${THREAD}.ariaBusy === 'false'`),
  );
}
