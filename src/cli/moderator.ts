import { parseEmail } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { parseBody } from '../http/fields.ts';
import { newModerator } from '../http/schemas/staff.ts';
import { emailKeyOf } from '../staff/address.ts';
import { createLinkSecret, linkUrl } from '../staff/links.ts';
import type { AccountLink, Moderator } from '../staff/moderator.ts';
import { presentModerator } from '../staff/moderator-view.ts';
import {
  createModerator,
  findModerator,
  issueLink,
  listModerators,
  removeModerator,
  updateModerator,
} from '../staff/moderators.ts';
import { OPERATOR } from '../staff/principal.ts';
import type { Command, Given, Outcome } from './command.ts';
import { everyItem, listOf, optionOf, table } from './command.ts';

/** The account that is meant: by its id, or by its address. Throws `not-found`. */
async function meant(deps: Deps, { subject }: Given): Promise<Moderator> {
  const email = parseEmail(subject);
  if (!email) return findModerator(deps, OPERATOR, subject);
  const found = await deps.staff.findModeratorByEmail(emailKeyOf(deps.keys, email));
  if (!found) throw new AppError('not-found');
  return found;
}

function row(deps: Deps, moderator: Moderator): string[] {
  const { id, name, email, role, sites, state, lastSeenAt } = presentModerator(deps, moderator);
  return [id, name, email, role, sites.join(','), state, `seen ${lastSeenAt ?? 'never'}`];
}

const told = (deps: Deps, moderator: Moderator): Outcome => ({
  json: presentModerator(deps, moderator),
  text: table([row(deps, moderator)]),
});

const setState =
  (state: 'active' | 'disabled'): Command['run'] =>
  async (deps, given) => {
    const { id } = await meant(deps, given);
    return told(deps, await updateModerator(deps, OPERATOR, { id, patch: { state } }));
  };

const giveLink =
  (kind: AccountLink['kind'], member: 'inviteUrl' | 'resetUrl'): Command['run'] =>
  async (deps, given) => {
    const { id } = await meant(deps, given);
    const secret = createLinkSecret();
    const issued = await issueLink(deps, OPERATOR, { id, kind, secret });
    const url = linkUrl(deps.publicUrl, kind, secret);
    return { json: { ...presentModerator(deps, issued), [member]: url }, text: url };
  };

const WHO = 'WHO';

export const MODERATOR_COMMANDS: readonly Command[] = [
  {
    name: 'list',
    subject: null,
    options: {},
    optionsHelp: [],
    about: 'Lists the accounts, newest first.',
    async run(deps) {
      const all = await everyItem((page) => listModerators(deps, OPERATOR, page));
      return {
        json: all.map((one) => presentModerator(deps, one)),
        text: table(all.map((one) => row(deps, one))),
      };
    },
  },
  {
    name: 'create',
    mayBeFirst: true,
    subject: null,
    options: {
      name: { type: 'string' },
      email: { type: 'string' },
      role: { type: 'string' },
      sites: { type: 'string' },
    },
    optionsHelp: [
      '--name TEXT',
      '--email ADDRESS',
      '--role ROLE         moderator (where not given) or admin',
      '--sites LIST        ids with commas, or * for all (where not given)',
    ],
    about: 'Makes an account and prints the link that invites its owner: good once, for 72 hours.',
    async run(deps, given) {
      const { password: _, ...input } = parseBody(newModerator, {
        name: optionOf(given, 'name'),
        email: optionOf(given, 'email'),
        role: optionOf(given, 'role') ?? 'moderator',
        sites: listOf(given, 'sites') ?? ['*'],
      });
      const [id, linkSecret] = [deps.ids.next(deps.clock.now()), createLinkSecret()];
      const made = await createModerator(deps, OPERATOR, { ...input, password: null, id, linkSecret });
      const inviteUrl = linkUrl(deps.publicUrl, 'invitation', linkSecret);
      return { json: { ...presentModerator(deps, made), inviteUrl }, text: inviteUrl };
    },
  },
  {
    name: 'invite',
    subject: WHO,
    options: {},
    optionsHelp: [],
    about: 'Prints a new link for an account without a password; the earlier one is void.',
    run: giveLink('invitation', 'inviteUrl'),
  },
  {
    name: 'disable',
    subject: WHO,
    options: {},
    optionsHelp: [],
    about: 'Shuts an account; its sessions end at once.',
    question: ({ subject }) => `Disable ${subject} and end all their sessions?`,
    run: setState('disabled'),
  },
  {
    name: 'enable',
    subject: WHO,
    options: {},
    optionsHelp: [],
    about: 'Opens a disabled account again.',
    run: setState('active'),
  },
  {
    name: 'reset',
    subject: WHO,
    options: {},
    optionsHelp: [],
    about:
      'Prints a link by which a new password is set: good once, for 72 hours. Using it ends TOTP and all sessions.',
    run: giveLink('reset', 'resetUrl'),
  },
  {
    name: 'delete',
    subject: WHO,
    options: {},
    optionsHelp: [],
    about: 'Takes an account away. What it decided stays, under its name.',
    question: ({ subject }) => `Take the account of ${subject} away?`,
    async run(deps, given) {
      const { id } = await meant(deps, given);
      await removeModerator(deps, OPERATOR, id);
      return { json: { id, deleted: true }, text: `Took ${id} away.` };
    },
  },
];
