/**
 * Every way Gatehouse says no. A code is stable for ever: clients switch on it,
 * and docs/errors.md has an entry for each (a test compares the two).
 */

/** Problem code → the HTTP status that carries it. */
export const PROBLEM_STATUS = {
  'malformed-json': 400,
  'malformed-url': 400,
  unauthenticated: 401,
  'bad-signature': 401,
  forbidden: 403,
  'comments-closed': 403,
  'origin-not-allowed': 403,
  'edit-window-closed': 403,
  'author-banned': 403,
  'votes-off': 403,
  'reports-off': 403,
  'not-found': 404,
  'site-not-found': 404,
  'comment-not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'duplicate-comment': 409,
  'already-exists': 409,
  'comment-deleted': 409,
  'nothing-to-restore': 409,
  'idempotency-key-in-progress': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'validation-failed': 422,
  'idempotency-key-reused': 422,
  'malformed-file': 422,
  'rate-limited': 429,
  'internal-error': 500,
  'store-unavailable': 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** What can be wrong with one field. */
export const FIELD_CODES = [
  'required',
  'too-long',
  'too-short',
  'out-of-range',
  'invalid',
  'invalid-email',
  'invalid-url',
  'parent-not-found',
  'too-deep',
  'not-of-site',
  'private-address',
  'duplicate',
] as const;

export type FieldCode = (typeof FIELD_CODES)[number];

/** Where a bad value stood: a JSON Pointer into the body, a query parameter's name, or a header's. */
export type FieldPlace = { pointer: string } | { parameter: string } | { header: string };

/** One bad field. `params` fill the placeholders of the translated detail, e.g. `{ limit: 100 }`. */
export type FieldError = FieldPlace & {
  code: FieldCode;
  params?: Record<string, string | number>;
};

export interface AppErrorOptions {
  /** Bad fields, all of them at once: of a 422, and of a 401 that wants one more field. */
  errors?: FieldError[];
  /** Members added to the problem document, such as `current` on a conflict. Never anything secret. */
  extra?: Record<string, unknown>;
  /** Response headers the answer must carry, e.g. `Allow` or `Retry-After` (seconds). */
  headers?: Record<string, string>;
  /** What really happened, for the log only. */
  cause?: unknown;
}

/** The one error type that domain code throws; anything else that reaches the edge is `internal-error`. */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly extra: Record<string, unknown> | undefined;
  readonly headers: Record<string, string> | undefined;

  constructor(code: ProblemCode, options: AppErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = PROBLEM_STATUS[code];
    this.errors = options.errors;
    this.extra = options.extra;
    this.headers = options.headers;
  }
}

/** 422 with every bad field. */
export function validationFailed(errors: FieldError[]): AppError {
  return new AppError('validation-failed', { errors });
}

/** 503: the store can't take or give it now; the caller may come again. `retryAfter` in seconds. */
export function storeUnavailable(cause?: unknown, retryAfter = 1): AppError {
  return new AppError('store-unavailable', {
    cause,
    headers: { 'Retry-After': String(retryAfter) },
  });
}
