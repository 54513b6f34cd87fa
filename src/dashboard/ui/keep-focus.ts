const around = (element: Element): Element[] => {
  const { parentElement: parent } = element;
  return parent ? [parent, ...around(parent)] : [];
};

/** Gives the focus also to what Tab does not stop at. */
export function lead(element: HTMLElement): void {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Gives the focus back to what had it, once the dialog in front of it is gone: until then nothing else can have it. */
export function giveBackFocus(before: Element | null): void {
  queueMicrotask(() => {
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
  });
}

/**
 * Takes the focus on where what had it in the box goes away, until the returned function is called: a browser leaves
 * it nowhere, and whoever reads by ear begins at the top again. In the queue it goes to the comment that is looked at,
 * else to what stood around, which does nothing by a key that was meant for what is gone. A dialog does so by itself.
 */
export function keepFocus(box: HTMLElement): () => void {
  let lost: Element | null = null;
  let places: Element[] = [];
  const note = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element) || target.closest('dialog')) return;
    lost = target;
    places = around(target);
  };
  const forget = (): void =>
    queueMicrotask(() => {
      // A form that is on its way has not been left, and may come back as another one.
      if (lost?.isConnected && !lost.closest('[inert]') && document.activeElement === document.body)
        lost = null;
    });
  const observer = new MutationObserver(() => {
    if (!lost || lost.isConnected || document.activeElement !== document.body) return;
    lost = null;
    const stands = (one: Element): boolean => one.isConnected && one.hasChildNodes();
    const place = places.find((one) => stands(one) && one !== box && box.contains(one));
    const home = place ?? document.querySelector('main');
    const row = home?.querySelector<HTMLElement>('.row-open[aria-current]');
    if (row) row.focus({ preventScroll: true });
    else if (home instanceof HTMLElement) lead(home);
  });
  observer.observe(box, { childList: true, subtree: true });
  box.addEventListener('focusin', note);
  box.addEventListener('focusout', forget);
  return () => {
    observer.disconnect();
    box.removeEventListener('focusin', note);
    box.removeEventListener('focusout', forget);
  };
}
