import { signal } from '@preact/signals';
import type { Action } from '../api/types.ts';

/** What was decided since the page was opened: nobody else sees it, and nothing keeps it. */
export const sessionStats = signal({ since: Date.now(), decisions: 0, approved: 0 });

export function noteDecision(action: Action): void {
  const { since, decisions, approved } = sessionStats.peek();
  sessionStats.value = {
    since,
    decisions: decisions + 1,
    approved: approved + (action === 'approve' ? 1 : 0),
  };
}
