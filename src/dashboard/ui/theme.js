import { signal } from '@preact/signals';
export const THEMES = ['auto', 'light', 'dark'];
const KEPT = 'gatehouse-theme';
const isTheme = (text) => THEMES.some((theme) => theme === text);
const kept = localStorage.getItem(KEPT);
export const theme = signal(isTheme(kept) ? kept : 'auto');
export function showTheme(next = theme.peek()) {
    if (!isTheme(next))
        return;
    theme.value = next;
    localStorage.setItem(KEPT, next);
    document.documentElement.dataset.theme = next;
}
