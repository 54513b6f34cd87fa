import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT } from './exit-codes.ts';
import { assertNew, assertReadable, leavingNothing } from './files.ts';
import { fail } from './run-command.ts';

export const BACKUP_ABOUT = 'FILE: copy the data of a running service (SQLite)';
export const RESTORE_ABOUT = 'FILE --yes: put a backup in the place of the data (SQLite)';

const USAGES = {
  backup: `gatehouse backup FILE

Copies the data in DATA_DIR into a new file, while the service runs or not: all that was acknowledged when the
copy began, and nothing half. The copy is checked before it gets its name. Keep it apart from the secret, which
it does not hold and is of no use without.

  --help  print this
`,
  restore: `gatehouse restore FILE --yes

Puts a backup in the place of the data in DATA_DIR. The backup is looked at first: a damaged one, one of a newer
release, and one that was sealed under another secret than GATEHOUSE_SECRET (or the file "secret") are refused
before anything is touched. The service must be stopped. The data of before stays as gatehouse.db.before-restore.
What was erased since the backup is in it again: run gatehouse privacy replay.

  --yes   needed, because what happened since the backup is gone
  --help  print this
`,
} as const;

const say = (text: string): void => void process.stdout.write(text);

/** Runs `gatehouse backup FILE` or `gatehouse restore FILE`; resolves to the exit code. */
export async function runBackup(
  name: keyof typeof USAGES,
  args: string[],
  work: (file: string) => Promise<void>,
): Promise<number> {
  const usage = USAGES[name];
  const misuse = (what: string): number => {
    process.stderr.write(`${what}\n\n${usage}`);
    return EXIT.usage;
  };
  let file: string | undefined;
  try {
    const options = { yes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    if (values.help) {
      say(usage);
      return EXIT.done;
    }
    if (positionals.length !== 1) return misuse('FILE is needed, once');
    if (name === 'restore' && !values.yes) return misuse('--yes is needed');
    [file] = positionals;
    // Elsewhere it stands for a pipe; here it would be a file of that name, and the pipe stay empty.
    if (file === '-') return misuse('FILE has to be a file: for one of that name, ./-');
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
  try {
    const path = resolve(file ?? '');
    await (name === 'backup' ? assertNew(path, 'a backup') : assertReadable(path));
    await (name === 'backup' ? leavingNothing(path, () => work(path)) : work(path));
    say(`${file}\n`);
    return EXIT.done;
  } catch (error) {
    return fail(error);
  }
}
