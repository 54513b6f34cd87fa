import { signal } from '@preact/signals';
import { api } from './api/client.ts';
import type { Counts } from './api/types.ts';

/** Of the site that is looked at, or of all the moderator's. */
export const counts = signal<Counts | null>(null);
let site = '';
let timer: ReturnType<typeof setTimeout> | undefined;
/** Milliseconds: many decisions in a row share one question. */
const GATHER = 400;

async function ask(): Promise<void> {
  const asked = site;
  try {
    const found = await api<Counts>('moderation/counts', { query: { site: asked } });
    if (asked === site) counts.value = found;
  } catch {
    // The next event or decision asks again; what failed for good has said so where it was asked for.
  }
}

export function refreshCounts(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), GATHER);
}

/** Counts that site from now on, afresh: while the queue was left nobody told of anything. */
export function countSite(next: string): void {
  if (next !== site) counts.value = null;
  site = next;
  void ask();
}

/** What an event says of one site's counts. */
export function takeCounts({ site: of, ...told }: Counts & { site: string }): void {
  if (of === site) counts.value = told;
  else if (site === '') refreshCounts();
}
