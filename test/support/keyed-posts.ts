import type { AppError } from '../../src/errors.ts';
import { ADMIN, type Answer, type TestService } from './service.ts';

/** Posts under idempotency keys, to a service or to another instance of it. */
export interface KeyedPosts {
  freshKey(): string;
  post(body: unknown, key: string, options?: { to?: TestService; site?: string }): Promise<Answer>;
  /** How many comments wait on a site. */
  pendingOn(site: string): Promise<number>;
}

export function createKeyedPosts(service: () => TestService): KeyedPosts {
  let drawn = 0;
  return {
    freshKey: () => `key-${++drawn}`,
    post: (body, key, { to = service(), site = 'news' } = {}) =>
      to.call({
        method: 'POST',
        path: `/v1/sites/${site}/comments`,
        headers: { 'idempotency-key': key },
        body,
      }),
    async pendingOn(site) {
      const answer = await service().call({ path: `/v1/moderation/counts?site=${site}`, headers: ADMIN });
      return (answer.json as { pending: number }).pending;
    },
  };
}

export function expectReplay(answer: Answer, first: Answer): void {
  expect(answer.headers['idempotent-replayed']).toBe('true');
  expect(answer.status).toBe(first.status);
  expect(answer.headers.location).toBe(first.headers.location);
  expect(answer.text).toBe(first.text);
}

export const codeOf = (answer: Answer): string => (answer.json as AppError).code;
