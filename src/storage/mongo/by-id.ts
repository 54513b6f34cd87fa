import { createBatcher, done } from './batcher.ts';
import type { Collection } from './database.ts';

/** Looks that come together share one query. Each sees the document as it is after the call; null where none is. */
export type ById<D> = (id: string) => Promise<D | null>;

export function createById<D extends { _id: string }>(collection: Collection<D>): ById<D> {
  const looks = createBatcher<string, D | null>(
    async (ids) => {
      const wanted = { _id: { $in: [...new Set(ids)] } } as object;
      const found = await collection
        .find(wanted)
        .batchSize(ids.length + 1)
        .toArray();
      const byId = new Map(found.map((doc) => [doc._id as string, doc as D]));
      return ids.map((id) => done(byId.get(id) ?? null));
    },
    { lanes: 4 },
  );
  return (id) => looks.add(id);
}
