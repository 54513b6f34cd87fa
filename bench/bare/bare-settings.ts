import type { Comment } from '../../src/comments/comment.ts';

/** What the bare servers are told, as JSON in a file. */
export interface KeptBytes {
  /** By path: the whole answers to repeat. */
  answers: Record<string, KeptReply>;
  /** The answer to every POST. */
  posted: KeptReply | null;
}

export interface KeptReply {
  status: number;
  /** Names and values in turn, as writeHead takes them. */
  headers: string[];
  /** Base64. */
  body: string;
  etag: string | null;
}

export interface CommitSettings {
  store: { kind: 'sqlite'; dataDir: string; writerPath: string } | { kind: 'mongo'; uri: string };
  /** A row as Gatehouse stored it: the template of those to commit. */
  row: Comment;
  /** The page whose rows they are, by URL. */
  pageKeys: Record<string, string>;
  /** Length of each answer's body in bytes. */
  answerBytes: number;
  headers: string[];
}
