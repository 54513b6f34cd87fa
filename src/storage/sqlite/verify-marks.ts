import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../comments/comment.ts';
import { createDueMarks } from './operations/marks.ts';
import type { Found } from './verify-found.ts';

interface Mark {
  site: string;
  mark: string;
  status: CommentStatus;
  id: string;
  n: number;
}

const found = ({ site, mark, status, id }: Mark, isDue: boolean): Found => ({
  difference: { what: 'marks', where: id, kept: !isDue, due: isDue },
  mending: { what: 'marks', site, mark, status, id },
});

/** Comments that stand in lists of phases and reasons where they do not belong, or do not stand where they do. */
export function* wrongMarks(db: Database): Generator<Found> {
  const due = createDueMarks(db);
  const kept = db
    .prepare<[string, string, CommentStatus, string], number>(
      'SELECT n FROM marks WHERE site = ? AND mark = ? AND status = ? AND id = ?',
    )
    .pluck();
  const comments = db.prepare<[], Omit<Mark, 'mark'>>(
    'SELECT id, site, status, n FROM comments WHERE deleted_at IS NULL',
  );
  for (const one of comments.iterate()) {
    const { site, status, id, n } = one;
    for (const mark of due(id)?.marks ?? [])
      if (kept.get(site, mark, status, id) !== n) yield found({ ...one, mark }, true);
  }
  for (const one of db.prepare<[], Mark>('SELECT site, mark, status, id, n FROM marks').iterate()) {
    const is = due(one.id);
    const belongs = is?.site === one.site && is.status === one.status && is.marks.includes(one.mark);
    if (!belongs) yield found(one, false);
  }
}
