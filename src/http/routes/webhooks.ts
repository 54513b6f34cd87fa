import * as z from 'zod';
import { timestamp } from '../../comments/present.ts';
import { presentWebhooks } from '../../webhooks/deliveries.ts';
import { openSecret } from '../../webhooks/secrets.ts';
import { newWebhookSecret } from '../../webhooks/signature.ts';
import type { Webhook } from '../../webhooks/webhook.ts';
import {
  createWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  updateWebhook,
  wrongTargets,
} from '../../webhooks/webhooks.ts';
import { parseBodyOrLookUp } from '../fields.ts';
import { created, json, noContent, type Reply } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { newWebhook, webhook, webhookPatch, webhookSecret } from '../schemas/webhook.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), secret: z.string() });

const idOf = ({ params }: Context): string => params.webhook ?? '';

async function view({ deps }: App, one: Webhook): Promise<object> {
  const [presented = {}] = await presentWebhooks(deps, [one]);
  return presented;
}

async function madeReply(app: App, made: Webhook, secret: string): Promise<Reply> {
  return created(`/v1/admin/webhooks/${made.id}`, { ...(await view(app, made)), secret });
}

export const postWebhook: Operation = {
  name: 'createWebhook',
  summary: 'Makes a subscriber; its secret is shown in this answer and never again.',
  body: newWebhook,
  answers: { 201: webhook.extend({ secret: z.string() }) },
  async prepare(context, app) {
    const {
      url,
      events,
      site = null,
      enabled,
    } = await parseBodyOrLookUp(newWebhook, context.body, (given) =>
      wrongTargets(app.deps, principalOf(context), given),
    );
    const plan = { id: app.deps.ids.next(app.deps.clock.now()), secret: newWebhookSecret() };
    return {
      plan,
      async run() {
        const values = { url, events, site, enabled: enabled ?? true };
        const made = await createWebhook(app.deps, principalOf(context), { ...values, ...plan });
        return madeReply(app, made, plan.secret);
      },
    };
  },
  async recover(_context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const made = await app.deps.webhooks.find(id);
    return made && madeReply(app, made, secret);
  },
};

export const listAdminWebhooks: Operation = {
  name: 'listWebhooks',
  summary: 'Subscribers within the caller’s scope, newest first, with how they fare.',
  query: listParameters,
  answers: { 200: listAnswer(webhook) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['webhooks']);
    const found = await listWebhooks(deps, principalOf(context), { before, limit: limit + 1 });
    const views = await presentWebhooks(deps, found.items);
    const present = (item: Webhook): object => views[found.items.indexOf(item)] ?? {};
    return json(200, slice(found, { limit, bound, keys: deps.keys, present }));
  },
};

export const getWebhook: Operation = {
  name: 'getWebhook',
  summary: 'One subscriber, without its secret.',
  answers: { 200: webhook },
  async handle(context, app) {
    return json(200, await view(app, await findWebhook(app.deps, principalOf(context), idOf(context))));
  },
};

export const patchWebhook: Operation = {
  name: 'updateWebhook',
  summary:
    'RFC 7396: absent keeps, null gives the default back; with a `version` that no longer stands, 409.',
  body: webhookPatch,
  answers: { 200: webhook },
  problems: ['conflict'],
  async handle(context, app) {
    const patch = await parseBodyOrLookUp(webhookPatch, context.body, (given) =>
      wrongTargets(app.deps, principalOf(context), given),
    );
    const changed = await updateWebhook(app.deps, principalOf(context), { id: idOf(context), patch });
    return json(200, await view(app, changed));
  },
};

export const deleteWebhook: Operation = {
  name: 'deleteWebhook',
  summary: 'Takes a subscriber away, with its deliveries.',
  answers: { 204: 'Taken away.' },
  async handle(context, { deps }) {
    await removeWebhook(deps, principalOf(context), idOf(context));
    return noContent();
  },
};

function rotatedReply({ previous }: Webhook, secret: string): Reply {
  return json(200, { secret, previousSecretUntil: timestamp(previous?.until ?? 0) });
}

export const postWebhookSecret: Operation = {
  name: 'rotateWebhookSecret',
  summary: 'A new secret; for 24 hours the one before signs too.',
  answers: { 200: webhookSecret },
  async prepare(context, { deps }) {
    const [id, secret, principal] = [idOf(context), newWebhookSecret(), principalOf(context)];
    await findWebhook(deps, principal, id);
    return {
      plan: { id, secret },
      run: async () => rotatedReply(await rotateSecret(deps, principal, { id, secret }), secret),
    };
  },
  async recover(_context, { deps }, plan) {
    const { id, secret } = planned.parse(plan);
    const rotated = await deps.webhooks.find(id);
    // Replaced meanwhile, it is of no use: a new one is.
    const isCurrent = rotated !== null && openSecret(deps.keys, id, rotated.secret) === secret;
    return isCurrent ? rotatedReply(rotated, secret) : null;
  },
};
