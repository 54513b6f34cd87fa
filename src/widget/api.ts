import type { FieldError } from './types.ts';

/** The service said no. */
export class Problem extends Error {
  readonly code: string;
  readonly fields: FieldError[];

  constructor({
    code = '',
    detail = '',
    errors = [],
  }: { code?: string; detail?: string; errors?: FieldError[] }) {
    super(detail);
    this.code = code;
    this.fields = errors;
  }
}

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Api = <Answer>(path: string, call?: Call) => Promise<Answer>;

/**
 * Calls of one service. Throws Problem for what it refuses, and what `fetch` throws where it can't be
 * reached. No cookie goes along.
 */
export function createApi(base: string): Api {
  return async <Answer>(path: string, { method, body, headers = {} }: Call = {}): Promise<Answer> => {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`${base}/${path}`, {
      method: method ?? (json ? 'POST' : 'GET'),
      body: json,
      headers: json ? { 'Content-Type': 'application/json', ...headers } : headers,
      credentials: 'omit',
    });
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Problem(answer as object);
    return answer as Answer;
  };
}
