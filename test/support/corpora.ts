import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A comment that somebody wrote, and what a person made of it. */
export interface CorpusComment {
  text: string;
  label: 'ham' | 'spam';
  author?: string;
}

/** The folder that is shared beside the checkout: GATEHOUSE_SHARED, else ../shared. */
function corporaFolder(): string {
  const folder = join(process.env.GATEHOUSE_SHARED ?? join(__dirname, '../../../shared'), 'corpora');
  if (!existsSync(folder))
    throw new Error(`the corpora are not in ${folder}: set GATEHOUSE_SHARED to the folder that has them`);
  return folder;
}

export type CorpusName = 'persian-instagram' | 'youtube-01-psy' | 'youtube-02-katyperry';

export function readCorpus(name: CorpusName): CorpusComment[] {
  const lines = readFileSync(join(corporaFolder(), `${name}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CorpusComment);
}

/** Strings that have broken programs, each once. */
export function readNaughtyStrings(): string[] {
  return [
    ...new Set(JSON.parse(readFileSync(join(corporaFolder(), 'naughty-strings.json'), 'utf8')) as string[]),
  ];
}
