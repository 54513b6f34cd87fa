import type { Random } from '../random.ts';
import { adminActs } from './admin-acts.ts';
import { createMaterial, type Material } from './material.ts';
import { readerActs } from './reader-acts.ts';
import { staffActs } from './staff-acts.ts';
import { SITES, type Story, type Told } from './story.ts';

export interface Stage {
  story: Story;
  material: Material;
  random: Random;
  /** Mostly one that is there. */
  site(): string;
  /** A comment of the story, mostly a new one. */
  some(): Told;
  /** A `limit` for a query, now and then a wrong one. */
  limit(): string;
  /** Of lately, as callers write it. */
  moment(): string;
}

/** Steps of a story, by name. Each may ask several questions. */
export type Acts = (stage: Stage) => Record<string, () => Promise<void>>;

/** How often each is taken, against the others; 1 where nothing is said. */
const WEIGHTS: Record<string, number> = {
  ...{ post: 20, list: 12, read: 7, edit: 5, vote: 6, report: 6, form: 3, own: 2, remove: 2 },
  ...{
    queue: 20,
    goOn: 12,
    decide: 16,
    undo: 6,
    decideMany: 5,
    decideMatch: 4,
    look: 6,
    claim: 4,
    revise: 4,
  },
  ...{ actOn: 5, listAuthors: 5, judge: 3, tell: 7, undoBatch: 2 },
  ...{ setPolicy: 5, listPages: 4, alias: 4, setWords: 2, importFile: 2 },
};

const UNKNOWN: Told = { id: ['0'.repeat(31), '0'.repeat(31)], token: null, version: 1 };

/** What may happen next, each as often as its weight. */
export function actsOf(story: Story, now: () => number): (() => Promise<void>)[] {
  const { random } = story;
  const stage: Stage = {
    ...{ story, random, material: createMaterial(random) },
    site: () => (random.next() < 0.6 ? 'news' : random.pick([...SITES, ...SITES, 'brief', 'nowhere'])),
    some() {
      const lately = story.comments.slice(-12);
      if (lately.length === 0 || random.next() < 0.02) return UNKNOWN;
      return random.pick(random.next() < 0.6 ? lately : story.comments);
    },
    limit: () => random.pick(['', '', '&limit=1', '&limit=2', '&limit=3', '&limit=0', '&limit=201']),
    moment: () => new Date(now() - random.pick([0, 1, 1000, 60_000, 86_400_000])).toISOString(),
  };
  const all = { ...readerActs(stage), ...staffActs(stage), ...adminActs(stage) };
  return Object.entries(all).flatMap(([name, act]) =>
    Array<() => Promise<void>>(WEIGHTS[name] ?? 1).fill(act),
  );
}
