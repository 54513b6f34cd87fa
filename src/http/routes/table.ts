import type { RateLimitClass } from '../../sites/policy.ts';
import type { Setup } from '../../staff/setup.ts';
import type { BodyKind } from '../body.ts';
import type { CorsMode } from '../cors.ts';
import { STYLESHEET_PATH } from '../pages/stylesheet.ts';
import type { Caller, Method, Operation, Route } from '../route.ts';
import { invitationPage, resetPage, setupRoutes } from './account-pages.ts';
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
import { deleteTotp, getMe, patchMe, postTotp, putTotp } from './me.ts';
import { getModeratedComment, getQueue, getQueueCounts, postDecision, postUndo } from './moderation.ts';
import {
  deleteModerator,
  getModerator,
  listAdminModerators,
  patchModerator,
  postInvite,
  postModerator,
  postModeratorReset,
} from './moderators.ts';
import { getDocs, getErrorDocs, getHealth, getMetrics, getOpenApi, getReadiness } from './operations.ts';
import { postReport } from './reports.ts';
import { deleteSession, postInvitation, postReset, postSession, postSetup } from './sessions.ts';
import { getCounts, getSite, postCounts } from './sites.ts';
import { patchModeratedComment, postHighlight, postReply, postReveal } from './staff-acts.ts';
import { showStylesheet, showThread } from './thread.ts';
import { deleteToken, getToken, listAdminTokens, postToken } from './tokens.ts';

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
  ['GET', '/v1/admin/tokens', 'admin', 'moderation', 'none', 'dashboard', listAdminTokens],
  ['POST', '/v1/admin/tokens', 'admin', 'moderation', 'json', 'dashboard', postToken],
  ['GET', '/v1/admin/tokens/{token}', 'admin', 'moderation', 'none', 'dashboard', getToken],
  ['DELETE', '/v1/admin/tokens/{token}', 'admin', 'moderation', 'none', 'dashboard', deleteToken],
  // People: their sessions, themselves, their accounts
  ['POST', '/v1/setup', 'public', 'login', 'json', 'dashboard', postSetup],
  ['POST', '/v1/sessions', 'public', 'login', 'json', 'dashboard', postSession],
  ['DELETE', '/v1/sessions/current', 'moderator', 'moderation', 'none', 'dashboard', deleteSession],
  ['POST', '/v1/invitations', 'public', 'login', 'json', 'dashboard', postInvitation],
  ['POST', '/v1/resets', 'public', 'login', 'json', 'dashboard', postReset],
  ['GET', '/invitation', 'public', null, 'none', 'none', invitationPage.show],
  ['POST', '/invitation', 'public', 'login', 'form', 'dashboard', invitationPage.take],
  ['GET', '/reset', 'public', null, 'none', 'none', resetPage.show],
  ['POST', '/reset', 'public', 'login', 'form', 'dashboard', resetPage.take],
  ['GET', '/v1/me', 'moderator', 'moderation', 'none', 'dashboard', getMe],
  ['PATCH', '/v1/me', 'moderator', 'moderation', 'json', 'dashboard', patchMe],
  ['POST', '/v1/me/totp', 'moderator', 'moderation', 'none', 'dashboard', postTotp],
  ['PUT', '/v1/me/totp', 'moderator', 'moderation', 'json', 'dashboard', putTotp],
  ['DELETE', '/v1/me/totp', 'moderator', 'moderation', 'json', 'dashboard', deleteTotp],
  ['GET', '/v1/admin/moderators', 'admin', 'moderation', 'none', 'dashboard', listAdminModerators],
  ['POST', '/v1/admin/moderators', 'admin', 'moderation', 'json', 'dashboard', postModerator],
  ['GET', '/v1/admin/moderators/{moderator}', 'admin', 'moderation', 'none', 'dashboard', getModerator],
  ['PATCH', '/v1/admin/moderators/{moderator}', 'admin', 'moderation', 'json', 'dashboard', patchModerator],
  ['DELETE', '/v1/admin/moderators/{moderator}', 'admin', 'moderation', 'none', 'dashboard', deleteModerator],
  ['POST', '/v1/admin/moderators/{moderator}/invite', 'admin', 'moderation', 'none', 'dashboard', postInvite],
  [
    'POST',
    '/v1/admin/moderators/{moderator}/reset',
    'admin',
    'moderation',
    'none',
    'dashboard',
    postModeratorReset,
  ],
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
