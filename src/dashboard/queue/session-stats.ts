import { signal } from '@preact/signals';
import type { Action } from '../api/types.ts';

/** What was decided since the page was opened: nobody else sees it, and nothing keeps it. */
export const sessionStats = signal({ since: Date.now(), decisions: 0, approved: 0 });

export function noteDecision(action: Action, count = 1): void {
  const { since, decisions, approved } = sessionStats.peek();
  sessionStats.value = {
    since,
    decisions: decisions + count,
    approved: approved + (action === 'approve' ? count : 0),
  };
}
