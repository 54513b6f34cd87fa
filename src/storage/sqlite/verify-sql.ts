import { COUNTER_FIELDS } from '../../comments/counts.ts';
import type { DifferenceKind } from '../../comments/difference.ts';

/** Finds comments whose column is not what the rows say: `id`, `site`, `kept`, `due`. */
export interface CommentCheck {
  what: Extract<
    DifferenceKind,
    'ancestors' | 'open' | 'reply-count' | 'shown' | 'open-reports' | 'votes-up' | 'votes-down'
  >;
  sql: string;
}

/**
 * The votes of each comment against its readers who vote so. An import brings numbers without readers: where the site
 * had one, more may stand there.
 */
function votesCheck(what: 'votes-up' | 'votes-down', value: 1 | -1): CommentCheck {
  const column = what.replace('-', '_');
  return {
    what,
    sql: `WITH voting (id, n) AS MATERIALIZED (
        SELECT comment_id, count(*) FROM votes WHERE value = ${value} GROUP BY comment_id
      )
      SELECT c.id, c.site, c.${column} AS kept, ifnull(voting.n, 0) AS due
      FROM comments AS c LEFT JOIN voting ON voting.id = c.id
      WHERE kept < due OR (kept > due AND NOT EXISTS (
        SELECT 1 FROM imports INDEXED BY imports_of_site WHERE site = c.site AND plan ->> 'dryRun' = 0))`,
  };
}

/** Each relies on those before it being right. */
export const COMMENT_CHECKS: readonly CommentCheck[] = [
  {
    // Right for each comment and its parent, hence for all. Under a parent that is not there nothing can be told.
    what: 'ancestors',
    sql: `SELECT c.id, c.site, 0 AS kept, 1 AS due
      FROM comments AS c LEFT JOIN comments AS p ON p.id = c.parent_id
      WHERE c.ancestors <> iif(c.parent_id IS NULL, '', ifnull(ltrim(p.ancestors || ' ' || p.id), c.ancestors))`,
  },
  {
    // As above.
    what: 'open',
    sql: `SELECT c.id, c.site, c.open AS kept,
        c.status = 'approved' AND (c.parent_id IS NULL OR ifnull(p.open, 0) = 1) AS due
      FROM comments AS c LEFT JOIN comments AS p ON p.id = c.parent_id WHERE kept <> due`,
  },
  {
    what: 'reply-count',
    sql: `WITH visible (id, n) AS MATERIALIZED (
        SELECT above.value, count(*)
        FROM comments AS c, json_each('["' || replace(c.ancestors, ' ', '","') || '"]') AS above
        WHERE c.parent_id IS NOT NULL AND c.open = 1 AND c.deleted_at IS NULL GROUP BY above.value
      )
      SELECT c.id, c.site, c.reply_count AS kept, ifnull(visible.n, 0) AS due
      FROM comments AS c LEFT JOIN visible ON visible.id = c.id WHERE kept <> due`,
  },
  {
    what: 'shown',
    sql: `SELECT id, site, shown AS kept, open = 1 AND (deleted_at IS NULL OR reply_count > 0) AS due
      FROM comments WHERE kept <> due`,
  },
  {
    what: 'open-reports',
    sql: `WITH waiting (id, n) AS MATERIALIZED (
        SELECT comment_id, count(*) FROM reports WHERE closed_by IS NULL GROUP BY comment_id
      )
      SELECT c.id, c.site, c.open_reports AS kept, ifnull(waiting.n, 0) AS due
      FROM comments AS c LEFT JOIN waiting ON waiting.id = c.id WHERE kept <> due`,
  },
  votesCheck('votes-up', 1),
  votesCheck('votes-down', -1),
];

interface Family {
  /** The scopes' first letter. */
  letter: string;
  /** The column that a scope names after the site; null for sites. */
  column: string | null;
  index: string;
}

const FAMILIES: readonly Family[] = [
  { letter: 's', column: null, index: 'queue_all' },
  { letter: 'p', column: 'page_key', index: 'queue_page' },
  { letter: 'a', column: 'author_key', index: 'queue_author' },
];

const DUE = [
  ...['pending', 'approved', 'rejected', 'spam', 'trash'].map(
    (status) => `sum(status = '${status}') AS ${status}`,
  ),
  'sum(open) AS visible',
  "sum(status = 'approved' AND open_reports > 0) AS reported",
].join(', ');

/** Counters that are not what their comments say: `scope`, and `kept_…` and `due_…` of every field. */
function countedSql({ letter, column, index }: Family): string {
  const scope = column === null ? `'${letter}/' || site` : `'${letter}/' || site || '/' || ${column}`;
  const only = column === 'author_key' ? 'AND author_key IS NOT NULL' : '';
  const fields = COUNTER_FIELDS.map((f) => `ifnull(c.${f}, 0) AS kept_${f}, g.${f} AS due_${f}`);
  // Along the index, so that the groups come one after the other and none has to wait in memory.
  return `SELECT g.scope, ${fields.join(', ')}
    FROM (SELECT ${scope} AS scope, ${DUE} FROM comments INDEXED BY ${index}
      WHERE deleted_at IS NULL ${only} GROUP BY site${column === null ? '' : `, ${column}`}) AS g
    LEFT JOIN counters AS c ON c.scope = g.scope
    WHERE ${COUNTER_FIELDS.map((f) => `kept_${f} <> due_${f}`).join(' OR ')}`;
}

/** Counters of what there is no comment of. */
function leftSql({ letter, column, index }: Family): string {
  const rest = 'substr(c.scope, 3)';
  const site = column === null ? rest : `substr(${rest}, 1, instr(${rest}, '/') - 1)`;
  const same = column === null ? '' : `AND x.${column} = substr(${rest}, instr(${rest}, '/') + 1)`;
  const fields = COUNTER_FIELDS.map((f) => `c.${f} AS kept_${f}, 0 AS due_${f}`);
  return `SELECT c.scope, ${fields.join(', ')} FROM counters AS c
    WHERE c.scope >= '${letter}/' AND c.scope < '${letter}0' AND (${COUNTER_FIELDS.map((f) => `c.${f} <> 0`).join(' OR ')})
    AND NOT EXISTS (SELECT 1 FROM comments AS x INDEXED BY ${index}
      WHERE x.site = ${site} ${same} AND x.deleted_at IS NULL
      ${column === 'author_key' ? 'AND x.author_key IS NOT NULL' : ''})`;
}

export const COUNTER_CHECKS: readonly string[] = FAMILIES.flatMap((family) => [
  countedSql(family),
  leftSql(family),
]);
