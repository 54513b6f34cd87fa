import { createBatcher, done } from './batcher.ts';
import type { Collection } from './database.ts';

/** Looks that come together share one query. Each sees the document as it is after the call; null where none is. */
export type ById<D> = (id: string) => Promise<D | null>;

/** `projection` makes of a document what is given of it: all of it where there is none. */
export function createById<D extends { _id: string }, Given extends { _id: string } = D>(
  collection: Collection<D>,
  projection: Readonly<Record<string, 0 | 1>> = {},
): ById<Given> {
  const looks = createBatcher<string, Given | null>(
    async (ids) => {
      const wanted = { _id: { $in: [...new Set(ids)] } } as object;
      const found = await collection
        .find(wanted)
        .project<Given>(projection)
        .batchSize(ids.length + 1)
        .toArray();
      const byId = new Map(found.map((doc) => [doc._id, doc]));
      return ids.map((id) => done(byId.get(id) ?? null));
    },
    { lanes: 4 },
  );
  return (id) => looks.add(id);
}
