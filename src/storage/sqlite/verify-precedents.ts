import type { Database } from 'better-sqlite3';
import type { Said } from '../../screening/learner/lesson.ts';
import { likenessOf } from '../../text/likeness.ts';
import { FILLED_SQL, SAID } from './search/precedent-index.ts';
import type { Found } from './verify-found.ts';

interface Row {
  number: number;
  site: string;
  comment: string;
  label: Said;
  text: string;
}

const found = (
  { number, site, comment, key }: Pick<Row, 'number' | 'site' | 'comment'> & { key?: number },
  due: boolean,
): Found => ({
  difference: { what: 'precedent', where: comment, kept: !due, due },
  mending: { what: 'precedent', site, number, key: key ?? null },
});

/** Decisions that their near copies are not told of, and keys of such as do not stand any more. */
export function* wrongPrecedents(db: Database): Generator<Found> {
  const filled = db.prepare<[], number>(FILLED_SQL).pluck().get() ?? 0;
  const isKept = db
    .prepare<[number, number, number], number>(
      'SELECT 1 FROM precedents WHERE key = ? AND number = ? AND label = ?',
    )
    .pluck();
  const standing = db.prepare<[number], Row>(
    `SELECT number, site, comment_id AS comment, label, text FROM lessons
     WHERE number <= ? AND label IS NOT NULL AND text IS NOT NULL`,
  );
  for (const row of standing.iterate(filled)) {
    const { keys } = likenessOf(row.site, row.text);
    if (!keys.every((key) => isKept.get(key, row.number, SAID.indexOf(row.label)) === 1))
      yield found(row, true);
  }
  const strays = db.prepare<[], Pick<Row, 'number' | 'site' | 'comment'> & { key: number }>(
    `SELECT p.key, p.number, coalesce(site, '') AS site, coalesce(comment_id, p.number) AS comment
     FROM precedents AS p LEFT JOIN lessons AS l ON l.number = p.number WHERE l.label IS NULL`,
  );
  for (const stray of strays.iterate()) yield found(stray, false);
}
