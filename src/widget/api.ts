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

const SAID_BY_STATUS: Record<number, string> = { 413: 'too-large', 429: 'rate-limited' };

/** A refusal that is no JSON is that of a proxy before the service: to send the same again would help nobody. */
const unlessRefused =
  (status: number) =>
  (error: unknown): never => {
    if (status < 400 || status >= 500) throw error;
    throw new Problem({ code: SAID_BY_STATUS[status] ?? 'other' });
  };

/**
 * Calls of one service. Throws Problem for what it refuses, and what `fetch` throws where it can't be
 * reached. No cookie goes along. `locale` is what problems are to be told in, once that is known: the page may speak
 * another language than the browser.
 */
export function createApi(base: string, locale = (): string | undefined => undefined): Api {
  return async <Answer>(path: string, { method, body, headers = {} }: Call = {}): Promise<Answer> => {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const language = locale();
    const response = await fetch(`${base}/${path}`, {
      method: method ?? (json ? 'POST' : 'GET'),
      body: json,
      headers: {
        ...(json && { 'Content-Type': 'application/json' }),
        ...(language && { 'Accept-Language': language }),
        ...headers,
      },
      credentials: 'omit',
    });
    const answer: unknown =
      response.status === 204 ? null : await response.json().catch(unlessRefused(response.status));
    if (!response.ok) throw new Problem(answer as object);
    return answer as Answer;
  };
}
