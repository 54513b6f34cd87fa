import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Deps } from '../deps.ts';
import { AppError, type FieldError } from '../errors.ts';
import { describeField, describeProblem } from '../http/problem.ts';
import { DataInUse, isOfTheDisk, StartupError } from '../startup-error.ts';
import { codeOf, systemErrorOf } from '../system-error.ts';
import type { Command, Given } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UnfitFile } from './files.ts';

/** Opens the data; called only once it is known that the command makes sense. */
export type OpenTools = (options: { mayBeNew: boolean }) => Promise<{ deps: Deps; close(): Promise<void> }>;

export interface Group {
  /** `site`, `moderator`, `token`. */
  name: string;
  about: string;
  commands: readonly Command[];
}

const COMMON = {
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const callOf = (group: Group, { name, subject }: Command): string =>
  ['gatehouse', group.name, name, subject].filter((part) => part !== null).join(' ');

export function groupUsage(group: Group): string {
  const calls = group.commands.map((command) => [callOf(group, command), command.about] as const);
  const width = Math.max(...calls.map(([call]) => call.length));
  const lines = calls.map(([call, about]) => `  ${call.padEnd(width)}  ${about}`);
  return `${group.about}\n\n${lines.join('\n')}\n\nEach takes --json and --help; docs/operations.md has the exit codes.\n`;
}

function commandUsage(call: string, command: Command): string {
  const options = [
    ...command.optionsHelp,
    ...(command.question ? ["--yes               don't ask"] : []),
    '--json              print JSON',
    '--help              print this',
  ];
  const who = command.subject === 'WHO' ? '\nWHO is an id or an e-mail address.\n' : '';
  const lines = options.map((option) => `  ${option}`).join('\n');
  return `${call} [options]\n\n${command.about}\n${who}\n${lines}\n`;
}

const say = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
const complain = (text: string): void => void process.stderr.write(`gatehouse: ${text}\n`);

/** The usage says more than the mistake alone. */
function misuse(what: string, usage: string): number {
  process.stderr.write(`${what}\n\n${usage}`);
  return EXIT.usage;
}

function parse(
  command: Command,
  args: string[],
): Given & { isHelp: boolean; isJson: boolean; isYes: boolean } {
  const { values, positionals } = parseArgs({
    args,
    options: { ...command.options, ...COMMON },
    allowPositionals: command.subject !== null,
    strict: true,
  });
  if (values.help !== true && positionals.length !== (command.subject === null ? 0 : 1))
    throw new TypeError(`${command.subject} is needed, once`);
  const [isHelp, isJson, isYes] = [values.help === true, values.json === true, values.yes === true];
  return { subject: positionals[0] ?? '', values, isHelp, isJson, isYes };
}

/** Whether a destructive command may go on; null where there is nobody to ask. */
async function isConfirmed(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close it. Older releases of Node 20 never settle the question then: the program would just end, with 0.
  const closed = once(asking, 'close').then(() => null);
  try {
    const answer = await Promise.race([asking.question(`${question} [y/N] `).catch(() => null), closed]);
    if (answer === null) process.stderr.write('\n');
    return answer !== null && /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

function describe(error: FieldError): string {
  const place = 'pointer' in error ? error.pointer.slice(1).replaceAll('/', '.') : 'a value';
  return `${place}: ${describeField(error, 'en')} (${error.code})`;
}

const EXIT_OF_STATUS: Record<number, number> = { 404: EXIT.unknown, 422: EXIT.value, 503: EXIT.unavailable };

/** What SQLite met only as it read: an opening reads a few pages of the file. */
const isOfDamage = (error: unknown): error is Error =>
  error instanceof Error && /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(error));

/** Says on standard error what went wrong; the exit code for it. */
export function fail(error: unknown): number {
  if (error instanceof UnfitFile) {
    complain(error.message);
    return error.exitCode;
  }
  if (error instanceof StartupError) {
    for (const problem of error.problems) complain(problem);
    if (isOfTheDisk(error)) return EXIT.output;
    if (!(error.cause instanceof DataInUse)) return EXIT.settings;
    complain('stop the service for as long as the command takes; on MongoDB commands work beside it');
    return EXIT.inUse;
  }
  const ofSystem = systemErrorOf(error);
  if (ofSystem) {
    complain(ofSystem.message);
    return EXIT.output;
  }
  if (isOfDamage(error)) {
    complain(`DATA_DIR: the data file is damaged; put a backup in its place (${error.message})`);
    return EXIT.settings;
  }
  if (!(error instanceof AppError) || error.code === 'internal-error') throw error;
  for (const field of error.errors ?? []) complain(describe(field));
  const { reason } = error.extra ?? {};
  if (!error.errors) {
    const why =
      error.code === 'store-unavailable' && error.cause instanceof Error ? error.cause.message : null;
    const said = why ?? describeProblem(error.code, 'en', reason).detail;
    complain(`${said} (${[error.code, reason].filter(Boolean).join(', ')})`);
  }
  if (isOfTheDisk(error)) return EXIT.output;
  return EXIT_OF_STATUS[error.status] ?? EXIT.refused;
}

/** Opens the data, carries the command out, closes. */
async function carryOut(
  command: Command,
  given: Given & { isJson: boolean },
  open: OpenTools,
): Promise<number> {
  try {
    const tools = await open({ mayBeNew: command.mayBeFirst === true });
    try {
      const { json, text } = await command.run(tools.deps, given);
      say(given.isJson ? JSON.stringify(json) : text);
    } finally {
      await tools.close();
    }
    return EXIT.done;
  } catch (error) {
    return fail(error);
  }
}

/** Runs `gatehouse {group} {args}`; resolves to the exit code. */
export async function runGroup(group: Group, args: string[], open: OpenTools): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h') {
    say(groupUsage(group));
    return EXIT.done;
  }
  const command = group.commands.find((one) => one.name === name);
  if (!command)
    return misuse(name === undefined ? 'no command given' : `unknown command: ${name}`, groupUsage(group));
  return runCommand(command, { call: callOf(group, command), args: rest, open });
}

/** Runs one command, which stands in its usage as `call`; resolves to the exit code. */
export async function runCommand(
  command: Command,
  { call, args, open }: { call: string; args: string[]; open: OpenTools },
): Promise<number> {
  const usage = commandUsage(call, command);
  let given: ReturnType<typeof parse>;
  try {
    given = parse(command, args);
  } catch (error) {
    // TypeError: parseArgs on an option that there is not, and ours on the subject.
    return misuse(error instanceof Error ? error.message : String(error), usage);
  }
  if (given.isHelp) {
    say(usage);
    return EXIT.done;
  }
  if (command.question && !given.isYes) {
    const confirmed = await isConfirmed(command.question(given));
    if (confirmed === null) return misuse('there is nobody to ask: --yes is needed', usage);
    if (!confirmed) return EXIT.refused;
  }
  return carryOut(command, given, open);
}
