/** What every route is for, said once more apart from the table: the matrix compares the two. */
export interface Rule {
  /** `person`: a moderator with an account of their own, which a token is not. */
  for: 'everyone' | 'author' | 'moderator' | 'admin' | 'person' | 'metrics';
  /** `site`: about something of one site, and 404 for who does not have it. `all`: only for who has all sites. */
  scope?: 'site' | 'all';
  /** The address asked for, with things that are there. */
  path(there: Things): string;
  body?(there: Things): unknown;
  /** It is not there for anybody: 404 is being let through. */
  absent?: true;
  /** The answer goes on until the caller leaves. */
  streams?: true;
  /** It ends the caller's own session: whoever calls next has to sign in again. */
  signsOut?: true;
}

/** Things of the site `news`, made anew for each call so that none finds them used up. */
export interface Things {
  comment: string;
  decision: string;
  token: string;
  moderator: string;
  filter: string;
  author: string;
  page: string;
  webhook: string;
  delivery: string;
}

const at = (path: string) => () => path;
const PAGE = `page=${encodeURIComponent('https://news.example/a')}`;

const everyone = (path: string, rest: Partial<Rule> = {}): Rule => ({
  for: 'everyone',
  path: at(path),
  ...rest,
});
const moderator = (path: Rule['path'], rest: Partial<Rule> = {}): Rule => ({
  for: 'moderator',
  path,
  ...rest,
});
const admin = (path: Rule['path'], rest: Partial<Rule> = {}): Rule => ({ for: 'admin', path, ...rest });
const person = (path: string, rest: Partial<Rule> = {}): Rule => ({ for: 'person', path: at(path), ...rest });
const empty = { body: () => ({}) };
const form = { body: () => 'x=y' };
const OF_SITE = { scope: 'site' } as const;

const SITE = '/v1/admin/sites/news';
const one =
  (room: string, thing: keyof Things, rest = '') =>
  (there: Things) =>
    `${room}/${there[thing]}${rest}`;
const COMMENTS = '/v1/moderation/comments';
const MODERATORS = '/v1/admin/moderators';
const WEBHOOKS = '/v1/admin/webhooks';
const deliveryOf =
  (rest: string) =>
  ({ webhook, delivery }: Things) =>
    `${WEBHOOKS}/${webhook}/deliveries/${delivery}${rest}`;

export const RULES: Record<string, Rule> = {
  'GET /v1/sites/{site}': everyone('/v1/sites/news'),
  'GET /v1/sites/{site}/comments': everyone(`/v1/sites/news/comments?${PAGE}`),
  'POST /v1/sites/{site}/comments': everyone('/v1/sites/news/comments', empty),
  'POST /v1/sites/{site}/comments/own': everyone('/v1/sites/news/comments/own', empty),
  'GET /v1/sites/{site}/comments/legacy/{legacy}': everyone('/v1/sites/news/comments/legacy/wp-1', {
    absent: true,
  }),
  'GET /v1/sites/{site}/counts': everyone(`/v1/sites/news/counts?${PAGE}`),
  'POST /v1/sites/{site}/counts': everyone('/v1/sites/news/counts', empty),
  'GET /v1/comments/{comment}': everyone('', { path: one('/v1/comments', 'comment') }),
  'GET /v1/comments/{comment}/replies': everyone('', { path: one('/v1/comments', 'comment', '/replies') }),
  'PATCH /v1/comments/{comment}': { for: 'author', path: one('/v1/comments', 'comment'), ...empty },
  'DELETE /v1/comments/{comment}': { for: 'author', path: one('/v1/comments', 'comment') },
  'POST /v1/comments/{comment}/reports': everyone('', {
    path: one('/v1/comments', 'comment', '/reports'),
    ...empty,
  }),
  'PUT /v1/comments/{comment}/vote': everyone('', {
    path: one('/v1/comments', 'comment', '/vote'),
    ...empty,
  }),
  'GET /v1/sites/{site}/reader': everyone(`/v1/sites/news/reader?${PAGE}`),
  'GET /v1/sites/{site}/recent': everyone('/v1/sites/news/recent'),
  'GET /v1/sites/{site}/feed.atom': everyone(`/v1/sites/news/feed.atom?${PAGE}`),
  'POST /v1/sites/{site}/preview': everyone('/v1/sites/news/preview', empty),
  'GET /v1/avatars/{key}.svg': everyone(`/v1/avatars/${'0'.repeat(26)}.svg`),
  'GET /v1/sites/{site}/thread': everyone(`/v1/sites/news/thread?${PAGE}`),
  'POST /v1/sites/{site}/form': everyone('/v1/sites/news/form', form),
  'GET /embed.js': everyone('/embed.js', { absent: true }),
  'GET /embed/{part}': everyone('/embed/write.js', { absent: true }),
  'GET /assets/thread.css': everyone('/assets/thread.css'),
  'GET /favicon.ico': everyone('/favicon.ico'),

  'GET /v1/moderation/queue': moderator(at('/v1/moderation/queue')),
  'GET /v1/moderation/counts': moderator(at('/v1/moderation/counts')),
  'GET /v1/moderation/sites': moderator(at('/v1/moderation/sites')),
  'GET /moderate/': everyone('/moderate/'),
  'GET /moderate/{file}': everyone('/moderate/index.html'),
  'GET /v1/moderation/comments/{comment}': moderator(one(COMMENTS, 'comment'), OF_SITE),
  'GET /v1/moderation/comments/{comment}/similar': moderator(one(COMMENTS, 'comment', '/similar'), OF_SITE),
  'POST /v1/moderation/comments/{comment}/decisions': moderator(one(COMMENTS, 'comment', '/decisions'), {
    ...OF_SITE,
    body: () => ({ action: 'approve' }),
  }),
  'POST /v1/moderation/decisions/{decision}/undo': moderator(
    one('/v1/moderation/decisions', 'decision', '/undo'),
    OF_SITE,
  ),

  'PATCH /v1/moderation/comments/{comment}': moderator(one(COMMENTS, 'comment'), { ...OF_SITE, ...empty }),
  'POST /v1/moderation/comments/{comment}/replies': moderator(one(COMMENTS, 'comment', '/replies'), {
    ...OF_SITE,
    ...empty,
  }),
  'POST /v1/moderation/comments/{comment}/email': moderator(one(COMMENTS, 'comment', '/email'), OF_SITE),
  'POST /v1/moderation/comments/{comment}/recheck': moderator(one(COMMENTS, 'comment', '/recheck'), OF_SITE),
  'POST /v1/moderation/comments/{comment}/highlight': moderator(one(COMMENTS, 'comment', '/highlight'), {
    ...OF_SITE,
    ...empty,
  }),
  'POST /v1/moderation/decisions': moderator(at('/v1/moderation/decisions'), empty),
  'POST /v1/moderation/batches/{batch}/undo': moderator(at('/v1/moderation/batches/none/undo'), {
    absent: true,
  }),
  'POST /v1/moderation/claims': moderator(at('/v1/moderation/claims'), empty),
  'PATCH /v1/moderation/claims': moderator(at('/v1/moderation/claims'), empty),
  'DELETE /v1/moderation/claims': moderator(at('/v1/moderation/claims')),
  'GET /v1/moderation/stats': moderator(at('/v1/moderation/stats')),
  'GET /v1/moderation/audit': moderator(at('/v1/moderation/audit')),
  'GET /v1/moderation/authors': moderator(at('/v1/moderation/authors')),
  'POST /v1/moderation/authors/lookup': moderator(at('/v1/moderation/authors/lookup'), {
    ...OF_SITE,
    body: () => ({ site: 'news', email: 'mina@example.org' }),
  }),
  'GET /v1/moderation/authors/{author}': moderator(one('/v1/moderation/authors', 'author'), OF_SITE),
  'PATCH /v1/moderation/authors/{author}': moderator(one('/v1/moderation/authors', 'author'), {
    ...OF_SITE,
    ...empty,
  }),
  'GET /v1/moderation/events': moderator(at('/v1/moderation/events'), { streams: true }),

  'GET /mail/decision': everyone('/mail/decision?token=none', { absent: true }),
  'POST /mail/decision': everyone('/mail/decision?token=none', { absent: true }),
  'GET /mail/confirmation': everyone('/mail/confirmation?token=none', { absent: true }),
  'POST /mail/confirmation': everyone('/mail/confirmation?token=none', { absent: true }),
  'GET /mail/unsubscribe': everyone('/mail/unsubscribe?token=none', { absent: true }),
  'POST /mail/unsubscribe': everyone('/mail/unsubscribe?token=none', { absent: true }),
  'GET /mail/notices': everyone('/mail/notices?token=none', { absent: true }),
  'POST /mail/notices': everyone('/mail/notices?token=none', { absent: true }),

  'GET /v1/admin/sites': admin(at('/v1/admin/sites')),
  'POST /v1/admin/sites': admin(at('/v1/admin/sites'), { scope: 'all', ...empty }),
  'GET /v1/admin/sites/{site}': admin(at(SITE), OF_SITE),
  'PATCH /v1/admin/sites/{site}': admin(at(SITE), { ...OF_SITE, ...empty }),
  // Without its confirmation, which is 422.
  'DELETE /v1/admin/sites/{site}': admin(at(SITE), OF_SITE),
  'GET /v1/admin/sites/{site}/pages/aliases': admin(at(`${SITE}/pages/aliases`), OF_SITE),
  'POST /v1/admin/sites/{site}/pages/aliases': admin(at(`${SITE}/pages/aliases`), { ...OF_SITE, ...empty }),
  'DELETE /v1/admin/sites/{site}/pages/aliases': admin(at(`${SITE}/pages/aliases`), OF_SITE),
  'POST /v1/admin/privacy/export': admin(at('/v1/admin/privacy/export'), {
    ...OF_SITE,
    body: () => ({ site: 'news', email: 'nobody@example.org' }),
  }),
  'POST /v1/admin/privacy/erase': admin(at('/v1/admin/privacy/erase'), {
    ...OF_SITE,
    body: () => ({ site: 'news', email: 'nobody@example.org', mode: 'delete' }),
  }),
  'POST /v1/admin/sites/{site}/pages/moves': admin(at(`${SITE}/pages/moves`), { ...OF_SITE, ...empty }),
  'POST /v1/admin/sites/{site}/imports': admin(at(`${SITE}/imports?format=isso`), {
    ...OF_SITE,
    body: () => '[]',
  }),
  'GET /v1/admin/sites/{site}/imports/{import}': admin(at(`${SITE}/imports/none`), { absent: true }),
  'POST /v1/admin/sites/{site}/identity-secret': admin(at(`${SITE}/identity-secret`), OF_SITE),
  'GET /v1/admin/sites/{site}/wordlist': admin(at(`${SITE}/wordlist`), OF_SITE),
  'PUT /v1/admin/sites/{site}/wordlist': admin(at(`${SITE}/wordlist`), { ...OF_SITE, ...empty }),
  'POST /v1/admin/sites/{site}/wordlist/test': admin(at(`${SITE}/wordlist/test`), { ...OF_SITE, ...empty }),
  'POST /v1/admin/sites/{site}/wordlist/preview': admin(at(`${SITE}/wordlist/preview`), {
    ...OF_SITE,
    ...empty,
  }),
  'GET /v1/admin/sites/{site}/pages': admin(at(`${SITE}/pages`), OF_SITE),
  'PATCH /v1/admin/sites/{site}/pages/{page}': admin(one(`${SITE}/pages`, 'page'), { ...OF_SITE, ...empty }),
  'GET /v1/admin/filters': admin(at('/v1/admin/filters')),
  'POST /v1/admin/filters': admin(at('/v1/admin/filters'), empty),
  'GET /v1/admin/filters/{filter}': admin(one('/v1/admin/filters', 'filter'), OF_SITE),
  'PATCH /v1/admin/filters/{filter}': admin(one('/v1/admin/filters', 'filter'), { ...OF_SITE, ...empty }),
  'DELETE /v1/admin/filters/{filter}': admin(one('/v1/admin/filters', 'filter'), OF_SITE),
  'POST /v1/admin/filters/{filter}/secret': admin(one('/v1/admin/filters', 'filter', '/secret'), OF_SITE),
  'POST /v1/admin/filters/{filter}/test': admin(one('/v1/admin/filters', 'filter', '/test'), OF_SITE),
  'POST /v1/admin/filters/{filter}/replay': admin(one('/v1/admin/filters', 'filter', '/replay'), {
    ...OF_SITE,
    body: () => ({ since: '2026-01-01T00:00:00Z' }),
  }),
  // Of a filter that is there the signature decides, which test/http/verdicts.test.ts is about.
  'POST /v1/filters/{filter}/verdicts': everyone('/v1/filters/none/verdicts', { absent: true, ...empty }),
  'GET /v1/admin/tokens': admin(at('/v1/admin/tokens')),
  'POST /v1/admin/tokens': admin(at('/v1/admin/tokens'), empty),
  'GET /v1/admin/tokens/{token}': admin(one('/v1/admin/tokens', 'token'), OF_SITE),
  'DELETE /v1/admin/tokens/{token}': admin(one('/v1/admin/tokens', 'token'), OF_SITE),

  'GET /v1/admin/webhooks': admin(at(WEBHOOKS)),
  'POST /v1/admin/webhooks': admin(at(WEBHOOKS), empty),
  'GET /v1/admin/webhooks/{webhook}': admin(one(WEBHOOKS, 'webhook'), OF_SITE),
  'PATCH /v1/admin/webhooks/{webhook}': admin(one(WEBHOOKS, 'webhook'), { ...OF_SITE, ...empty }),
  'DELETE /v1/admin/webhooks/{webhook}': admin(one(WEBHOOKS, 'webhook'), OF_SITE),
  'POST /v1/admin/webhooks/{webhook}/secret': admin(one(WEBHOOKS, 'webhook', '/secret'), OF_SITE),
  'POST /v1/admin/webhooks/{webhook}/test': admin(one(WEBHOOKS, 'webhook', '/test'), OF_SITE),
  'GET /v1/admin/webhooks/{webhook}/deliveries': admin(one(WEBHOOKS, 'webhook', '/deliveries'), OF_SITE),
  'GET /v1/admin/webhooks/{webhook}/deliveries/{delivery}': admin(deliveryOf(''), OF_SITE),
  'POST /v1/admin/webhooks/{webhook}/deliveries/{delivery}/redeliver': admin(
    deliveryOf('/redeliver'),
    OF_SITE,
  ),

  // Without an open setup there is nothing here, for anybody.
  'POST /v1/setup': everyone('/v1/setup', { absent: true, ...empty }),
  'POST /v1/sessions': everyone('/v1/sessions', empty),
  'DELETE /v1/sessions/current': person('/v1/sessions/current', { signsOut: true }),
  'POST /v1/invitations': everyone('/v1/invitations', empty),
  'POST /v1/resets': everyone('/v1/resets', empty),
  'POST /v1/reset-mails': everyone('/v1/reset-mails', empty),
  'GET /invitation': everyone('/invitation?token=x', { absent: true }),
  'POST /invitation': everyone('/invitation', form),
  'GET /reset': everyone('/reset?token=x', { absent: true }),
  'POST /reset': everyone('/reset', form),
  'GET /forgot-password': everyone('/forgot-password'),
  'POST /forgot-password': everyone('/forgot-password', form),
  'GET /v1/me': moderator(at('/v1/me')),
  'PATCH /v1/me': person('/v1/me', empty),
  'POST /v1/me/totp': person('/v1/me/totp'),
  'PUT /v1/me/totp': person('/v1/me/totp', empty),
  'DELETE /v1/me/totp': person('/v1/me/totp', empty),
  'GET /v1/admin/moderators': admin(at(MODERATORS)),
  'POST /v1/admin/moderators': admin(at(MODERATORS), empty),
  'GET /v1/admin/moderators/{moderator}': admin(one(MODERATORS, 'moderator'), OF_SITE),
  'PATCH /v1/admin/moderators/{moderator}': admin(one(MODERATORS, 'moderator'), { ...OF_SITE, ...empty }),
  'DELETE /v1/admin/moderators/{moderator}': admin(one(MODERATORS, 'moderator'), OF_SITE),
  'POST /v1/admin/moderators/{moderator}/invite': admin(one(MODERATORS, 'moderator', '/invite'), OF_SITE),
  'POST /v1/admin/moderators/{moderator}/reset': admin(one(MODERATORS, 'moderator', '/reset'), OF_SITE),

  'GET /healthz': everyone('/healthz'),
  'GET /readyz': everyone('/readyz'),
  'GET /metrics': { for: 'metrics', path: at('/metrics') },
  'GET /openapi.json': everyone('/openapi.json'),
  'GET /docs': everyone('/docs'),
  'GET /docs/errors': everyone('/docs/errors'),
};
