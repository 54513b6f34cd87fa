import { EXIT } from './exit-codes.ts';
import { fail } from './run-command.ts';

/** A command that stands by itself, as against one of a group. */
export interface LoneCommand<Given, Data extends { close(): Promise<void> }> {
  usage: string;
  /** Null where the usage is asked for. Throws a TypeError on what is not understood. */
  parse(args: string[]): Given | null;
  /** Throws `UnfitFile` where a file stands in the way, before the data is opened. */
  check(given: Given): Promise<void>;
  /** Called only once it is known that the command makes sense. */
  open(): Promise<Data>;
  /** Resolves to the exit code. */
  carryOut(data: Data, given: Given): Promise<number>;
}

/** Runs it; resolves to the exit code. Never rejects for what an operator can mend. */
export async function runAlone<Given, Data extends { close(): Promise<void> }>(
  { usage, parse, check, open, carryOut }: LoneCommand<Given, Data>,
  args: string[],
): Promise<number> {
  let given: Given | null;
  try {
    given = parse(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return EXIT.usage;
  }
  if (given === null) {
    process.stdout.write(usage);
    return EXIT.done;
  }
  try {
    await check(given);
    const data = await open();
    try {
      return await carryOut(data, given);
    } finally {
      await data.close();
    }
  } catch (error) {
    return fail(error);
  }
}
