import type { RateLimitClass } from '../../sites/policy.ts';
import type { Setup } from '../../staff/setup.ts';
import type { BodyKind } from '../body.ts';
import type { CorsMode } from '../cors.ts';
import { STYLESHEET_PATH } from '../pages/stylesheet.ts';
import type { Caller, Method, Operation, Route } from '../route.ts';
import { deleteSite, getAdminSite, listSites, patchSite, postSite } from './admin-sites.ts';
import { deleteAlias, listAliases, postAlias } from './aliases.ts';
import { getAudit } from './audit.ts';
import {
  deleteComment,
  getComment,
  getLegacyComment,
  listOwnComments,
  patchComment,
  postComment,
} from './comments.ts';
import { demoRoutes } from './demo.ts';
import { getEvents } from './events.ts';
import { sendForm } from './form.ts';
import { listComments, listRepliesTo } from './listing.ts';
import { getModeratedComment, getQueue, getQueueCounts, postDecision, postUndo } from './moderation.ts';
import { getDocs, getErrorDocs, getHealth, getMetrics, getOpenApi, getReadiness } from './operations.ts';
import { postReport } from './reports.ts';
import { setupRoutes } from './setup.ts';
import { getCounts, getSite, postCounts } from './sites.ts';
import { patchModeratedComment, postHighlight, postReply, postReveal } from './staff-acts.ts';
import { showStylesheet, showThread } from './thread.ts';
import { deleteToken, getToken, listAdminTokens, postToken } from './tokens.ts';
import { getWordlist, postWordlistPreview, postWordlistTest, putWordlist } from './wordlists.ts';

type Row = [Method, path: string, Caller, limit: RateLimitClass | null, BodyKind, CorsMode, Operation];

/** Everything that can be asked of this service. Who calls it, what limits it, what it reads, whose pages may. */
const ROWS: Row[] = [
  // Readers
  ['GET', '/v1/sites/{site}', 'public', 'reads', 'none', 'reader', getSite],
  ['GET', '/v1/sites/{site}/comments', 'public', 'reads', 'none', 'reader', listComments],
  ['POST', '/v1/sites/{site}/comments', 'public', 'comments', 'json', 'reader', postComment],
  ['POST', '/v1/sites/{site}/comments/own', 'public', 'reads', 'json', 'reader', listOwnComments],
  ['GET', '/v1/sites/{site}/comments/legacy/{legacy}', 'public', 'reads', 'none', 'reader', getLegacyComment],
  ['GET', '/v1/sites/{site}/counts', 'public', 'reads', 'none', 'reader', getCounts],
  ['POST', '/v1/sites/{site}/counts', 'public', 'reads', 'json', 'reader', postCounts],
  ['GET', '/v1/comments/{comment}', 'public', 'reads', 'none', 'reader', getComment],
  ['GET', '/v1/comments/{comment}/replies', 'public', 'reads', 'none', 'reader', listRepliesTo],
  ['PATCH', '/v1/comments/{comment}', 'author', 'edits', 'json', 'reader', patchComment],
  ['DELETE', '/v1/comments/{comment}', 'author', 'edits', 'none', 'reader', deleteComment],
  ['POST', '/v1/comments/{comment}/reports', 'public', 'reports', 'json', 'reader', postReport],
  ['GET', '/v1/sites/{site}/thread', 'public', 'reads', 'none', 'none', showThread],
  ['POST', '/v1/sites/{site}/form', 'public', 'comments', 'form', 'reader', sendForm],
  ['GET', STYLESHEET_PATH, 'public', null, 'none', 'any', showStylesheet],
  // Moderators
  ['GET', '/v1/moderation/queue', 'moderator', 'moderation', 'none', 'dashboard', getQueue],
  ['GET', '/v1/moderation/counts', 'moderator', 'moderation', 'none', 'dashboard', getQueueCounts],
  [
    'GET',
    '/v1/moderation/comments/{comment}',
    'moderator',
    'moderation',
    'none',
    'dashboard',
    getModeratedComment,
  ],
  [
    'POST',
    '/v1/moderation/comments/{comment}/decisions',
    'moderator',
    'moderation',
    'json',
    'dashboard',
    postDecision,
  ],
  [
    'POST',
    '/v1/moderation/decisions/{decision}/undo',
    'moderator',
    'moderation',
    'none',
    'dashboard',
    postUndo,
  ],
  [
    'PATCH',
    '/v1/moderation/comments/{comment}',
    'moderator',
    'moderation',
    'json',
    'dashboard',
    patchModeratedComment,
  ],
  [
    'POST',
    '/v1/moderation/comments/{comment}/replies',
    'moderator',
    'moderation',
    'json',
    'dashboard',
    postReply,
  ],
  [
    'POST',
    '/v1/moderation/comments/{comment}/email',
    'moderator',
    'moderation',
    'none',
    'dashboard',
    postReveal,
  ],
  [
    'POST',
    '/v1/moderation/comments/{comment}/highlight',
    'moderator',
    'moderation',
    'json',
    'dashboard',
    postHighlight,
  ],
  ['GET', '/v1/moderation/events', 'moderator', 'moderation', 'none', 'dashboard', getEvents],
  ['GET', '/v1/moderation/audit', 'moderator', 'moderation', 'none', 'dashboard', getAudit],
  // Admins
  ['GET', '/v1/admin/sites', 'admin', 'moderation', 'none', 'dashboard', listSites],
  ['POST', '/v1/admin/sites', 'admin', 'moderation', 'json', 'dashboard', postSite],
  ['GET', '/v1/admin/sites/{site}', 'admin', 'moderation', 'none', 'dashboard', getAdminSite],
  ['PATCH', '/v1/admin/sites/{site}', 'admin', 'moderation', 'json', 'dashboard', patchSite],
  ['DELETE', '/v1/admin/sites/{site}', 'admin', 'moderation', 'none', 'dashboard', deleteSite],
  ['GET', '/v1/admin/sites/{site}/pages/aliases', 'admin', 'moderation', 'none', 'dashboard', listAliases],
  ['POST', '/v1/admin/sites/{site}/pages/aliases', 'admin', 'moderation', 'json', 'dashboard', postAlias],
  ['DELETE', '/v1/admin/sites/{site}/pages/aliases', 'admin', 'moderation', 'none', 'dashboard', deleteAlias],
  ['GET', '/v1/admin/sites/{site}/wordlist', 'admin', 'moderation', 'none', 'dashboard', getWordlist],
  ['PUT', '/v1/admin/sites/{site}/wordlist', 'admin', 'moderation', 'json', 'dashboard', putWordlist],
  [
    'POST',
    '/v1/admin/sites/{site}/wordlist/test',
    'admin',
    'moderation',
    'json',
    'dashboard',
    postWordlistTest,
  ],
  [
    'POST',
    '/v1/admin/sites/{site}/wordlist/preview',
    'admin',
    'moderation',
    'json',
    'dashboard',
    postWordlistPreview,
  ],
  ['GET', '/v1/admin/tokens', 'admin', 'moderation', 'none', 'dashboard', listAdminTokens],
  ['POST', '/v1/admin/tokens', 'admin', 'moderation', 'json', 'dashboard', postToken],
  ['GET', '/v1/admin/tokens/{token}', 'admin', 'moderation', 'none', 'dashboard', getToken],
  ['DELETE', '/v1/admin/tokens/{token}', 'admin', 'moderation', 'none', 'dashboard', deleteToken],
  // Operations
  ['GET', '/healthz', 'public', null, 'none', 'none', getHealth],
  ['GET', '/readyz', 'public', null, 'none', 'none', getReadiness],
  ['GET', '/metrics', 'metrics', null, 'none', 'none', getMetrics],
  ['GET', '/openapi.json', 'public', null, 'none', 'any', getOpenApi],
  ['GET', '/docs', 'public', null, 'none', 'any', getDocs],
  ['GET', '/docs/errors', 'public', null, 'none', 'any', getErrorDocs],
];

/** The routes of every installation. */
export const ROUTES: readonly Route[] = ROWS.map(([method, path, caller, limit, body, cors, operation]) => ({
  method,
  path,
  caller,
  limit,
  body,
  cors,
  operation,
}));

/** The route table of this process: the demo and the setup page stand in it only where they are on. */
export function routeTable({ demo, setup }: { demo: boolean; setup: Setup | null }): readonly Route[] {
  return [...ROUTES, ...(demo ? demoRoutes : []), ...(setup ? setupRoutes(setup) : [])];
}
