import type { Collection, Filter } from './database.ts';

export interface ChunkQuery<Doc> {
  filter?: Filter<Doc>;
  /** The members to read or to leave out; all of them by itself. */
  projection?: Record<string, 0 | 1>;
  /** How many at once. */
  size: number;
}

/** What a collection holds, in the order of its ids, so many at a time; what comes behind the walk is met, too. */
export async function* chunksById<Doc extends { _id: string | number }, Seen extends Pick<Doc, '_id'> = Doc>(
  collection: Collection<Doc>,
  { filter = {}, projection = {}, size }: ChunkQuery<Doc>,
): AsyncGenerator<Seen[]> {
  let beyond = {};
  for (;;) {
    const found = await collection
      .find({ ...filter, ...beyond } as Filter<Doc>)
      .project<Seen>(projection)
      .sort({ _id: 1 })
      .hint('_id_')
      .limit(size)
      .toArray();
    const last = found.at(-1);
    if (!last) return;
    yield found;
    beyond = { _id: { $gt: last._id } };
  }
}
