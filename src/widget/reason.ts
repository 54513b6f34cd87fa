import type { Problem } from './api.ts';
import type { FieldError } from './types.ts';
import type { Words } from './words.ts';

/** Whether the service said no; another error is that it could not be reached. Also for a Problem of another file. */
export const isProblem = (error: unknown): error is Problem =>
  error instanceof Error && 'fields' in error && 'code' in error;

/** What went wrong, in the reader's language; `unreached` is the sentence for a service that is not there. */
export function reasonOf(error: unknown, words: Words, unreached = 'cut'): string {
  if (!isProblem(error)) return words(unreached);
  return words(`problem.${error.code}`) || error.message || words('failed');
}

/** What is wrong with a field, in the reader's language; `n` is the limit that it keeps to. */
export const fieldReason = ({ code, detail }: FieldError, words: Words, n: number): string =>
  words(`field.${code}`, { n }) || detail;
