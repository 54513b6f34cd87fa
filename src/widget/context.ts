import type { Api } from './api.ts';
import type { Own } from './keep.ts';
import type { Pace } from './slices.ts';
import type { Comment, Policy, VoteValue } from './types.ts';
import type { Words } from './words.ts';

/** What one thread's parts share. */
export interface Context {
  api: Api;
  /** The element. */
  host: HTMLElement;
  /** The service's address, without a trailing slash. */
  home: string;
  site: string;
  page: { url: string | null; id: string | null; title: string };
  /** `page=…` or `pageId=…`, encoded. */
  pageQuery: string;
  words: Words;
  /** Null until it has come; the thread is shown without it. */
  policy: Policy | null;
  /** What a reader can do with a comment; comes with the policy. */
  actionsOf: ActionsOf | null;
  /** For each comment that was drawn before these came: draws what it lacks. */
  pending: ((actionsOf: ActionsOf) => Element)[];
  /** The reader's own votes by comment. */
  votes: Record<string, VoteValue>;
  /** The reader's own comments. */
  own: Own[];
  pace: Pace;
  /** Aborted when the element goes, or begins anew. */
  signal: AbortSignal;
  /** Says it to those who listen instead of looking. */
  announce(text: string): void;
  /** Told each time that the thread stands anew, in another order for example. */
  drawn(): void;
  /** Puts a comment of the reader's own where it belongs, or in the place of its earlier state. */
  show(comment: Comment): void;
  /** Opens a form that answers the comment, in its place. */
  openReply(comment: Comment, place: HTMLElement, opener: HTMLElement): void;
}

/** A signed-in reader as their token has it. Whether the token is right, the service alone knows. */
export interface Reader {
  token: string;
  name: string;
}

export interface FormOptions {
  parent: Comment | null;
  /** Who is signed in: is asked for no name and no address. Null for a guest. */
  reader: Reader | null;
  /** Closes a form that answers; the form of the thread stays. */
  close?(): void;
}

export type ActionsOf = (context: Context, comment: Comment) => HTMLElement;
