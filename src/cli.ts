import { BACKUP_ABOUT, RESTORE_ABOUT, runBackup } from './cli/backup.ts';
import { EXIT } from './cli/exit-codes.ts';
import { EXPORT_ABOUT, runExport } from './cli/export.ts';
import { IMPORT_ABOUT, runImport } from './cli/import.ts';
import { MODERATOR_COMMANDS } from './cli/moderator.ts';
import { withOutput } from './cli/output.ts';
import { privacyCommands } from './cli/privacy.ts';
import { type Group, runGroup } from './cli/run-command.ts';
import { SITE_COMMANDS } from './cli/site.ts';
import { TOKEN_COMMANDS } from './cli/token.ts';
import { runVerify, VERIFY_ABOUT } from './cli/verify.ts';
import {
  backUpData,
  checkData,
  openData,
  openExport,
  openImport,
  openTools,
  restoreData,
} from './compose-tools.ts';
import { readConfig } from './config.ts';
import { readErasures } from './erasure-file.ts';
import { version } from './version.ts';

/** What an operator does with the data, without the service or (on MongoDB) beside it. */
const GROUPS: readonly Group[] = [
  { name: 'site', about: 'Sites and their policy.', commands: SITE_COMMANDS },
  { name: 'moderator', about: "Moderators' accounts.", commands: MODERATOR_COMMANDS },
  { name: 'token', about: 'Bearer tokens.', commands: TOKEN_COMMANDS },
  {
    name: 'privacy',
    about: 'Persons: what is kept of them, and erasures.',
    commands: privacyCommands(readErasures),
  },
];

const USAGE = `gatehouse ${version}

  gatehouse serve       listen (the settings are environment variables, see docs/operations.md)
${GROUPS.map(
  ({ name, commands }) => `  gatehouse ${name.padEnd(11)} ${commands.map((one) => one.name).join(' | ')}`,
).join('\n')}
  gatehouse import      ${IMPORT_ABOUT}
  gatehouse export      ${EXPORT_ABOUT}
  gatehouse verify      ${VERIFY_ABOUT}
  gatehouse backup      ${BACKUP_ABOUT}
  gatehouse restore     ${RESTORE_ABOUT}
  gatehouse --version
  gatehouse --help      also of each command
`;

/** As the service does: what is written here is its owner's to read. */
function privately<Args extends unknown[], T>(
  open: (config: ReturnType<typeof readConfig>, ...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    process.umask(0o077);
    return open(readConfig(), ...args);
  };
}

/** Runs one command, but `serve` itself; resolves to the process's exit code. */
export const runCommand = (args: string[]): Promise<number> => withOutput(() => carryOut(args));

async function carryOut(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  const group = GROUPS.find(({ name }) => name === command);
  if (group) return runGroup(group, rest, privately(openTools));
  if (command === 'import') return runImport(rest, privately(openImport));
  if (command === 'export') return runExport(rest, privately(openExport));
  if (command === 'verify')
    return runVerify(rest, { open: privately(openData), checkFile: privately(checkData) });
  if (command === 'backup') return runBackup(command, rest, privately(backUpData));
  if (command === 'restore') return runBackup(command, rest, privately(restoreData));
  if (command === 'serve' && rest.length === 1 && isHelp(rest[0])) return usage();
  if (rest.length > 0) return misuse(`${command} takes no arguments`);
  switch (command) {
    case '--version':
      process.stdout.write(`${version}\n`);
      return EXIT.done;
    case '--help':
    case '-h':
      return usage();
    default:
      return misuse(command === undefined ? 'no command given' : `unknown command: ${command}`);
  }
}

const isHelp = (argument: string | undefined): boolean => argument === '--help' || argument === '-h';

function usage(): number {
  process.stdout.write(USAGE);
  return EXIT.done;
}

function misuse(what: string): number {
  process.stderr.write(`${what}\n\n${USAGE}`);
  return EXIT.usage;
}
