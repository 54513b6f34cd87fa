import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Features } from '../../src/screening/learner/features.ts';
import { featuresOf } from '../../src/screening/learner/features.ts';
import type { Label } from '../../src/screening/learner/model.ts';

/** A judged comment, as the learner sees it. */
export interface Judged {
  text: string;
  label: Label;
  features: Features;
}

/** A file of judged comments, in its order: the first 70 % are learnt from. */
export interface Corpus {
  name: string;
  language: 'english' | 'persian';
  training: Judged[];
  test: Judged[];
}

const TRAINING = 0.7;
/** Of hashing: any will do. Figures differ by it as they would for other comments of the kind. */
export const HASH_SEED = 77;

interface Line {
  text: string;
  label: Label;
}

/** By a key of hashing, every file of lines `{ text, label }` in the folder; those named `persian-…` are Persian. */
export function readCorpora(folder: string, key = HASH_SEED): Corpus[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return names.sort().map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
    const rows = lines.map((line) => {
      const { text, label } = JSON.parse(line) as Line;
      return { text, label, features: featuresOf({ text, url: null }, key) };
    });
    const end = Math.round(rows.length * TRAINING);
    return {
      name: name.replace(/\.jsonl$/, ''),
      language: name.startsWith('persian') ? 'persian' : 'english',
      training: rows.slice(0, end),
      test: rows.slice(end),
    };
  });
}

/** One row of each in turn, each in its own order: as one site's queue would bring them. */
export function interleave(lists: Judged[][]): Judged[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
}
