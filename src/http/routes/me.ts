import { AppError } from '../../errors.ts';
import { beginTotp, disableTotp, enableTotp, showMe, updateMe } from '../../staff/me.ts';
import { parseBody } from '../fields.ts';
import { json, noContent } from '../reply.ts';
import type { Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { me, mePatch, passwordProof, totpCode, totpOffer } from '../schemas/staff.ts';

/** A token has no account that it could change. Said before the body is read, as every 403 of a role is. */
export function needsAccount(context: Context): void {
  if (principalOf(context).kind !== 'moderator') throw new AppError('forbidden');
}

export const getMe: Operation = {
  name: 'getMe',
  summary: 'Who calls: a moderator with their own address, a token, or root.',
  answers: { 200: me },
  async handle(context, { deps }) {
    return json(200, await showMe(deps, principalOf(context)));
  },
};

export const patchMe: Operation = {
  name: 'updateMe',
  summary:
    "Changes one's own name, locale, notices by mail and password. A new password ends the account's other sessions.",
  body: mePatch,
  answers: { 200: me },
  problems: ['forbidden', 'conflict'],
  guard: needsAccount,
  async handle(context, { deps }) {
    const patch = parseBody(mePatch, context.body);
    const { countLogin } = context;
    return json(200, await updateMe(deps, principalOf(context), { patch, countLogin }));
  },
};

export const postTotp: Operation = {
  name: 'beginTotp',
  summary: 'A secret for an authenticator (RFC 6238: SHA-1, 6 digits, 30 s), in place of one offered before.',
  answers: { 200: totpOffer },
  problems: ['forbidden', 'conflict'],
  guard: needsAccount,
  async handle(context, { deps }) {
    return json(200, await beginTotp(deps, principalOf(context)));
  },
};

export const putTotp: Operation = {
  name: 'enableTotp',
  summary: 'Switches the offered secret on by its first code; from now on a log-in asks for one.',
  body: totpCode,
  answers: { 200: me },
  problems: ['forbidden', 'conflict'],
  guard: needsAccount,
  async handle(context, { deps }) {
    const { code } = parseBody(totpCode, context.body);
    return json(200, await enableTotp(deps, principalOf(context), code));
  },
};

export const deleteTotp: Operation = {
  name: 'disableTotp',
  summary: 'Switches the second factor off by the password.',
  body: passwordProof,
  answers: { 204: 'Off.' },
  problems: ['forbidden', 'conflict'],
  guard: needsAccount,
  async handle(context, { deps }) {
    const { password } = parseBody(passwordProof, context.body);
    const { countLogin } = context;
    await disableTotp(deps, principalOf(context), { password, countLogin });
    return noContent();
  },
};
