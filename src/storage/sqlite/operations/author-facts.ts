import type { Database } from 'better-sqlite3';
import { NAMES_FROM } from '../../../authors/author-store.ts';
import { countName, NAMES_LOOKED_AT } from '../../../authors/standing.ts';
import { type CommentStatus, STATUSES } from '../../../comments/comment.ts';
import { authorScope } from '../../../comments/counts.ts';
import { foldWords } from '../../../text/words.ts';
import { BOUND_LIMIT, type Bound } from '../rows.ts';

interface Said {
  id: string;
  created_at: number;
  author_name: string | null;
  author_url: string | null;
  author_email: string | null;
}

type Counted = Record<CommentStatus, number>;

/** Words as the directories keep them: each after a space. */
export const spacedWords = (texts: (string | null)[]): string =>
  [...new Set(texts.flatMap((text) => foldWords(text ?? '')))].map((word) => ` ${word}`).join('');

/** Works out an author's entry of the directory from their comments. */
export function createAuthorFacts(db: Database): { refresh(site: string, key: string): void } {
  const ofStatus = (order: 'ASC' | 'DESC') =>
    db.prepare<[string, string, string, number], Said>(
      `SELECT id, created_at, author_name, author_url, author_email FROM comments INDEXED BY queue_author
       WHERE deleted_at IS NULL AND site = ? AND author_key = ? AND status = ? ORDER BY id ${order} LIMIT ${BOUND_LIMIT}`,
    );
  const newest = ofStatus('DESC');
  const oldest = ofStatus('ASC');
  const counter = db.prepare<[string], Counted>(
    `SELECT ${STATUSES.join(', ')} FROM counters WHERE scope = ?`,
  );
  const write = db.prepare<Bound[]>(
    `INSERT OR REPLACE INTO authors (key, site, name, url, email, names, words, first_at, last_at, last_id,
       comments, approved, rejected, spam, approved_under_name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const isThere = db.prepare<[string], number>('SELECT 1 FROM sites WHERE id = ? AND body IS NULL').pluck();

  return {
    refresh(site, key) {
      // A site under removal: its comments still go one by one.
      if (isThere.get(site) !== undefined) return;
      const counts = counter.get(authorScope(site, key));
      const of = (status: CommentStatus): number => counts?.[status] ?? 0;
      const present = STATUSES.filter((status) => of(status) > 0);
      const latest = present
        .flatMap((status) => newest.all(site, key, status, NAMES_FROM))
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, NAMES_FROM);
      const first = present
        .flatMap((status) => oldest.all(site, key, status, 1))
        .reduce<Said | null>((least, one) => (least === null || one.id < least.id ? one : least), null);
      const [last] = latest;
      const names = [...new Set(latest.flatMap((one) => one.author_name ?? []))];
      const approved = of('approved') > 0 ? newest.all(site, key, 'approved', NAMES_LOOKED_AT) : [];
      const underName = countName(
        approved.map((one) => one.author_name),
        last?.author_name ?? null,
      );
      write.run(
        key,
        site,
        last?.author_name ?? null,
        last?.author_url ?? null,
        last?.author_email ?? null,
        JSON.stringify(names),
        spacedWords(names),
        first?.created_at ?? null,
        last?.created_at ?? null,
        last?.id ?? '',
        STATUSES.reduce((sum, status) => sum + of(status), 0),
        of('approved'),
        of('rejected'),
        of('spam'),
        underName,
      );
    },
  };
}
