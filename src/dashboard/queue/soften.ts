import { signal } from '@preact/signals';
import { keep, recall } from '../kept.ts';

const KEPT = 'gatehouse-soften';

/** Whether what word lists found is veiled until one looks, and long floods are cut short. */
export const softens = signal(recall(KEPT) === 'on');

export function setSoftens(on: boolean): void {
  softens.value = on;
  keep(KEPT, on ? 'on' : 'off');
}
