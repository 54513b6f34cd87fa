import { validationFailed } from '../errors.ts';
import { parseBody } from '../http/fields.ts';
import { moment } from '../http/schemas/inputs.ts';
import { eraseRequest, exportRequest } from '../http/schemas/privacy.ts';
import { erasePerson } from '../moving/erase-person.ts';
import type { ErasureRecord } from '../moving/erasure-journal.ts';
import { exportPerson } from '../moving/export-person.ts';
import { repeatErasures } from '../moving/repeat-erasures.ts';
import { OPERATOR } from '../staff/principal.ts';
import type { Command } from './command.ts';
import { optionOf } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { assertReadable, UnfitFile } from './files.ts';

/** Reads the journal of another folder: of an instance beside this one, or a copy that was kept with a backup. */
export type ReadErasures = (file: string) => AsyncIterable<ErasureRecord>;

const SITE = { site: { type: 'string' } } as const;
const SITE_HELP = '--site SITE         where not given, every site';

function sinceOf(given: string | undefined): number {
  if (given === undefined) return 0;
  const parsed = moment.safeParse(given);
  if (!parsed.success) throw validationFailed([{ pointer: '/since', code: 'invalid' }]);
  return parsed.data;
}

/** The records, and how many there were. */
function counting(from: AsyncIterable<ErasureRecord>) {
  let count = 0;
  async function* records(): AsyncGenerator<ErasureRecord> {
    for await (const record of from) {
      count += 1;
      yield record;
    }
  }
  return { records: records(), count: () => count };
}

export const privacyCommands = (readErasures: ReadErasures): readonly Command[] => [
  {
    name: 'export',
    subject: 'EMAIL',
    options: SITE,
    optionsHelp: [SITE_HELP],
    about: 'Prints all that is kept of a person as JSON, with their address.',
    async run(deps, given) {
      const request = parseBody(exportRequest, { email: given.subject, site: optionOf(given, 'site') });
      const found = await exportPerson(deps, OPERATOR, { ...request, site: request.site ?? undefined });
      return { json: found, text: JSON.stringify(found, null, 2) };
    },
  },
  {
    name: 'erase',
    subject: 'EMAIL',
    options: { ...SITE, mode: { type: 'string' } },
    optionsHelp: [SITE_HELP, '--mode MODE         delete, or anonymise: the texts stay as nobody’s'],
    about: 'Takes a person out of everything that is kept.',
    question: ({ subject }) => `Erase ${subject} for good?`,
    async run(deps, given) {
      const input = { email: given.subject, site: optionOf(given, 'site'), mode: optionOf(given, 'mode') };
      const request = parseBody(eraseRequest, input);
      const erased = await erasePerson(deps, OPERATOR, { ...request, site: request.site ?? undefined });
      const { comments, deliveries, subscriptions } = erased;
      const text = `${comments} comments, ${deliveries} waiting deliveries, ${subscriptions} subscriptions`;
      return { json: erased, text };
    },
  },
  {
    name: 'replay',
    subject: null,
    options: { file: { type: 'string' }, since: { type: 'string' } },
    optionsHelp: [
      '--file FILE         where not given, erasures.jsonl in DATA_DIR',
      '--since MOMENT      RFC 3339; where not given, all that were ever recorded',
    ],
    about: 'Erases once more what was erased before, after an older state of the data was put back.',
    async run(deps, given) {
      const file = optionOf(given, 'file');
      if (file !== undefined) await assertReadable(file);
      const counted = counting(file === undefined ? deps.erasures.records() : readErasures(file));
      const since = sinceOf(optionOf(given, 'since'));
      const repeated = await repeatErasures(deps, { records: counted.records, since });
      // On a new machine the file is easily left behind: then nobody was erased once more.
      if (counted.count() === 0)
        throw new UnfitFile(
          `${file ?? 'erasures.jsonl in DATA_DIR'} is not there, or records no erasure: put the copy back that was kept with the backup`,
          EXIT.unknown,
        );
      const { erasures, comments } = repeated;
      return { json: repeated, text: `${erasures} erasures found something: ${comments} comments` };
    },
  },
];
