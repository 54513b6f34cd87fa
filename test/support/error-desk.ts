import type { ProblemCode } from '../../src/errors.ts';
import { expectProblem, type FieldPlaceAndCode } from './expectations.ts';
import { ADMIN, type CallOptions, commentBody, type TestService } from './service.ts';

interface Submitted {
  comment: { id: string };
  editToken: string;
}

/** Asks a service for errors and keeps which of the contract's codes it has said. */
export interface ErrorDesk {
  post(body: unknown, rest?: Partial<CallOptions>): ReturnType<TestService['call']>;
  posted(site?: string, rest?: Record<string, unknown>): Promise<Submitted>;
  decide(id: string, body: unknown): ReturnType<TestService['call']>;
  /** Expects exactly that. */
  says(
    answer: Awaited<ReturnType<TestService['call']>>,
    code: ProblemCode,
    fields?: FieldPlaceAndCode[],
  ): void;
  said: Set<ProblemCode>;
  saidOfFields: Set<string>;
}

export function createErrorDesk(service: () => TestService): ErrorDesk {
  const said = new Set<ProblemCode>();
  const saidOfFields = new Set<string>();
  return {
    said,
    saidOfFields,
    post: (body, rest = {}) =>
      service().call({ method: 'POST', path: '/v1/sites/news/comments', body, ...rest }),
    async posted(site = 'news', rest = {}) {
      const answer = await service().call({
        method: 'POST',
        path: `/v1/sites/${site}/comments`,
        body: commentBody(rest),
      });
      expect(answer.status).toBe(201);
      return answer.json as Submitted;
    },
    decide: (id, body) =>
      service().call({
        method: 'POST',
        path: `/v1/moderation/comments/${id}/decisions`,
        headers: ADMIN,
        body,
      }),
    says(answer, code, fields) {
      expectProblem(answer, code, fields);
      said.add(code);
      for (const [, fieldCode] of fields ?? []) saidOfFields.add(fieldCode);
    },
  };
}
