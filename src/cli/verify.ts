import { parseArgs } from 'node:util';
import type { Difference } from '../comments/difference.ts';
import { EXIT } from './exit-codes.ts';
import { fail } from './run-command.ts';

/** The data, opened for nothing else. */
export interface Verifiable {
  verify(options: { repair: boolean }): AsyncIterable<Difference>;
  close(): Promise<void>;
}

export const VERIFY_ABOUT = 'count everything anew and say what differs; --repair mends it';

const USAGE = `gatehouse verify [--repair] [--json]

Counts everything anew from the comments themselves and says what does not equal what is kept: counters of
sites, pages and authors, reply counts, visibility, open reports, what else the store keeps for its lists, the
numbers of statistics, the directories of authors and pages, the lists of phases and reasons, and the words and
keys that searches and near copies are found by.
On SQLite no service may have the data folder open; on MongoDB it runs beside the service, and what is under
way is no difference.

  --repair  mend what is found
  --json    print JSON
  --help    print this

Ends with 0 where all is well, and with 1 where something differs, mended or not.
`;

const say = (text: string): void => void process.stdout.write(text);

const lineOf = ({ what, where, kept, due, repaired }: Difference): string =>
  `${what} ${where}: ${kept}, but should be ${due}${repaired ? '; mended' : ''}\n`;

function summaryOf(count: number, repair: boolean): string {
  if (count === 0) return 'Everything is as the comments say.\n';
  const what = count === 1 ? '1 difference' : `${count} differences`;
  return repair ? `${what}, mended.\n` : `${what}. --repair mends what is found.\n`;
}

/** Prints each difference as it is found; how many there were. */
async function print(found: AsyncIterable<Difference>, isJson: boolean): Promise<number> {
  let count = 0;
  if (isJson) say('{"differences":[');
  for await (const difference of found) {
    if (isJson) say(`${count === 0 ? '' : ','}${JSON.stringify(difference)}`);
    else say(lineOf(difference));
    count += 1;
  }
  if (isJson) say(`],"count":${count}}\n`);
  return count;
}

/** Runs `gatehouse verify {args}`; resolves to the exit code. Never rejects for what an operator can mend. */
export async function runVerify(args: string[], open: () => Promise<Verifiable>): Promise<number> {
  let values: { repair?: boolean; json?: boolean; help?: boolean };
  try {
    const options = {
      repair: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return EXIT.usage;
  }
  if (values.help) {
    say(USAGE);
    return EXIT.done;
  }
  const { repair = false, json = false } = values;
  try {
    const data = await open();
    try {
      const count = await print(data.verify({ repair }), json);
      if (!json) say(summaryOf(count, repair));
      return count === 0 ? EXIT.done : EXIT.differs;
    } finally {
      await data.close();
    }
  } catch (error) {
    return fail(error);
  }
}
