import { LRUCache } from 'lru-cache';
import { enoughOf } from '../text/likeness.ts';

/**
 * What a process remembers of the keys that near copies are looked up by, so that it looks up few. Whatever it
 * remembers, no copy is missed by it: a copy shares `enough` of n keys, and so at least one of any
 * n − enough + 1 of them; of these the rarest are taken (the prefix filter of set-similarity joins: Chaudhuri,
 * Ganti and Kaushik, ICDE 2006; Bayardo, Ma and Srikant, WWW 2007). Beyond these, keys of which all that share
 * them were told already.
 */
export interface KeyMemory {
  /** The same keys, the commonest first as far as is known: of the first `enough` − 1 nothing need be looked up. */
  ordered(keys: readonly number[]): number[];
  /** The keys to look up, and whether it is known without that another comment shares enough of them. */
  soughtOf(keys: readonly number[]): SoughtKeys;
  /** How many comments have keys that were looked up; those of more than `few` count as keys that many have. */
  learn(counts: ReadonlyMap<number, number>, few?: number): void;
  /** Which of the keys many have, as far as is known. */
  kindsOf(keys: readonly number[]): { few: number[]; many: number[] };
  /** All comments that share enough of these keys, one at least, are told: who comes later looks by itself. */
  tell(keys: readonly number[]): void;
  /** Another process may have filled comments in meanwhile. */
  forget(): void;
}

export interface SoughtKeys {
  keys: number[];
  isTold: boolean;
}

/** Keys that more comments have are worth remembering. */
const FEW = 8;
const REMEMBERED = 20_000;
/** Pairs of keys, some thirty of each text of a flood. */
const TOLD = 20_000;

export function createKeyMemory(): KeyMemory {
  const having = new LRUCache<number, number>({ max: REMEMBERED });
  const told = new LRUCache<string, true>({ max: TOLD });
  const pair = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

  function ordered(keys: readonly number[]): number[] {
    const counted = keys.map((key) => ({ key, count: having.get(key) ?? 0 }));
    return counted.sort((a, b) => b.count - a.count).map(({ key }) => key);
  }

  return {
    ordered,
    soughtOf(keys) {
      const enough = enoughOf(keys);
      if (enough === 1) {
        const isTold = keys.some((key) => told.get(`${key}`));
        return { keys: isTold ? [] : [...keys], isTold };
      }
      // Whoever shares two of those left out was told of both.
      const left: number[] = [];
      const sought: number[] = [];
      for (const key of ordered(keys)) {
        if (left.every((other) => told.get(pair(key, other)))) left.push(key);
        else sought.push(key);
      }
      return { keys: sought, isTold: left.length >= enough };
    },
    learn(counts, few = FEW) {
      for (const [key, count] of counts) if (count > Math.min(few, FEW)) having.set(key, count);
    },
    kindsOf: (keys) => ({
      few: keys.filter((key) => having.get(key) === undefined),
      many: keys.filter((key) => having.get(key) !== undefined),
    }),
    tell(keys) {
      if (enoughOf(keys) === 1) for (const key of keys) told.set(`${key}`, true);
      else
        for (const [i, key] of keys.entries())
          for (const other of keys.slice(0, i)) told.set(pair(key, other), true);
    },
    forget: () => told.clear(),
  };
}
