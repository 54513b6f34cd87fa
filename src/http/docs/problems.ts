import * as z from 'zod';
import type { ProblemCode } from '../../errors.ts';
import { PROBLEM_STATUS } from '../../errors.ts';
import type { Route } from '../route.ts';

const fieldError = z.object({
  pointer: z.string().optional(),
  parameter: z.string().optional(),
  header: z.string().optional(),
  code: z.string(),
  detail: z.string(),
});

/** What an answer that says no is made of. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(fieldError).optional(),
    current: z.looseObject({ version: z.int() }).optional().meta({
      description: 'Of a `conflict`: as it is by now; of a comment with `status`, `by` and `at`.',
    }),
    commentId: z.string().optional().meta({ description: 'Of a `duplicate-comment`: the first one.' }),
    line: z.int().optional().meta({ description: 'Of a `malformed-file`: where, counted from 1.' }),
    reason: z.string().optional().meta({
      description: 'What is wrong with a file, why a state forbids it, or what a call of a page lacks.',
    }),
    importId: z.string().optional().meta({ description: 'Of a `malformed-file`: the import that ended so.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, with a stable code' });

/** The codes that a route's line in the table implies, and its own. */
export function problemsOf({ path, caller, limit, body, cors, method, operation }: Route): ProblemCode[] {
  const codes = new Set<ProblemCode>(operation.problems ?? []);
  const add = (...more: ProblemCode[]): void => {
    for (const code of more) codes.add(code);
  };
  // Any address may have a broken escape, if only behind its question mark.
  add('malformed-url');
  if (path.includes('{site}')) add('site-not-found');
  if (path.includes('{comment}')) add('comment-not-found');
  if (/\{(?!site|comment)\w+\}|aliases$/.test(path)) add('not-found');
  if (caller === 'moderator' || caller === 'admin') add('unauthenticated');
  // A cookie that writes wants X-Requested-With.
  if (caller === 'admin' || (caller === 'moderator' && method !== 'GET')) add('forbidden');
  if (caller === 'metrics') add('unauthenticated');
  if (caller === 'filter') add('bad-signature');
  if (limit !== null) add('rate-limited');
  if (method !== 'GET' && cors !== 'none') add('origin-not-allowed');
  if (body !== 'none') add('too-large', 'unsupported-media-type', 'validation-failed');
  if (body === 'json' || body === 'form' || body === 'table') add('malformed-json');
  if (operation.query) add('validation-failed');
  if (operation.prepare) add('idempotency-key-in-progress', 'idempotency-key-reused', 'validation-failed');
  if (!path.startsWith('/docs') && path !== '/healthz') add('store-unavailable');
  return [...codes];
}
