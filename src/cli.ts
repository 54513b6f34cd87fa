import { serve } from './main.ts';
import { version } from './version.ts';

const USAGE = `gatehouse ${version}

  gatehouse serve       listen (the settings are environment variables, see docs/operations.md)
  gatehouse --version
  gatehouse --help
`;

/** sysexits' EX_USAGE. */
const EXIT_USAGE = 64;

/** Runs one command; resolves to the process's exit code. */
export async function run(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (rest.length > 0) return misuse(`${command} takes no arguments`);
  switch (command) {
    case 'serve':
      return serve();
    case '--version':
      process.stdout.write(`${version}\n`);
      return 0;
    case '--help':
      process.stdout.write(USAGE);
      return 0;
    default:
      return misuse(command === undefined ? 'no command given' : `unknown command: ${command}`);
  }
}

function misuse(what: string): number {
  process.stderr.write(`${what}\n\n${USAGE}`);
  return EXIT_USAGE;
}
