import type { VoteStore, VoteValue } from '../../comments/vote-store.ts';
import { MOST_OF_READER } from '../../comments/vote-store.ts';
import type { Connections } from './comments.ts';

interface VoteRow {
  id: string;
  value: VoteValue;
}

/** VoteStore on SQLite. */
export function createVoteStore({ db, commits }: Connections): VoteStore {
  const ofReader = db.prepare<[string, string], VoteRow>(votesOfReaderSql());
  return {
    cast: (vote) => commits.execute('castVote', vote),
    of: async ({ reader }, pageKey) =>
      new Map(ofReader.all(reader, pageKey).map(({ id, value }) => [id, value])),
  };
}

/** Binds reader and page key. A reader's hash is of one site. */
export function votesOfReaderSql(): string {
  return `SELECT c.id, own.value FROM (
      SELECT comment_id, value FROM votes INDEXED BY votes_reader
        WHERE reader = ? ORDER BY comment_id DESC LIMIT ${MOST_OF_READER}
    ) AS own CROSS JOIN comments AS c ON c.id = own.comment_id
    WHERE c.page_key = ? AND c.open = 1 AND c.deleted_at IS NULL`;
}
