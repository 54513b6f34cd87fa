import { MAIL_PATHS } from '../../mail/tokens.ts';
import type { RateLimitClass } from '../../sites/policy.ts';
import type { Setup } from '../../staff/setup.ts';
import type { BodyKind } from '../body.ts';
import type { CorsMode } from '../cors.ts';
import { ICON_PATH } from '../pages/icon.ts';
import { STYLESHEET_PATH } from '../pages/stylesheet.ts';
import type { Caller, Method, Operation, Route } from '../route.ts';
import { invitationPage, resetPage, setupRoutes } from './account-pages.ts';
import { deleteSite, getAdminSite, listSites, patchSite, postSite } from './admin-sites.ts';
import { deleteAlias, listAliases, postAliases } from './aliases.ts';
import { getAudit } from './audit.ts';
import { getAuthor, getAuthors, patchAuthor, postAuthorLookup } from './authors.ts';
import { postBatchUndo, postDecisions } from './bulk.ts';
import { deleteClaims, patchClaims, postClaims } from './claims.ts';
import {
  deleteComment,
  getComment,
  getLegacyComment,
  listOwnComments,
  patchComment,
  postComment,
} from './comments.ts';
import { getDashboard, getDashboardFile } from './dashboard.ts';
import { getDelivery, listWebhookDeliveries, postRedelivery, postWebhookTest } from './deliveries.ts';
import { demoRoutes } from './demo.ts';
import { listDeskSites } from './desk-sites.ts';
import { getEmbed, getEmbedPart } from './embed.ts';
import { getEvents } from './events.ts';
import {
  deleteFilter,
  getFilter,
  listAdminFilters,
  patchFilter,
  postFilter,
  postFilterReplay,
  postFilterSecret,
  postFilterTest,
} from './filters.ts';
import { sendForm } from './form.ts';
import { showIcon } from './icon.ts';
import { postIdentitySecret } from './identity.ts';
import { getImport, postImport } from './imports.ts';
import { listComments, listRepliesTo } from './listing.ts';
import { confirmationPage, decisionPage, quietPage, unsubscribePage } from './mail.ts';
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
import { listPages, patchPage, postPageMove } from './pages.ts';
import { postPrivacyErase, postPrivacyExport } from './privacy.ts';
import { getAvatar, getFeed, getRecent, postPreview } from './recent.ts';
import { postReport } from './reports.ts';
import { FORGOT_PATH, forgotPasswordPage, postResetMail } from './reset-mails.ts';
import { deleteSession, postInvitation, postReset, postSession, postSetup } from './sessions.ts';
import { getSimilar } from './similar.ts';
import { getCounts, getSite, postCounts } from './sites.ts';
import { patchModeratedComment, postHighlight, postRecheck, postReply, postReveal } from './staff-acts.ts';
import { getStats } from './stats.ts';
import { showStylesheet, showThread } from './thread.ts';
import { deleteToken, getToken, listAdminTokens, postToken } from './tokens.ts';
import { postVerdict } from './verdicts.ts';
import { getReader, putVote } from './votes.ts';
import {
  deleteWebhook,
  getWebhook,
  listAdminWebhooks,
  patchWebhook,
  postWebhook,
  postWebhookSecret,
} from './webhooks.ts';
import { getWordlist, postWordlistPreview, postWordlistTest, putWordlist } from './wordlists.ts';

type Row = [Method, path: string, Caller, limit: RateLimitClass | null, BodyKind, CorsMode, Operation];

/** A call of moderators: with credentials, counted by caller, from the dashboard's pages. */
const desk = (method: Method, path: string, body: BodyKind, operation: Operation): Row => [
  method,
  path,
  'moderator',
  'moderation',
  body,
  'dashboard',
  operation,
];
/** As `desk`, for admins. */
const admin = (method: Method, path: string, body: BodyKind, operation: Operation): Row => [
  method,
  path,
  'admin',
  'moderation',
  body,
  'dashboard',
  operation,
];

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
  ['PUT', '/v1/comments/{comment}/vote', 'public', 'votes', 'json', 'reader', putVote],
  ['GET', '/v1/sites/{site}/reader', 'public', 'reads', 'none', 'reader', getReader],
  ['GET', '/v1/sites/{site}/recent', 'public', 'reads', 'none', 'reader', getRecent],
  ['GET', '/v1/sites/{site}/feed.atom', 'public', 'reads', 'none', 'any', getFeed],
  ['POST', '/v1/sites/{site}/preview', 'public', 'reads', 'json', 'reader', postPreview],
  ['GET', '/v1/avatars/{key}.svg', 'public', null, 'none', 'any', getAvatar],
  ['GET', '/v1/sites/{site}/thread', 'public', 'reads', 'none', 'none', showThread],
  ['POST', '/v1/sites/{site}/form', 'public', 'comments', 'form', 'reader', sendForm],
  ['GET', '/embed.js', 'public', null, 'none', 'any', getEmbed],
  ['GET', '/embed/{part}', 'public', null, 'none', 'any', getEmbedPart],
  ['GET', STYLESHEET_PATH, 'public', null, 'none', 'any', showStylesheet],
  ['GET', ICON_PATH, 'public', null, 'none', 'any', showIcon],
  // Filters
  ['POST', '/v1/filters/{filter}/verdicts', 'filter', 'verdicts', 'json', 'none', postVerdict],
  // Moderators
  desk('GET', '/v1/moderation/queue', 'none', getQueue),
  desk('GET', '/v1/moderation/counts', 'none', getQueueCounts),
  desk('GET', '/v1/moderation/sites', 'none', listDeskSites),
  desk('GET', '/v1/moderation/events', 'none', getEvents),
  desk('GET', '/v1/moderation/comments/{comment}', 'none', getModeratedComment),
  desk('GET', '/v1/moderation/comments/{comment}/similar', 'none', getSimilar),
  desk('PATCH', '/v1/moderation/comments/{comment}', 'json', patchModeratedComment),
  desk('POST', '/v1/moderation/comments/{comment}/decisions', 'json', postDecision),
  desk('POST', '/v1/moderation/comments/{comment}/replies', 'json', postReply),
  desk('POST', '/v1/moderation/comments/{comment}/email', 'none', postReveal),
  desk('POST', '/v1/moderation/comments/{comment}/recheck', 'none', postRecheck),
  desk('POST', '/v1/moderation/comments/{comment}/highlight', 'json', postHighlight),
  desk('POST', '/v1/moderation/decisions', 'json', postDecisions),
  desk('POST', '/v1/moderation/decisions/{decision}/undo', 'none', postUndo),
  desk('POST', '/v1/moderation/batches/{batch}/undo', 'none', postBatchUndo),
  desk('POST', '/v1/moderation/claims', 'json', postClaims),
  desk('PATCH', '/v1/moderation/claims', 'json', patchClaims),
  desk('DELETE', '/v1/moderation/claims', 'none', deleteClaims),
  desk('GET', '/v1/moderation/audit', 'none', getAudit),
  desk('GET', '/v1/moderation/stats', 'none', getStats),
  desk('GET', '/v1/moderation/authors', 'none', getAuthors),
  desk('POST', '/v1/moderation/authors/lookup', 'json', postAuthorLookup),
  desk('GET', '/v1/moderation/authors/{author}', 'none', getAuthor),
  desk('PATCH', '/v1/moderation/authors/{author}', 'json', patchAuthor),
  // Admins
  ['POST', '/v1/setup', 'public', 'login', 'json', 'dashboard', postSetup],
  ['POST', '/v1/sessions', 'public', 'login', 'json', 'dashboard', postSession],
  ['POST', '/v1/invitations', 'public', 'login', 'json', 'dashboard', postInvitation],
  ['POST', '/v1/resets', 'public', 'login', 'json', 'dashboard', postReset],
  ['POST', '/v1/reset-mails', 'public', 'login', 'json', 'dashboard', postResetMail],
  admin('GET', '/v1/admin/sites', 'none', listSites),
  admin('POST', '/v1/admin/sites', 'json', postSite),
  admin('GET', '/v1/admin/sites/{site}', 'none', getAdminSite),
  admin('PATCH', '/v1/admin/sites/{site}', 'json', patchSite),
  admin('DELETE', '/v1/admin/sites/{site}', 'none', deleteSite),
  admin('GET', '/v1/admin/sites/{site}/pages/aliases', 'none', listAliases),
  admin('POST', '/v1/admin/sites/{site}/pages/aliases', 'table', postAliases),
  admin('DELETE', '/v1/admin/sites/{site}/pages/aliases', 'none', deleteAlias),
  admin('POST', '/v1/admin/sites/{site}/pages/moves', 'json', postPageMove),
  admin('POST', '/v1/admin/sites/{site}/identity-secret', 'none', postIdentitySecret),
  admin('GET', '/v1/admin/sites/{site}/wordlist', 'none', getWordlist),
  admin('PUT', '/v1/admin/sites/{site}/wordlist', 'json', putWordlist),
  admin('POST', '/v1/admin/sites/{site}/wordlist/test', 'json', postWordlistTest),
  admin('POST', '/v1/admin/sites/{site}/wordlist/preview', 'json', postWordlistPreview),
  admin('GET', '/v1/admin/sites/{site}/pages', 'none', listPages),
  admin('PATCH', '/v1/admin/sites/{site}/pages/{page}', 'json', patchPage),
  admin('GET', '/v1/admin/filters', 'none', listAdminFilters),
  admin('POST', '/v1/admin/filters', 'json', postFilter),
  admin('GET', '/v1/admin/filters/{filter}', 'none', getFilter),
  admin('PATCH', '/v1/admin/filters/{filter}', 'json', patchFilter),
  admin('DELETE', '/v1/admin/filters/{filter}', 'none', deleteFilter),
  admin('POST', '/v1/admin/filters/{filter}/secret', 'none', postFilterSecret),
  admin('POST', '/v1/admin/filters/{filter}/test', 'none', postFilterTest),
  admin('POST', '/v1/admin/filters/{filter}/replay', 'json', postFilterReplay),
  admin('POST', '/v1/admin/privacy/export', 'json', postPrivacyExport),
  admin('POST', '/v1/admin/privacy/erase', 'json', postPrivacyErase),
  admin('POST', '/v1/admin/sites/{site}/imports', 'file', postImport),
  admin('GET', '/v1/admin/sites/{site}/imports/{import}', 'none', getImport),
  admin('GET', '/v1/admin/tokens', 'none', listAdminTokens),
  admin('POST', '/v1/admin/tokens', 'json', postToken),
  admin('GET', '/v1/admin/tokens/{token}', 'none', getToken),
  admin('DELETE', '/v1/admin/tokens/{token}', 'none', deleteToken),
  admin('GET', '/v1/admin/webhooks', 'none', listAdminWebhooks),
  admin('POST', '/v1/admin/webhooks', 'json', postWebhook),
  admin('GET', '/v1/admin/webhooks/{webhook}', 'none', getWebhook),
  admin('PATCH', '/v1/admin/webhooks/{webhook}', 'json', patchWebhook),
  admin('DELETE', '/v1/admin/webhooks/{webhook}', 'none', deleteWebhook),
  admin('POST', '/v1/admin/webhooks/{webhook}/secret', 'none', postWebhookSecret),
  admin('POST', '/v1/admin/webhooks/{webhook}/test', 'none', postWebhookTest),
  admin('GET', '/v1/admin/webhooks/{webhook}/deliveries', 'none', listWebhookDeliveries),
  admin('GET', '/v1/admin/webhooks/{webhook}/deliveries/{delivery}', 'none', getDelivery),
  admin('POST', '/v1/admin/webhooks/{webhook}/deliveries/{delivery}/redeliver', 'none', postRedelivery),
  desk('DELETE', '/v1/sessions/current', 'none', deleteSession),
  desk('GET', '/v1/me', 'none', getMe),
  desk('PATCH', '/v1/me', 'json', patchMe),
  desk('POST', '/v1/me/totp', 'none', postTotp),
  desk('PUT', '/v1/me/totp', 'json', putTotp),
  desk('DELETE', '/v1/me/totp', 'json', deleteTotp),
  ['GET', '/invitation', 'public', null, 'none', 'none', invitationPage.show],
  ['POST', '/invitation', 'public', 'login', 'form', 'dashboard', invitationPage.take],
  ['GET', '/reset', 'public', null, 'none', 'none', resetPage.show],
  ['POST', '/reset', 'public', 'login', 'form', 'dashboard', resetPage.take],
  ['GET', FORGOT_PATH, 'public', null, 'none', 'none', forgotPasswordPage.show],
  ['POST', FORGOT_PATH, 'public', 'login', 'form', 'dashboard', forgotPasswordPage.take],
  // Links of mails. Of any origin: what may be done is in the link, and a mail program has no page.
  ['GET', MAIL_PATHS.decide, 'public', null, 'none', 'none', decisionPage.show],
  ['POST', MAIL_PATHS.decide, 'public', null, 'none', 'none', decisionPage.take],
  ['GET', MAIL_PATHS.confirm, 'public', null, 'none', 'none', confirmationPage.show],
  ['POST', MAIL_PATHS.confirm, 'public', null, 'none', 'none', confirmationPage.take],
  ['GET', MAIL_PATHS.unsubscribe, 'public', null, 'none', 'none', unsubscribePage.show],
  ['POST', MAIL_PATHS.unsubscribe, 'public', null, 'none', 'none', unsubscribePage.take],
  ['GET', MAIL_PATHS.quiet, 'public', null, 'none', 'none', quietPage.show],
  ['POST', MAIL_PATHS.quiet, 'public', null, 'none', 'none', quietPage.take],
  admin('GET', '/v1/admin/moderators', 'none', listAdminModerators),
  admin('POST', '/v1/admin/moderators', 'json', postModerator),
  admin('GET', '/v1/admin/moderators/{moderator}', 'none', getModerator),
  admin('PATCH', '/v1/admin/moderators/{moderator}', 'json', patchModerator),
  admin('DELETE', '/v1/admin/moderators/{moderator}', 'none', deleteModerator),
  admin('POST', '/v1/admin/moderators/{moderator}/invite', 'none', postInvite),
  admin('POST', '/v1/admin/moderators/{moderator}/reset', 'none', postModeratorReset),
  // The dashboard, which calls the above
  ['GET', '/moderate/', 'public', null, 'none', 'none', getDashboard],
  ['GET', '/moderate/{file}', 'public', null, 'none', 'none', getDashboardFile],
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
