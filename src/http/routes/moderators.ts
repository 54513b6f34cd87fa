import * as z from 'zod';
import { timestamp } from '../../comments/present.ts';
import { hashToken } from '../../keys.ts';
import { createLinkSecret, linkUrl } from '../../staff/links.ts';
import type { AccountLink, Moderator } from '../../staff/moderator.ts';
import { presentModerator } from '../../staff/moderator-view.ts';
import {
  createModerator,
  findModerator,
  issueLink,
  listModerators,
  removeModerator,
  updateModerator,
} from '../../staff/moderators.ts';
import { parseBody } from '../fields.ts';
import type { Reply } from '../reply.ts';
import { created, json, noContent } from '../reply.ts';
import type { App, Context, IdempotentOperation, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { invitation, moderator, moderatorPatch, newModerator, reset } from '../schemas/staff.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), secret: z.string() });

const idOf = ({ params }: Context): string => params.moderator ?? '';

function madeReply({ deps }: App, made: Moderator, secret: string): Reply {
  const view = presentModerator(deps, made);
  const isInvited = made.link?.hash === hashToken(secret);
  const link = isInvited ? { inviteUrl: linkUrl(deps.publicUrl, 'invitation', secret) } : {};
  return created(`/v1/admin/moderators/${made.id}`, { ...view, ...link });
}

export const postModerator: Operation = {
  name: 'createModerator',
  summary:
    'Makes an account. Without a password the answer carries an `inviteUrl`, good once and for 72 hours.',
  body: newModerator,
  answers: { 201: moderator.extend({ inviteUrl: z.string().optional() }) },
  problems: ['already-exists'],
  async prepare(context, app) {
    const { password = null, ...given } = parseBody(newModerator, context.body);
    const plan = { id: app.deps.ids.next(app.deps.clock.now()), secret: createLinkSecret() };
    return {
      plan,
      async run() {
        const account = { ...given, password, id: plan.id, linkSecret: plan.secret };
        return madeReply(app, await createModerator(app.deps, principalOf(context), account), plan.secret);
      },
    };
  },
  async recover(_context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const made = await app.deps.staff.findModerator(id);
    return made && madeReply(app, made, secret);
  },
};

export const listAdminModerators: Operation = {
  name: 'listModerators',
  summary: 'Accounts whose sites the caller has all, newest first.',
  query: listParameters,
  answers: { 200: listAnswer(moderator) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['moderators']);
    const found = await listModerators(deps, principalOf(context), { before, limit: limit + 1 });
    const present = (item: Moderator) => presentModerator(deps, item);
    return json(200, slice(found, { limit, bound, keys: deps.keys, present }));
  },
};

export const getModerator: Operation = {
  name: 'getModerator',
  summary: 'One account.',
  answers: { 200: moderator },
  async handle(context, { deps }) {
    return json(200, presentModerator(deps, await findModerator(deps, principalOf(context), idOf(context))));
  },
};

export const patchModerator: Operation = {
  name: 'updateModerator',
  summary:
    'RFC 7396: absent keeps; with a `version` that no longer stands, 409. Disabling ends all sessions; the last active admin stays, as does the last of all sites (409 with `reason: "last-admin"`).',
  body: moderatorPatch,
  answers: { 200: moderator },
  problems: ['conflict', 'already-exists'],
  async handle(context, { deps }) {
    const patch = parseBody(moderatorPatch, context.body);
    const changed = await updateModerator(deps, principalOf(context), { id: idOf(context), patch });
    return json(200, presentModerator(deps, changed));
  },
};

export const deleteModerator: Operation = {
  name: 'deleteModerator',
  summary:
    'Takes an account away, with its sessions. The last active admin stays, as does the last of all sites (409).',
  answers: { 204: 'Taken away.' },
  problems: ['conflict'],
  async handle(context, { deps }) {
    await removeModerator(deps, principalOf(context), idOf(context));
    return noContent();
  },
};

interface LinkOperation {
  name: string;
  summary: string;
  kind: AccountLink['kind'];
  answer: z.ZodType;
  /** The member of the answer that carries the link. */
  member: 'inviteUrl' | 'resetUrl';
}

/** A POST that gives a new link for an account. The earlier one is void from then on. */
function linkOperation({ name, summary, kind, answer, member }: LinkOperation): IdempotentOperation {
  const reply = ({ deps }: App, { link }: Moderator, secret: string): Reply =>
    json(200, {
      [member]: linkUrl(deps.publicUrl, kind, secret),
      expiresAt: timestamp(link?.expiresAt ?? deps.clock.now()),
    });
  return {
    name,
    summary,
    answers: { 200: answer },
    problems: ['conflict'],
    async prepare(context, app) {
      const [id, secret, principal] = [idOf(context), createLinkSecret(), principalOf(context)];
      await findModerator(app.deps, principal, id);
      return {
        plan: { id, secret },
        run: async () => reply(app, await issueLink(app.deps, principal, { id, kind, secret }), secret),
      };
    },
    async recover(_context, app, plan) {
      const { id, secret } = planned.parse(plan);
      const issued = await app.deps.staff.findModerator(id);
      // Used or replaced meanwhile, it is as if it had never been given: a new one is more use.
      return issued?.link?.hash === hashToken(secret) ? reply(app, issued, secret) : null;
    },
  };
}

export const postInvite = linkOperation({
  name: 'inviteModerator',
  summary: 'A new link for an account that has no password yet, good once and for 72 hours.',
  kind: 'invitation',
  answer: invitation,
  member: 'inviteUrl',
});

export const postModeratorReset = linkOperation({
  name: 'giveReset',
  summary:
    'A link by which an active account sets a new password, good once and for 72 hours. Using it ends the second factor and all sessions.',
  kind: 'reset',
  answer: reset,
  member: 'resetUrl',
});
