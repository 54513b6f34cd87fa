import { signal } from '@preact/signals';
import { keep, recall } from '../kept.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'gatehouse-theme';
const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);
const kept = recall(KEPT);

export const theme = signal<Theme>(isTheme(kept) ? kept : 'auto');

export function showTheme(next: string = theme.peek()): void {
  if (!isTheme(next)) return;
  theme.value = next;
  keep(KEPT, next);
  document.documentElement.dataset.theme = next;
}
