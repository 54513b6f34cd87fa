import { validationFailed } from '../errors.ts';
import { parseBody } from '../http/fields.ts';
import { newToken } from '../http/schemas/staff.ts';
import { OPERATOR } from '../staff/principal.ts';
import type { TokenView } from '../staff/tokens.ts';
import { createTokenSecret, grantToken, listTokens, removeToken } from '../staff/tokens.ts';
import type { Command } from './command.ts';
import { everyItem, listOf, optionOf, table } from './command.ts';

const row = ({ id, name, role, sites, hint, expiresAt, lastUsedAt }: TokenView): string[] => [
  id,
  name,
  role,
  sites.join(','),
  `…${hint}`,
  `expires ${expiresAt ?? 'never'}`,
  `used ${lastUsedAt ?? 'never'}`,
];

export const TOKEN_COMMANDS: readonly Command[] = [
  {
    name: 'list',
    subject: null,
    options: {},
    optionsHelp: [],
    about: 'Lists the bearer tokens, newest first, without their secrets.',
    async run(deps) {
      const all = await everyItem((page) => listTokens(deps, OPERATOR, page));
      return { json: all, text: table(all.map(row)) };
    },
  },
  {
    name: 'create',
    mayBeFirst: true,
    subject: null,
    options: {
      name: { type: 'string' },
      role: { type: 'string' },
      sites: { type: 'string' },
      expires: { type: 'string' },
    },
    optionsHelp: [
      '--name TEXT',
      '--role ROLE         moderator (where not given) or admin',
      '--sites LIST        ids with commas, or * for all (where not given)',
      '--expires MOMENT    RFC 3339; where not given, never',
    ],
    about: 'Makes a bearer token and shows it, this once.',
    async run(deps, given) {
      const { expiresAt = null, ...rest } = parseBody(newToken, {
        name: optionOf(given, 'name'),
        role: optionOf(given, 'role') ?? 'moderator',
        sites: listOf(given, 'sites') ?? ['*'],
        expiresAt: optionOf(given, 'expires'),
      });
      const now = deps.clock.now();
      if (expiresAt !== null && expiresAt <= now)
        throw validationFailed([{ pointer: '/expiresAt', code: 'out-of-range' }]);
      const secret = createTokenSecret();
      const made = await grantToken(deps, OPERATOR, { ...rest, expiresAt, id: deps.ids.next(now), secret });
      return { json: { ...made, token: secret }, text: secret };
    },
  },
  {
    name: 'delete',
    subject: 'TOKEN',
    options: {},
    optionsHelp: [],
    about: 'Takes a token away, by its id; from then on it opens nothing.',
    question: ({ subject }) => `Take the token ${subject} away?`,
    async run(deps, { subject }) {
      await removeToken(deps, OPERATOR, subject);
      return { json: { id: subject, deleted: true }, text: `Took ${subject} away.` };
    },
  },
];
