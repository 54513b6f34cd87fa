import { type Signal, signal } from '@preact/signals';

/**
 * What this browser keeps of the dashboard: for good, or as long as the tab is there. Where storage is off or full
 * nothing is kept, and all lasts as long as the page.
 */
type Kind = 'localStorage' | 'sessionStorage';

/** Null where it can't be done. */
export function tried<Value>(use: () => Value): Value | null {
  try {
    return use();
  } catch {
    return null;
  }
}

export const recall = (key: string, kind: Kind = 'localStorage'): string | null =>
  tried(() => globalThis[kind].getItem(key));

export const keep = (key: string, value: string, kind: Kind = 'localStorage'): unknown =>
  tried(() => globalThis[kind].setItem(key, value));

/** Forgets what the tab keeps. */
export const forgetTab = (): unknown => tried(() => sessionStorage.clear());

/** Something that is on or off, as this browser has it, and what turns it. */
export function keptSwitch(key: string, usual: 'on' | 'off'): [Signal<boolean>, (on: boolean) => void] {
  const state = signal((recall(key) ?? usual) === 'on');
  return [
    state,
    (on) => {
      state.value = on;
      keep(key, on ? 'on' : 'off');
    },
  ];
}
