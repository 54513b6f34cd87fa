import { groupBy } from '../../../group-by.ts';
import { homeOfId } from '../../../ids.ts';
import { enoughOf } from '../../../text/likeness.ts';
import { createKeyMemory } from '../../key-memory.ts';
import type { CommentDoc } from '../comment-doc.ts';
import type { Database, Write } from '../database.ts';
import { createSharers, listsIn, sharersIn } from './sharers.ts';

/**
 * Tells of comments whose keys were filled in whether they have a near copy: most have none, and of those a list
 * has nothing to look up, however many comments share one key with them by chance. What has no copy is told once
 * one comes.
 */
export interface Nearness {
  /**
   * Marks those that are near another, and the other; takes the mark of the filling from all of them. The keys
   * stand in the comments already: of two that are filled in at the same time, by whomever, the one that looks
   * later finds the other.
   */
  settle(filled: Keyed[], mark: string): Promise<void>;
  /** Those of the comments, filled in themselves, that have a near copy among what is not due. */
  nearOf(keyed: Keyed[]): Promise<Set<string>>;
}

export interface Keyed {
  id: string;
  site: string;
  keys: number[];
}

/** Comments that are read together, each since few have a key of its own. */
const MOST_READ = 20_000;
/** Of a key that more comments have they are read, to tell which of them are near. */
const MOST_OF_KEY = 20_000;
/** Copies from which on a text is a flood: who else has its keys need not be looked for again. */
const FLOOD = 50;
const MAJORITY = { w: 'majority' } as const;

/** Comments that have the same keys: they are looked for together. */
interface Alike {
  site: string;
  ids: string[];
  keys: number[];
  enough: number;
}

/** Who shares the keys of a text. */
interface Looked {
  alike: Alike;
  /** Who shares enough of the keys, itself among them. */
  sharers: Set<string>;
}

function alikeOf(keyed: Keyed[]): Alike[] {
  const having = keyed.filter(({ keys }) => keys.length > 0);
  return [...groupBy(having, ({ keys }) => keys.join()).values()].map((equal) => {
    const [{ site = '', keys = [] } = {}] = equal;
    return { site, ids: equal.map(({ id }) => id), keys, enough: enoughOf(keys) };
  });
}

/** Those of the comments that some other shares enough with. */
const nearIn = ({ alike, sharers }: Looked): string[] =>
  alike.ids.filter((id) => sharers.size > Number(sharers.has(id)));

/** `mostRead`, `mostOfKey` and `flood`: other bounds than are usual. */
export function createNearness(
  { comments }: Pick<Database, 'comments'>,
  { memory = createKeyMemory(), mostRead = MOST_READ, mostOfKey = MOST_OF_KEY, flood = FLOOD } = {},
): Nearness {
  const sharers = createSharers({ comments });
  const isTold = ({ keys }: Alike): boolean => memory.soughtOf(keys).isTold;

  /**
   * Whoever has a key that few have is read, and tells by its own keys all that it shares; of keys that many have the
   * index tells who has them. `cut` are those of whose keys it did not tell all.
   */
  async function look(all: Alike[]): Promise<{ whole: Looked[]; cut: Looked[] }> {
    const kinds = all.map(({ keys }) => memory.kindsOf(keys));
    const few = new Set(kinds.flatMap((kind) => kind.few));
    // Whoever shares one alone of them, and enough, is met by another.
    const many = new Set(
      kinds.flatMap((kind, i) => (kind.many.length < (all[i]?.enough ?? 0) ? [] : kind.many)),
    );
    const [read, lists] = await Promise.all([
      sharers.having([...few], mostRead),
      sharers.listsOf([...many], mostOfKey),
    ]);
    const met = listsIn(read, new Set(all.flatMap(({ keys }) => keys)));
    const sizes = new Map([...few].map((key) => [key, met.get(key)?.size ?? 0]));
    if (read.length >= mostRead) {
      memory.learn(sizes, Math.max(...sizes.values()) - 1);
      return look(all);
    }
    memory.learn(sizes);
    memory.learn(new Map([...lists].map(([key, { length }]) => [key, length])));
    for (const [key, ids] of lists) met.set(key, new Set([...(met.get(key) ?? []), ...ids]));
    const looked = all.map((alike) => ({ alike, sharers: sharersIn(met, alike) }));
    const isCut = ({ alike }: Looked): boolean =>
      alike.keys.some((key) => (lists.get(key)?.length ?? 0) >= mostOfKey);
    return { whole: looked.filter((one) => !isCut(one)), cut: looked.filter(isCut) };
  }

  /** Tells them that they are near, but for those that are told with the filling. */
  async function markSharers(looked: Looked[], own?: ReadonlySet<string>): Promise<void> {
    const writes: Write<CommentDoc>[] = [...groupBy(looked, ({ alike }) => alike.site)].flatMap(
      ([site, ofSite]) => {
        const ids = new Set(ofSite.flatMap((one) => [...one.sharers].filter((id) => !own?.has(id))));
        if (ids.size === 0) return [];
        const filter = { ...placed(site, [...ids]), near: { $ne: true } };
        return [{ updateMany: { filter, update: { $set: { near: true } } } }];
      },
    );
    if (writes.length > 0) await comments.bulkWrite(writes, { ordered: false, writeConcern: MAJORITY });
  }

  const textOf = (alike: Alike) => ({ ...alike, alike, sought: memory.soughtOf(alike.keys).keys });

  /** Of texts that are near: marks all that share enough with them, themselves among them. */
  async function markAll(all: Alike[]): Promise<void> {
    let left = all.map(textOf).filter(({ sought }) => sought.length > 0);
    while (left.length > 0) {
      const found = await sharers.among(left, { isUnmarked: true, limit: mostOfKey });
      await markSharers(left.map(({ alike }, i) => ({ alike, sharers: new Set(found[i]) })));
      left = left.filter((_, i) => (found[i]?.length ?? 0) >= mostOfKey);
    }
  }

  /** Whether anybody shares enough with a text. */
  async function isNear(alike: Alike): Promise<boolean> {
    const [found = []] = await sharers.among([textOf(alike)], { limit: 2 });
    return nearIn({ alike, sharers: new Set([...found, ...alike.ids.slice(1)]) }).length > 0;
  }

  /** Finds who is near, and marks them where they are not due with the filling itself. */
  async function tell(all: Alike[]): Promise<Set<string>> {
    const own = new Set(all.flatMap(({ ids }) => ids));
    const known = all.filter(isTold);
    const { whole, cut } = await look(all.filter((alike) => !known.includes(alike)));
    await markSharers(whole, own);
    for (const { alike, sharers } of whole) if (sharers.size >= flood) memory.tell(alike.keys);
    for (const { alike } of cut) {
      // Of a flood the first is looked for, and the others are told by it.
      if (!isTold(alike)) {
        if (!(await isNear(alike))) continue;
        await markAll([alike]);
        memory.tell(alike.keys);
      }
      known.push(alike);
    }
    await markAll(known);
    return new Set([...whole.flatMap(nearIn), ...known.flatMap(({ ids }) => ids)]);
  }

  return {
    async nearOf(keyed) {
      const { whole, cut } = await look(alikeOf(keyed));
      const read = await sharers.among(
        cut.map(({ alike }) => textOf(alike)),
        { limit: mostOfKey },
      );
      const looked = [...whole, ...cut.map((one, i) => ({ ...one, sharers: new Set(read[i]) }))];
      const others = [...new Set(looked.flatMap((one) => [...one.sharers]))];
      const settled = await comments
        .find({ _id: { $in: others }, wordsDue: { $exists: false } })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      const ids = new Set(settled.map(({ _id }) => _id));
      const among = looked.map((one) => ({
        ...one,
        sharers: new Set([...one.sharers].filter((id) => ids.has(id))),
      }));
      return new Set(among.flatMap(nearIn));
    },
    async settle(filled, mark) {
      // Others before: while one of two copies is due, whoever reads the other meets it among what is due.
      const near = await tell(alikeOf(filled));
      const groups = groupBy(filled, ({ id, site }) => `${near.has(id)} ${site}`);
      const writes: Write<CommentDoc>[] = [...groups.values()].map((group) => {
        const [{ id = '', site = '' } = {}] = group;
        // Whoever found it near meanwhile is right.
        const told = near.has(id) ? true : { $ifNull: ['$near', false] };
        const ids = group.map((one) => one.id);
        return {
          updateMany: {
            filter: { ...placed(site, ids), wordsDue: mark },
            update: [{ $set: { near: told } }, { $unset: 'wordsDue' }],
          },
        };
      });
      await comments.bulkWrite(writes, { ordered: false, writeConcern: MAJORITY });
    },
  };
}

const placed = (site: string, ids: string[]) => ({
  _id: { $in: ids },
  site,
  home: { $in: [...new Set(ids.map(homeOfId))] },
});
