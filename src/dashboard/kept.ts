/**
 * What this browser keeps of the dashboard: for good, or as long as the tab is there. Where storage is off or full
 * nothing is kept, and all lasts as long as the page.
 */
type Kind = 'localStorage' | 'sessionStorage';

export function recall(key: string, kind: Kind = 'localStorage'): string | null {
  try {
    return globalThis[kind].getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string, kind: Kind = 'localStorage'): void {
  try {
    globalThis[kind].setItem(key, value);
  } catch {
    // As told above.
  }
}

/** Forgets what the tab keeps. */
export function forgetTab(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
}
