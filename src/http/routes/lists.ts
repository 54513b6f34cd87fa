import * as z from 'zod';
import type { Keyring } from '../../keys.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { parseQuery } from '../query.ts';
import type { Context } from '../route.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import { placeOf } from './listing-read.ts';

/** The admin's lists are alike: newest first, paged by id. */
export const listParameters = z.object({ limit: limitParameter(200), cursor: cursorParameter });
const USUAL_ITEMS = 50;

export const listAnswer = (item: z.ZodType) =>
  z.object({ items: z.array(item), total: z.int().min(0), nextCursor: z.string().nullable() });

export interface ListRequest {
  limit: number;
  before: string | undefined;
  /** What the cursor is bound to. */
  bound: string[];
}

export function readList(context: Context, keys: Keyring, bound: string[]): ListRequest {
  const { limit = USUAL_ITEMS, cursor } = parseQuery(context.query, { schema: listParameters });
  return { limit, before: placeOf(keys, bound, cursor)?.id ?? undefined, bound };
}

interface SliceOptions<T> {
  limit: number;
  bound: string[];
  keys: Keyring;
  present(item: T): object;
}

/** The answer's page out of what was found, of which one more than `limit` was asked for. */
export function slice<T extends { id: string }>(
  found: { items: T[]; total: number },
  { limit, bound, keys, present }: SliceOptions<T>,
): { items: object[]; total: number; nextCursor: string | null } {
  const items = found.items.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = last && found.items.length > limit ? writeCursor(keys, bound, { id: last.id }) : null;
  return { items: items.map(present), total: found.total, nextCursor };
}
