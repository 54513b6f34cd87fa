/** A problem of the service, or `offline` where it could not be reached. `detail` is for people. */
export class ApiError extends Error {
    status;
    code;
    errors;
    current;
    constructor(status, problem) {
        super(problem.detail ?? problem.code);
        this.status = status;
        this.code = problem.code;
        this.errors = problem.errors ?? [];
        this.current = problem.current ?? null;
    }
}
/** Milliseconds before each further try of what is insisted on. */
const PATIENCE = [300, 1000, 2500, 5000];
/** Beside this page, wherever PUBLIC_URL lies. */
const BASE = new URL('../', location.href.split('#')[0]);
export const hooks = {
    /** Resolves once somebody has signed in again. */
    signIn: () => Promise.reject(new ApiError(401, { code: 'unauthenticated' })),
    language: () => 'en',
};
export function addressOf(path, query = {}) {
    const url = new URL(`v1/${path}`, BASE);
    for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined && value !== '')
            url.searchParams.set(name, String(value));
    }
    return url.href;
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** 128 bits; crypto.randomUUID is not there on plain http. */
export const drawKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
async function send(url, init) {
    try {
        return await fetch(url, init);
    }
    catch (error) {
        if (init.signal?.aborted)
            throw error;
        throw new ApiError(0, { code: 'offline' });
    }
}
async function problemOf(response) {
    try {
        return new ApiError(response.status, await response.json());
    }
    catch {
        // Something between us and the service has answered.
        return new ApiError(response.status, { code: 'internal-error', detail: `HTTP ${response.status}` });
    }
}
const isPassing = (error) => error instanceof ApiError && (error.status === 0 || error.status === 503 || error.status === 502);
async function once(path, call, headers) {
    const { method = 'GET', body, query, signal } = call;
    const response = await send(addressOf(path, query), {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal,
        ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok)
        throw await problemOf(response);
    return (response.status === 204 ? undefined : await response.json());
}
/** One call of the contract. Throws ApiError. */
export async function api(path, call = {}) {
    const headers = {
        Accept: 'application/json',
        'Accept-Language': hooks.language(),
        'X-Requested-With': 'gatehouse-dashboard',
        ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(call.insist && { 'Idempotency-Key': drawKey() }),
    };
    const waits = call.insist ? [...PATIENCE] : [];
    for (;;) {
        try {
            return await once(path, call, headers);
        }
        catch (error) {
            if (error instanceof ApiError && error.status === 401 && path !== 'sessions') {
                await hooks.signIn();
                continue;
            }
            const wait = isPassing(error) ? waits.shift() : undefined;
            if (wait === undefined)
                throw error;
            await pause(wait);
        }
    }
}
