import * as z from 'zod';
import { STATUSES } from '../../comments/comment.ts';
import { AUDIT_ACTIONS } from '../../moderation/audit.ts';
import { listAudit } from '../../moderation/audit-list.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { actor, timestamp } from '../schemas/comment.ts';
import { moment } from '../schemas/inputs.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import { placeOf } from './listing-read.ts';

const USUAL_ITEMS = 50;

const auditQuery = z.object({
  site: z.string().optional().meta({ description: "Default: all of the caller's sites" }),
  by: z.string().optional().meta({ description: "An actor's id" }),
  action: z.enum(AUDIT_ACTIONS).optional(),
  commentId: z.string().optional(),
  since: moment.optional(),
  until: moment.optional(),
  limit: limitParameter(200),
  cursor: cursorParameter,
});

const statusOrNull = z.enum(STATUSES).nullable();
const entry = z
  .object({
    id: z.string(),
    at: timestamp,
    by: actor,
    action: z.enum(AUDIT_ACTIONS),
    site: z.string().nullable(),
    commentId: z.string().nullable(),
    subject: z.string().optional().meta({ description: "The author's or page's key that it was done to" }),
    from: statusOrNull,
    to: statusOrNull,
    reason: z.string().nullable(),
    note: z.string().nullable(),
    decisionId: z.string().nullable(),
    batchId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

export const getAudit: Operation = {
  name: 'getAudit',
  summary: 'What people, filters and the service did, newest first.',
  query: auditQuery,
  answers: { 200: z.object({ items: z.array(entry), nextCursor: z.string().nullable() }) },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const query = parseQuery(context.query, { schema: auditQuery });
    const { cursor, limit = USUAL_ITEMS, ...asked } = query;
    const { site, by, action, commentId, since, until } = asked;
    const bound = ['audit', site, by, action, commentId, since, until].map((part) => `${part ?? ''}`);
    const before = placeOf(deps.keys, bound, cursor)?.id ?? undefined;
    const { items, next } = await listAudit(deps, principalOf(context), { ...asked, before, limit });
    return json(200, { items, nextCursor: next && writeCursor(deps.keys, bound, { id: next }) });
  },
};
