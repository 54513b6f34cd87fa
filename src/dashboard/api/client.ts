import type { Current } from './types.ts';

interface Problem {
  code: string;
  detail?: string;
  line?: number | null;
  /** Words beside a `line`; of a conflict a code, which `detail` says in words. */
  reason?: string;
}

/** A problem of the service, or `offline` where it could not be reached. `detail` is for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { pointer?: string; parameter?: string; code: string; detail: string }[];
  readonly current: Current | null;
  /** What is wrong with a file, with its line; '' of anything else. */
  readonly where: string;

  constructor(status: number, problem: Partial<ApiError> & Problem) {
    super(problem.detail ?? problem.code);
    this.status = status;
    this.code = problem.code;
    this.errors = problem.errors ?? [];
    this.current = problem.current ?? null;
    const { line, reason } = problem;
    this.where = line === undefined ? '' : [line, reason].filter(Boolean).join(': ');
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a Blob as the file that it is. */
  body?: unknown;
  query?: Record<string, string | number | null | undefined>;
  /** Repeated until it is answered: through a restart it happens once, by its Idempotency-Key. */
  insist?: boolean;
  /** A 401 is for the caller then, and nobody is asked to sign in. */
  quiet?: boolean;
  signal?: AbortSignal;
}

/** Milliseconds before each further try of what is insisted on. */
const PATIENCE = [300, 1000, 2500, 5000];
/** Beside this page, wherever PUBLIC_URL lies. */
const BASE = new URL('../', location.href);

export const hooks = {
  /** Resolves once somebody has signed in again. */
  signIn: (): Promise<void> => Promise.reject(new ApiError(401, { code: 'unauthenticated' })),
  language: (): string => 'en',
  /** Whose work this is; null before anybody has signed in. */
  account: (): string | null => null,
  /** What the account may do was perhaps changed: by what it is refused, or it has not been listened for a while. */
  rights: (): void => undefined,
};

export function addressOf(path: string, query: Call['query'] = {}): string {
  const url = new URL(`v1/${path}`, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** 128 bits; crypto.randomUUID is not there on plain http. */
export const drawKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { code: 'offline' });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  try {
    return new ApiError(response.status, await response.json());
  } catch {
    // Something between us and the service has answered.
    return new ApiError(response.status, { code: 'internal-error', detail: `HTTP ${response.status}` });
  }
}

/** Whether somebody else has changed meanwhile what was to be changed. */
export const isOvertaken = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'conflict';

/** Whether the same call may do later: the line is cut, or the service or its store is away. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 503 || error.status === 502);

/** Milliseconds by which the service's clock is ahead of this machine's, which may be wrong by hours; null until told. */
let ahead: { least: number; most: number } | null = null;
/** The moment by the service's clock, which wrote down when comments came, or one shortly before it. */
export const serverNow = (): string => new Date(Date.now() + (ahead?.least ?? 0)).toISOString();

/** Each answer narrows it down: its `Date` is cut to the second, and was written between the call and now. */
function noteClock(date: number, called: number): void {
  if (Number.isNaN(date)) return;
  const told = { least: date - Date.now(), most: date + 1000 - called };
  const least = Math.max(ahead?.least ?? told.least, told.least);
  const most = Math.min(ahead?.most ?? told.most, told.most);
  // Where both can't be true one of the clocks was set.
  ahead = least > most ? told : { least, most };
}

async function once<T>(path: string, call: Call, headers: Record<string, string>): Promise<T> {
  const { method = 'GET', body, query, signal } = call;
  const called = Date.now();
  const response = await send(addressOf(path, query), {
    method,
    headers,
    cache: 'no-store',
    signal,
    ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
  });
  noteClock(Date.parse(response.headers.get('Date') ?? ''), called);
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** What somebody hears whose role or sites are fewer by now. */
const REFUSALS = ['forbidden', 'site-not-found'];

const typeOf = (body: unknown): string =>
  body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json';

/** One call of the contract. Throws ApiError. */
export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const account = hooks.account();
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': hooks.language(),
    'X-Requested-With': 'gatehouse-dashboard',
    // The cookie may be another's by now: of who signed in at another tab, or used a link.
    ...(account !== null && { 'Gatehouse-Account': account }),
    ...(call.body !== undefined && { 'Content-Type': typeOf(call.body) }),
    ...(call.insist && { 'Idempotency-Key': drawKey() }),
  };
  const waits = call.insist ? [...PATIENCE] : [];
  for (;;) {
    try {
      return await once<T>(path, call, headers);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && !call.quiet) {
        await hooks.signIn();
        continue;
      }
      if (error instanceof ApiError && REFUSALS.includes(error.code)) hooks.rights();
      const wait = isPassing(error) ? waits.shift() : undefined;
      if (wait === undefined) throw error;
      await pause(wait);
    }
  }
}

/** A POST that happens once and is insisted on. Throws ApiError. */
export const post = <T>(path: string, body?: unknown): Promise<T> =>
  api<T>(path, { method: 'POST', body, insist: true });
