import type { Database, Statement } from 'better-sqlite3';
import type { Bound } from '../rows.ts';

/** Prepares each text once. The texts are built from a few fixed words, so there are only so many. */
export type StatementCache = <Row>(sql: string) => Statement<Bound[], Row>;

export function createStatementCache(db: Database): StatementCache {
  const statements = new Map<string, Statement<Bound[]>>();
  return <Row>(sql: string) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare<Bound[]>(sql);
      statements.set(sql, statement);
    }
    return statement as Statement<Bound[], Row>;
  };
}
