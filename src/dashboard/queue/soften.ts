import { signal } from '@preact/signals';

const KEPT = 'gatehouse-soften';

/** Whether what word lists found is veiled until one looks, and long floods are cut short. */
export const softens = signal(localStorage.getItem(KEPT) === 'on');

export function setSoftens(on: boolean): void {
  softens.value = on;
  localStorage.setItem(KEPT, on ? 'on' : 'off');
}
