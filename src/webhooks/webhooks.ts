import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import { type Act, entryOf, SERVICE } from '../moderation/record.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, coversSites } from '../staff/principal.ts';
import { addressErrors } from './address-errors.ts';
import { CONSUMER } from './planner.ts';
import { ROTATION_MS, sealSecret } from './secrets.ts';
import type { Webhook, WebhookEvent } from './webhook.ts';

export interface WebhookValues {
  url: string;
  events: WebhookEvent[];
  /** Null: every site. */
  site: string | null;
  enabled: boolean;
}

export type WebhookPatch = { [K in keyof WebhookValues]?: WebhookValues[K] | null | undefined } & {
  version?: number | undefined;
};

const scopeOf = (site: string | null): string[] => [site ?? '*'];

/** Which one, for the audit: by its host, since the rest of an address may be a secret of its own. */
const noteOf = ({ url }: Webhook): string => new URL(url).host;

function webhookEntry(deps: Deps, webhook: Webhook, act: Pick<Act, 'by' | 'action' | 'id'>): AuditEntry {
  return entryOf(deps, { ...act, site: webhook.site, note: noteOf(webhook), subject: webhook.id });
}

type Target = { [K in 'url' | 'site']?: WebhookValues[K] | null | undefined };

/** An address that may not be called, a site that is not there. Throws `forbidden` beyond the caller's sites. */
export async function wrongTargets(
  deps: Deps,
  principal: Principal,
  { url, site }: Target,
): Promise<FieldError[]> {
  if (site !== undefined && !coversSites(principal, scopeOf(site))) throw new AppError('forbidden');
  const [wrongUrl, found] = await Promise.all([
    addressErrors(deps, url),
    typeof site === 'string' ? deps.sites.find(site) : undefined,
  ]);
  const wrongSite: FieldError[] = found === null ? [{ pointer: '/site', code: 'invalid' }] : [];
  return [...wrongUrl, ...wrongSite];
}

/** Throws `forbidden` beyond the caller's sites, `validation-failed` naming `/site` or `/url`. */
async function check(deps: Deps, principal: Principal, target: Target): Promise<void> {
  const errors = await wrongTargets(deps, principal, target);
  if (errors.length > 0) throw validationFailed(errors);
}

/** Makes a subscriber. `id` and `secret` are chosen by the caller so that a repeated request can name them again. */
export async function createWebhook(
  deps: Deps,
  principal: Principal,
  { id, secret, ...values }: WebhookValues & { id: string; secret: string },
): Promise<Webhook> {
  await check(deps, principal, values);
  const now = deps.clock.now();
  const webhook: Webhook = {
    id,
    ...values,
    gone: false,
    secret: sealSecret(deps.keys, id, secret),
    previous: null,
    after: await deps.events.join(CONSUMER),
    createdBy: actorOf(principal),
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const act = webhookEntry(deps, webhook, { by: webhook.createdBy, action: 'webhook-created', id });
  await deps.webhooks.create(webhook, { act });
  return webhook;
}

/** One whose site the caller has. Throws `not-found`. */
export async function findWebhook(
  deps: Pick<Deps, 'webhooks'>,
  principal: Principal,
  id: string,
): Promise<Webhook> {
  const webhook = await deps.webhooks.find(id);
  if (!webhook || !coversSites(principal, scopeOf(webhook.site))) throw new AppError('not-found');
  return webhook;
}

/** Newest first, those whose sites the caller has. */
export async function listWebhooks(
  deps: Pick<Deps, 'webhooks'>,
  principal: Principal,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ items: Webhook[]; total: number }> {
  const all = (await deps.webhooks.all()).reverse();
  const seen = all.filter(({ site }) => coversSites(principal, scopeOf(site)));
  const beyond = before === undefined ? seen : seen.filter(({ id }) => id < before);
  return { items: beyond.slice(0, limit), total: seen.length };
}

/** Writes what `change` makes of the one that stands, again where another was faster. Throws what `find` throws. */
async function rewrite(
  deps: Deps,
  find: () => Promise<Webhook>,
  rewriting: {
    version?: number | undefined;
    change(current: Webhook): Webhook;
    act: Pick<Act, 'by' | 'action'>;
  },
): Promise<Webhook> {
  const { version, change, act } = rewriting;
  for (;;) {
    const current = await find();
    if (version !== undefined && version !== current.version)
      throw new AppError('conflict', { extra: { current: { version: current.version } } });
    const changed = change(current);
    const next = { ...changed, updatedAt: deps.clock.now(), version: current.version + 1 };
    const audited = { act: webhookEntry(deps, next, act) };
    if (await deps.webhooks.replace(next, current.version, audited)) return next;
  }
}

/** RFC 7396: absent keeps, null gives a default back. Throws as `createWebhook`, `not-found`, `conflict`. */
export async function updateWebhook(
  deps: Deps,
  principal: Principal,
  { id, patch }: { id: string; patch: WebhookPatch },
): Promise<Webhook> {
  const { version, ...values } = patch;
  const set: Partial<WebhookValues> = {
    ...(values.url != null && { url: values.url }),
    ...(values.events != null && { events: values.events }),
    ...(values.site !== undefined && { site: values.site }),
    ...(values.enabled !== undefined && { enabled: values.enabled ?? true }),
  };
  const find = () => findWebhook(deps, principal, id);
  await find();
  await check(deps, principal, set);
  return rewrite(deps, find, {
    version,
    act: { by: actorOf(principal), action: 'webhook-updated' },
    // Whoever enables it again believes that it is there again.
    change: (current) => ({ ...current, ...set, gone: current.gone && set.enabled !== true }),
  });
}

/** A new secret; the one before signs too for a day. `secret` is chosen by the caller. */
export async function rotateSecret(
  deps: Deps,
  principal: Principal,
  { id, secret }: { id: string; secret: string },
): Promise<Webhook> {
  const sealed = sealSecret(deps.keys, id, secret);
  return rewrite(deps, () => findWebhook(deps, principal, id), {
    act: { by: actorOf(principal), action: 'webhook-secret' },
    change: (current) => ({
      ...current,
      secret: sealed,
      previous: { secret: current.secret, until: deps.clock.now() + ROTATION_MS },
    }),
  });
}

/** Takes it away, and what waits for it. Throws `not-found`. */
export async function removeWebhook(deps: Deps, principal: Principal, id: string): Promise<void> {
  const webhook = await findWebhook(deps, principal, id);
  const act = webhookEntry(deps, webhook, { by: actorOf(principal), action: 'webhook-deleted' });
  if (!(await deps.webhooks.remove(id, { act }))) throw new AppError('not-found');
  while (await deps.outbox.clear(id));
}

/** It answered 410: it wants no more. Nothing happens where it is gone or disabled already. */
export async function disableGone(deps: Deps, id: string): Promise<void> {
  for (;;) {
    const current = await deps.webhooks.find(id);
    if (!current?.enabled) return;
    const now = deps.clock.now();
    const next = { ...current, enabled: false, gone: true, updatedAt: now, version: current.version + 1 };
    const act = webhookEntry(deps, next, { by: SERVICE, action: 'webhook-disabled' });
    if (await deps.webhooks.replace(next, current.version, { act })) return;
  }
}
