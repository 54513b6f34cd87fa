import { validationFailed } from '../errors.ts';
import { parseBody } from '../http/fields.ts';
import { newSite, sitePatch } from '../http/schemas/site.ts';
import { createSite, findSite, presentSite, removeSite } from '../sites/manage.ts';
import { changeSite } from '../sites/respell-pages.ts';
import type { Site } from '../sites/site.ts';
import { actorOf, OPERATOR } from '../staff/principal.ts';
import type { Command, Given, Outcome } from './command.ts';
import { everyItem, listOf, optionOf, table } from './command.ts';

const BY = actorOf(OPERATOR);

const OPTIONS = {
  name: { type: 'string' },
  origin: { type: 'string', multiple: true },
  locale: { type: 'string' },
  'time-zone': { type: 'string' },
  policy: { type: 'string' },
} as const;

const OPTIONS_HELP = [
  '--name TEXT',
  '--origin ORIGIN     scheme://host[:port]; may be repeated',
  '--locale TAG        BCP 47, such as fa or en-GB',
  '--time-zone NAME    IANA, such as Asia/Tehran',
  '--policy JSON       members to change, as in PATCH; null gives a default back',
];

function policyOf(given: Given): unknown {
  const text = optionOf(given, 'policy');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // SyntaxError: no JSON.
    throw validationFailed([{ pointer: '/policy', code: 'invalid' }]);
  }
}

const membersOf = (given: Given) => ({
  name: optionOf(given, 'name'),
  origins: listOf(given, 'origin'),
  locale: optionOf(given, 'locale'),
  timeZone: optionOf(given, 'time-zone'),
  policy: policyOf(given),
});

const row = ({ id, name, locale, origins }: Site): string[] => [id, name, locale, origins.join(', ')];

function told(site: Site): Outcome {
  const json = presentSite(site);
  return { json, text: JSON.stringify(json, null, 2) };
}

export const SITE_COMMANDS: readonly Command[] = [
  {
    name: 'list',
    subject: null,
    options: {},
    optionsHelp: [],
    about: 'Lists the sites, newest first.',
    async run({ sites }) {
      const all = await everyItem((page) => sites.list({ scope: null, ...page }));
      return { json: all.map(presentSite), text: table(all.map(row)) };
    },
  },
  {
    name: 'show',
    subject: 'SITE',
    options: {},
    optionsHelp: [],
    about: 'Shows a site with its whole policy.',
    run: async (deps, { subject }) => told(await findSite(deps, subject)),
  },
  {
    name: 'create',
    mayBeFirst: true,
    subject: 'SITE',
    options: OPTIONS,
    optionsHelp: OPTIONS_HELP,
    about: 'Makes a site; --name and --origin are needed.',
    async run(deps, given) {
      const input = parseBody(newSite, { id: given.subject, ...membersOf(given) });
      const { locale = 'en', timeZone = 'UTC', ...rest } = input;
      return told(await createSite(deps, { ...rest, locale, timeZone }, { by: BY }));
    },
  },
  {
    name: 'set',
    subject: 'SITE',
    options: OPTIONS,
    optionsHelp: OPTIONS_HELP,
    about: 'Changes what is given; everything else stays.',
    run: async (deps, given) =>
      told(await changeSite(deps, given.subject, parseBody(sitePatch, membersOf(given)), BY)),
  },
  {
    name: 'delete',
    subject: 'SITE',
    options: {},
    optionsHelp: [],
    about: 'Removes a site with all its comments. There is no way back.',
    question: ({ subject }) => `Remove the site ${subject} with all its comments?`,
    async run(deps, { subject }) {
      await removeSite(deps, subject, BY);
      return { json: { id: subject, deleted: true }, text: `Removed ${subject}.` };
    },
  },
];
