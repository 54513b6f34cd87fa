/**
 * Holds what is being written while it is on its way: what was added by then would go with what was sent. The button
 * has the focus again that it lost as it could not be pressed, unless its presser has gone elsewhere on the page.
 */
export function createHold(text: HTMLTextAreaElement, send: HTMLButtonElement): (holds: boolean) => void {
  let hadFocus = false;
  return (holds) => {
    if (holds) hadFocus = send.matches(':focus');
    send.disabled = holds;
    text.readOnly = holds;
    const { activeElement } = document;
    if (!holds && hadFocus && (activeElement === null || activeElement === document.body)) send.focus();
  };
}
