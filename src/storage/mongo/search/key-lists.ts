import { type KeyedText, type Sharers, sharersIn } from './sharers.ts';

/** Ids that one command brings at most, of all keys: whoever posts what has many keys in common must not fill memory. */
const MOST_TOGETHER = 100_000;

export interface TextOfSite extends KeyedText {
  site: string;
}

/** Who has which of a page's keys, as far as it was asked for. */
export interface KeyLists {
  /**
   * Reads so many of each key of the texts, but for lists that are whole, and for the commonest key of a text once it is
   * known: whoever shares two of its keys shares one of the others. One command.
   */
  read(texts: TextOfSite[], limit: number): Promise<void>;
  /** By text, who shares enough of its keys, itself among them; null where the lists that were read don't tell. */
  sharersOf(texts: TextOfSite[]): Promise<(string[] | null)[]>;
}

/** What the lists tell of a text. */
interface Told {
  /** They share enough. */
  met: Set<string>;
  /** They do if they have one key more, of which not all is known. */
  nearly: string[];
  key?: number;
}

/** Where `most` share enough of a text's keys it is not asked who else does. */
export function createKeyLists(sharers: Sharers, most: number): KeyLists {
  const lists = new Map<number, string[]>();
  /** Keys whose lists were cut off, each with the oldest that was met: the commoner the key, the newer that is. */
  const cut = new Map<number, string>();

  /** Those of a text, the commonest first. */
  const cutOf = ({ keys }: KeyedText): number[] =>
    keys.filter((key) => cut.has(key)).sort((a, b) => ((cut.get(a) ?? '') > (cut.get(b) ?? '') ? -1 : 1));

  /** Null where two lists that were cut off may name who is in no other. */
  function tell(text: TextOfSite): Told | null {
    const met = sharersIn(lists, text);
    const [key, ...more] = cutOf(text);
    if (key === undefined || met.size >= most) return { met, nearly: [] };
    if (text.enough === 1 || more.length > 0) return null;
    // Whoever shares two of the keys shares one of all but this.
    const others = text.keys.filter((other) => other !== key);
    const nearly = [...sharersIn(lists, { keys: others, enough: 1 })].filter((id) => !met.has(id));
    return { met, nearly, key };
  }

  /** By key, those of whom it is asked that have it; each key is asked for once. */
  async function holdersOf(asked: Map<number, { site: string; ids: Set<string> }>) {
    const found = [...asked].map(async ([key, { site, ids }]) => {
      return [key, new Set(await sharers.holding(site, key, [...ids]))] as const;
    });
    return new Map(await Promise.all(found));
  }

  return {
    async read(texts, limit) {
      const unread = texts.flatMap((text) => [
        ...text.keys.filter((key) => !lists.has(key)),
        ...cutOf(text).slice(text.enough - 1),
      ]);
      const keys = new Set(unread);
      const each = Math.max(1, Math.min(limit, Math.floor(MOST_TOGETHER / keys.size)));
      for (const [key, ids] of await sharers.listsOf(keys, each)) {
        lists.set(key, ids);
        if (ids.length < each) cut.delete(key);
        else cut.set(key, ids.toSorted()[0] ?? '');
      }
    },
    async sharersOf(texts) {
      const told = texts.map(tell);
      const asked = new Map<number, { site: string; ids: Set<string> }>();
      for (const [i, { site }] of texts.entries()) {
        const { key, nearly = [] } = told[i] ?? {};
        if (key === undefined || nearly.length === 0) continue;
        asked.set(key, { site, ids: new Set([...(asked.get(key)?.ids ?? []), ...nearly]) });
      }
      const holders = await holdersOf(asked);
      return told.map(
        (one) => one && [...one.met, ...one.nearly.filter((id) => holders.get(one.key ?? 0)?.has(id))],
      );
    },
  };
}
