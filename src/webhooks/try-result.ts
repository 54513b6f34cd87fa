import type { OutgoingAnswer } from '../outgoing/outgoing.ts';
import type { Attempt } from './delivery.ts';

/** What one try came to. */
export interface TryResult extends Pick<Attempt, 'httpStatus' | 'error'> {
  /** The header of the answer. */
  retryAfter?: string;
}

/** A receiver's word is its status. */
export function resultOf(answer: OutgoingAnswer): TryResult {
  if (!answer.ok) return { httpStatus: null, error: answer.failure };
  const { status, headers } = answer;
  const error = status >= 200 && status < 300 ? null : 'status';
  const retryAfter = headers['retry-after'];
  return { httpStatus: status, error, ...(retryAfter !== undefined && { retryAfter }) };
}

export const NOTHING_TO_TELL: TryResult = { httpStatus: null, error: 'nothing-to-tell' };
