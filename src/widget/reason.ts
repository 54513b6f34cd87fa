import type { Problem } from './api.ts';
import type { Words } from './words.ts';

/** Whether the service said no; another error is that it could not be reached. Also for a Problem of another file. */
export const isProblem = (error: unknown): error is Problem =>
  error instanceof Error && 'fields' in error && 'code' in error;

/** What went wrong, in the reader's language. */
export function reasonOf(error: unknown, words: Words): string {
  if (!isProblem(error)) return words('offline');
  return words(`problem.${error.code}`) || error.message || words('failed');
}
