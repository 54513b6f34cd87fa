import * as z from 'zod';
import { parseEmail } from '../../authors/email.ts';
import { NOTICES } from '../../sites/policy.ts';
import { MODERATOR_STATES } from '../../staff/moderator.ts';
import { passwordErrors } from '../../staff/passwords.ts';
import { ROLES } from '../../staff/token.ts';
import { isBlank } from '../../text/normalize.ts';
import { timestamp } from './comment.ts';
import { absentOr, line, moment } from './inputs.ts';
import { locale, siteId } from './site.ts';

const NAME_LIMIT = 100;
const MOST_SITES = 1000;

/** Sites by id, or all of them. */
export const scope = z
  .array(z.union([siteId, z.literal('*')]))
  .min(1)
  .max(MOST_SITES);

const email = z
  .string()
  .meta({ format: 'email', maxLength: 254 })
  .transform((text, context) => {
    const parsed = parseEmail(text);
    if (parsed) return parsed;
    const code = isBlank(text) ? 'required' : 'invalid-email';
    context.issues.push({ code: 'custom', input: text, params: { code } });
    return z.NEVER;
  });

const newPassword = z
  .string()
  .meta({ minLength: 12, maxLength: 200 })
  .transform((text, context) => {
    const [wrong] = passwordErrors(text, '');
    if (wrong) {
      const { code, params } = wrong;
      context.issues.push({ code: 'custom', input: text, params: { code, ...params } });
    }
    return text;
  });

/** A secret that its owner types: whatever it is, it is right or wrong. */
const secret = z.string().min(1);
/** Names stand in histories, where no address may: one that holds an address is no name. */
export const personName = line(NAME_LIMIT).refine(
  (text) => !text.split(/[\s<>()]/).some((part) => parseEmail(part) !== null),
);

export const newToken = z.object({
  name: personName,
  role: z.enum(ROLES),
  sites: scope,
  expiresAt: moment.nullish(),
});

export const newModerator = z.object({
  name: personName,
  email,
  role: z.enum(ROLES),
  sites: scope,
  password: newPassword.nullish().meta({ description: 'Without one the account is invited by a link' }),
});

export const moderatorPatch = z.object({
  name: personName.optional(),
  email: email.optional(),
  role: z.enum(ROLES).optional(),
  sites: scope.optional(),
  state: z
    .enum(MODERATOR_STATES)
    .optional()
    .meta({ description: '`disabled` ends all sessions; either of the others enables it again' }),
  version: absentOr(z.int().min(1)),
});

export const moderator = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    sites: z.array(z.string()),
    state: z.enum(MODERATOR_STATES),
    totp: z.boolean().meta({ description: 'Whether a log-in asks for a code' }),
    createdAt: timestamp,
    lastSeenAt: timestamp.nullable(),
    version: z.int().min(1),
  })
  .meta({ id: 'Moderator' });

const linkParts = {
  expiresAt: timestamp.meta({ description: 'When the link ends; it works once' }),
};
export const invitation = z.object({ inviteUrl: z.string(), ...linkParts });
export const reset = z.object({ resetUrl: z.string(), ...linkParts });

const notices = z
  .enum(NOTICES)
  .nullable()
  .meta({ description: 'Mail about what waits, on sites that send any; null: as each site says' });

export const me = z
  .object({
    id: z.string(),
    kind: z.enum(['moderator', 'token', 'root']),
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(ROLES),
    sites: z.array(z.string()),
    locale: z.string().nullable(),
    notices,
    expiresAt: timestamp.nullable(),
    totp: z.boolean(),
  })
  .meta({ id: 'Me' });

export const mePatch = z.object({
  name: personName.optional(),
  locale: locale.nullable().optional(),
  notices: notices.optional(),
  password: z.object({ current: secret, next: newPassword }).optional(),
});

export const credentials = z.object({ email, password: secret, totp: z.string().nullish() });
export const setupInput = z.object({ token: secret, name: personName, email, password: newPassword });
export const linkInput = z.object({ token: secret, password: newPassword });
export const resetInput = linkInput.extend({
  totp: z
    .string()
    .nullish()
    .meta({ description: 'Where the link came by mail and the account has a second factor' }),
});
export const resetMailInput = z.object({ email });
export const signedIn = z.object({ me, expiresAt: timestamp });

export const totpOffer = z.object({
  secret: z.string().meta({ description: 'Base 32' }),
  otpauthUrl: z.string().meta({ description: 'For a QR code' }),
});
export const totpCode = z.object({ code: secret });
export const passwordProof = z.object({ password: secret });
