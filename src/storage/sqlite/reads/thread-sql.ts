import type { PageQuery } from '../../../comments/comment-store.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';
import { SHOWN_COLUMNS } from './shown-rows.ts';

/** A piece of SQL with the values that it binds. */
export interface BoundSql {
  sql: string;
  binds: Bound[];
}

/** A thread's strands, as migrations/moderation.ts numbers them: those in the order of posting, and those that votes place. */
const PLAIN = { roots: [0], all: [0, 2] };
const VOTED = { roots: [1], all: [1, 3] };
const ANYWHERE: BoundSql = { sql: '', binds: [] };

/**
 * A page's list for readers. Each strand is walked along its index and SQLite merges them as they come: of each
 * at most one entry is read that is not given. `selected` are columns of `comments`; the cross join is carried
 * out as it is written, in the order of the list.
 */
export function listPageSql(query: PageQuery, selected = SHOWN_COLUMNS): BoundSql {
  const { sort, limit, site } = query;
  const strands = sort === 'top' ? strandsByVotes(query) : strandsById(query);
  const order = sort === 'top' ? ['listed_top', 'listed_id'] : ['listed_id'];
  const direction = ascends(query) ? 'ASC' : 'DESC';
  return {
    sql: `SELECT ${selected} FROM (
        ${strands.map((strand) => strand.sql).join(' UNION ALL ')}
        ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')} LIMIT ${BOUND_LIMIT}
      ) CROSS JOIN comments ON comments.n = listed_n WHERE comments.site = ?`,
    binds: [...strands.flatMap(({ binds }) => binds), limit, site],
  };
}

function strandsById(query: PageQuery): BoundSql[] {
  const strands = [...PLAIN[query.depth], ...VOTED[query.depth]];
  return strands.map((strand) => strandSql(query, { strand, position: byId(query) }));
}

/** Those that no votes place stand between the liked and the disliked, by id. */
function strandsByVotes(query: PageQuery): BoundSql[] {
  const { depth, from } = query;
  const votes = from?.value ?? 0;
  const position = from
    ? { sql: `AND (top_order, id) ${beyond(query)} (?, ?)`, binds: [-votes, from.id] }
    : ANYWHERE;
  const voted = VOTED[depth].map((strand) =>
    strandSql(query, { strand, index: 'thread_votes', condition: 'AND top_order <> 0', position }),
  );
  const arePast = from !== undefined && (ascends(query) ? votes < 0 : votes > 0);
  if (arePast) return voted;
  // That it is 0 is known of these; it is said so that they need no sort to be merged.
  const plain = { condition: 'AND top_order = 0', position: votes === 0 ? byId(query) : ANYWHERE };
  return [...voted, ...PLAIN[depth].map((strand) => strandSql(query, { strand, ...plain }))];
}

interface Strand {
  strand: number;
  index?: 'thread' | 'thread_votes';
  condition?: string;
  position: BoundSql;
}

function strandSql(
  { pageKey, sort }: PageQuery,
  { strand, index = 'thread', condition = '', position }: Strand,
): BoundSql {
  const columns = `n AS listed_n, id AS listed_id${sort === 'top' ? ', top_order AS listed_top' : ''}`;
  return {
    sql: `SELECT ${columns} FROM comments INDEXED BY ${index}
      WHERE page_key = ? AND strand = ${strand} AND shown = 1 ${condition} ${position.sql}`,
    binds: [pageKey, ...position.binds],
  };
}

const byId = (query: PageQuery): BoundSql =>
  query.from ? { sql: `AND id ${beyond(query)} ?`, binds: [query.from.id] } : ANYWHERE;

const ascends = ({ sort, backwards = false }: PageQuery): boolean => (sort !== 'newest') !== backwards;

const beyond = (query: PageQuery): string =>
  `${ascends(query) ? '>' : '<'}${query.inclusive === true ? '=' : ''}`;
