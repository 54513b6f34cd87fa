import type { Api } from './api.ts';
import type { Own } from './keep.ts';
import type { Comment, Policy, VoteValue } from './types.ts';
import type { Words } from './words.ts';

/** What one thread's parts share. */
export interface Context {
  api: Api;
  site: string;
  page: { url: string | null; id: string | null; title: string };
  /** `page=…` or `pageId=…`, encoded. */
  pageQuery: string;
  words: Words;
  /** Null until it has come; the thread is shown without it. */
  policy: Policy | null;
  /** What readers do beyond reading; comes with the policy. */
  write: Write | null;
  /** The reader's own votes by comment. */
  votes: Record<string, VoteValue>;
  /** The reader's own comments. */
  own: Own[];
  /** Says it to those who listen instead of looking. */
  announce(text: string): void;
  /** Puts a comment of the reader's own where it belongs, or in the place of its earlier state. */
  show(comment: Comment): void;
  /** Opens a form that answers the comment, in its place. */
  openReply(comment: Comment, place: HTMLElement, opener: HTMLElement): void;
}

export interface FormOptions {
  parent: Comment | null;
  /** Closes a form that answers; the form of the thread stays. */
  close?(): void;
}

/** What the second file brings; see write.ts. */
export interface Write {
  /** What a reader can do with a comment. */
  actionsOf(context: Context, comment: Comment): HTMLElement;
  /** A form for a comment or an answer. */
  commentForm(context: Context, policy: Policy, options: FormOptions): HTMLElement;
}
