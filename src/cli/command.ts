import type { ParseArgsConfig } from 'node:util';
import type { Deps } from '../deps.ts';

/** What stood on the command line. */
export interface Given {
  /** What the command is about: an id, or an address. '' where it takes none. */
  subject: string;
  /** By option; lists for those that may be repeated. */
  values: Record<string, string | boolean | (string | boolean)[] | undefined>;
}

/** What a command found or did. */
export interface Outcome {
  /** As `--json` prints it. */
  json: unknown;
  /** As people read it. */
  text: string;
}

/** One thing an operator can do with sites, moderators or tokens. */
export interface Command {
  name: string;
  /** What the usage calls its one argument; null where it takes none. */
  subject: string | null;
  options: NonNullable<ParseArgsConfig['options']>;
  /** The options as the usage shows them, one a line. */
  optionsHelp: readonly string[];
  about: string;
  /** That it makes data where there is none: the first account, before the first start. */
  mayBeFirst?: true;
  /** Of a command that destroys: what is asked before. */
  question?(given: Given): string;
  run(deps: Deps, given: Given): Promise<Outcome>;
}

/** The value of an option that is given once; undefined where it is not. */
export function optionOf({ values }: Given, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of an option that may be repeated or hold a list with commas; undefined where it is not given. */
export function listOf({ values }: Given, name: string): string[] | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  return [value].flat().flatMap((text) => String(text).split(',').filter(Boolean));
}

/** Lines with their columns one under the other. */
export function table(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const PAGE = 200;

/** Every item of a list that comes in pages, newest first. */
export async function everyItem<T extends { id: string }>(
  list: (page: { before?: string; limit: number }) => Promise<{ items: T[] }>,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const { items } = await list({ before: all.at(-1)?.id, limit: PAGE });
    all.push(...items);
    if (items.length < PAGE) return all;
  }
}
