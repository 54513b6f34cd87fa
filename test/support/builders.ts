import { randomBytes } from 'node:crypto';
import type {
  CommentCommand,
  DecideCommand,
  EditCommand,
  ReportCommand,
  ReviseCommand,
  UndoCommand,
} from '../../src/comments/commands.ts';
import type { Actor, Comment, CommentStatus, DecisionAction } from '../../src/comments/comment.ts';
import type { ShownComment, Submission, SubmitResult } from '../../src/comments/comment-store.ts';
import { createIdSource, encodeBytes } from '../../src/ids.ts';
import { createKeyring } from '../../src/keys.ts';
import { DEFAULT_POLICY } from '../../src/sites/policy.ts';
import type { Alias, Page, Site } from '../../src/sites/site.ts';
import { NO_RULES } from '../../src/sites/site.ts';
import { urlReference } from '../../src/sites/site-store.ts';
import type { Token } from '../../src/staff/token.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** Makes the domain's values for tests of the stores: whole, plausible, and named by what a test says of them. */

const ids = createIdSource();
const keys = createKeyring(Buffer.alloc(32, 7));

/** An id of that moment. */
export const freshId = (at: number): string => ids.next(at);

/** A moment that tests count from: 2026-01-01T00:00:00Z. */
export const EPOCH = Date.UTC(2026, 0, 1);

let moment = EPOCH;
/** A later moment at each call, in milliseconds. */
export function tick(by = 1000): number {
  moment += by;
  return moment;
}

let names = 0;
/** A name that no other test uses, as a site's id may be. */
export function freshSite(): string {
  names += 1;
  return `site-${names}-${randomBytes(4).toString('hex')}`;
}

export const MODERATOR: Actor = { kind: 'moderator', id: 'm1', name: 'Mina' };
export const OTHER_MODERATOR: Actor = { kind: 'moderator', id: 'm2', name: 'Otto' };
export const AUTHOR: Actor = { kind: 'author', id: 'author', name: 'author' };

/** A page as the domain would first know it: its key is made from its id, else from its URL. */
export function page(site: string, url: string, rest: { id?: string; title?: string } = {}): Page {
  const reference = rest.id === undefined ? urlReference(url) : `i:${rest.id}`;
  const key = encodeBytes(keys.mac('page', site, reference), 13);
  return { site, key, url, id: rest.id ?? null, title: rest.title ?? null, ...NO_RULES };
}

export function authorKey(site: string, name: string): string {
  return encodeBytes(keys.mac('author', site, name), 26);
}

export interface CommentOptions extends Partial<Omit<Comment, 'author'>> {
  author?: string | null;
}

/** A comment on `at`, pending, written by `author` (a name; null: without an address). */
export function comment(at: Page, options: CommentOptions = {}): Comment {
  const { author = 'ada', ...rest } = options;
  const createdAt = rest.createdAt ?? tick();
  const text = rest.text ?? `Said at ${createdAt} — سلام`;
  const status = rest.status ?? 'pending';
  return {
    id: ids.next(createdAt) + at.key,
    legacyId: null,
    site: at.site,
    pageKey: at.key,
    parentId: null,
    ancestors: [],
    author: {
      key: author === null ? null : authorKey(at.site, author),
      name: author ?? 'Nobody',
      url: author === null ? null : `https://${author}.example/`,
      email: author === null ? null : `sealed-${author}`,
      moderator: false,
    },
    text,
    html: `<p dir="auto">${text}</p>`,
    status,
    decidedBy: null,
    version: 1,
    revision: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    open: status === 'approved',
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk: 0,
    screening: [
      { phase: 'own-email', outcome: 'pass', code: null, detail: null, score: null, ms: 0.1 },
      {
        phase: 'moderation',
        outcome: 'hold',
        code: 'all',
        detail: 'every comment',
        score: 0.25,
        ms: 0.2,
        matches: [{ field: 'body', start: 0, end: 4, weight: 1 }],
      },
    ],
    ...rest,
  };
}

export interface SubmissionOptions {
  page?: Partial<Pick<Page, 'url' | 'id' | 'title'>>;
  duplicateKey?: string;
  duplicateSince?: number | null;
}

export function submission(at: Page, what: Comment, options: SubmissionOptions = {}): Submission {
  return {
    comment: what,
    page: { url: at.url, id: at.id, title: at.title, ...options.page },
    duplicateKey: options.duplicateKey ?? randomBytes(16).toString('base64url'),
    duplicateSince: options.duplicateSince ?? null,
  };
}

/** Stores a comment and gives it as stored; fails where the store refuses it. */
export async function post(
  store: Storage,
  at: Page,
  options: CommentOptions & { parent?: Comment } & SubmissionOptions = {},
): Promise<Comment> {
  const { parent, page: pageOptions, duplicateKey, duplicateSince, ...rest } = options;
  const threaded = parent ? { parentId: parent.id, ancestors: [...parent.ancestors, parent.id] } : {};
  const what = comment(at, { ...threaded, ...rest });
  return stored(
    await store.comments.submit(submission(at, what, { page: pageOptions, duplicateKey, duplicateSince })),
  );
}

export function stored(result: SubmitResult): Comment {
  if (result.kind !== 'stored') throw new Error(`the store said ${result.kind}`);
  return result.comment;
}

/** Approved from the start, as where the site's moderation is `none`. */
export function postApproved(
  store: Storage,
  at: Page,
  options: CommentOptions & { parent?: Comment } & SubmissionOptions = {},
): Promise<Comment> {
  return post(store, at, { status: 'approved', ...options });
}

export function decision(
  on: Pick<Comment, 'id'>,
  action: DecisionAction,
  rest: Partial<DecideCommand> = {},
): DecideCommand {
  const at = rest.at ?? tick();
  return {
    kind: 'decide',
    decisionId: ids.next(at) + on.id,
    at,
    by: MODERATOR,
    action,
    reason: null,
    note: null,
    ...rest,
  };
}

export function undo(on: Pick<Comment, 'id'>, undoes: string): UndoCommand {
  const at = tick();
  return { kind: 'undo', decisionId: ids.next(at) + on.id, at, by: MODERATOR, undoes };
}

export function edit(on: Comment, text: string, rest: Partial<EditCommand> = {}): EditCommand {
  const at = tick();
  return {
    kind: 'edit',
    decisionId: ids.next(at) + on.id,
    at,
    by: AUTHOR,
    version: on.version,
    text,
    html: `<p>${text}</p>`,
    duplicateKey: randomBytes(16).toString('base64url'),
    screened: 'pending' as CommentStatus,
    screening: [],
    risk: 0,
    ...rest,
  };
}

export function removal(on: Pick<Comment, 'id'>): CommentCommand {
  const at = tick();
  return { kind: 'remove', decisionId: ids.next(at) + on.id, at, by: AUTHOR };
}

/** A reader's report, from an address of their own. */
export function report(
  on: Pick<Comment, 'id'>,
  reader: string,
  rest: Partial<Pick<ReportCommand, 'holdAt'>> & { report?: Partial<ReportCommand['report']> } = {},
): ReportCommand {
  const at = tick();
  const said = {
    reader,
    address: `address of ${reader}`,
    reason: 'abuse',
    note: null,
    ...rest.report,
  } as const;
  const { holdAt = null } = rest;
  return { kind: 'report', decisionId: ids.next(at) + on.id, at, report: said, holdAt };
}

/** A moderator's new text. */
export function revision(on: Comment, text: string): ReviseCommand {
  const at = tick();
  const body = { text, html: `<p>${text}</p>` };
  return {
    kind: 'revise',
    decisionId: ids.next(at) + on.id,
    at,
    by: MODERATOR,
    version: on.version,
    body,
    duplicateKey: randomBytes(16).toString('base64url'),
  };
}

/** Applies a command that must succeed; gives the comment after it. */
export async function apply(
  store: Storage,
  on: Pick<Comment, 'id'>,
  command: CommentCommand,
): Promise<Comment> {
  const result = await store.comments.change(on.id, command);
  if (result.refused !== undefined) throw new Error(`the store refused: ${result.refused}`);
  return result.next;
}

export function decide(
  store: Storage,
  on: Pick<Comment, 'id'>,
  action: DecisionAction,
  rest: Partial<DecideCommand> = {},
): Promise<Comment> {
  return apply(store, on, decision(on, action, rest));
}

export function site(id: string, rest: Partial<Site> = {}): Site {
  const createdAt = rest.createdAt ?? tick();
  return {
    id,
    name: `Site ${id}`,
    origins: [`https://${id}.example`],
    locale: 'fa-IR',
    timeZone: 'Asia/Tehran',
    policy: { ...DEFAULT_POLICY },
    version: 1,
    createdAt,
    updatedAt: createdAt,
    ...rest,
  };
}

export function alias(siteId: string, from: string, to: string): Alias {
  const createdAt = tick();
  return { id: ids.next(createdAt), site: siteId, alias: from, page: to, createdAt };
}

export function token(rest: Partial<Token> = {}): Token {
  const createdAt = rest.createdAt ?? tick();
  return {
    id: ids.next(createdAt),
    name: 'A script',
    role: 'moderator',
    sites: ['*'],
    hash: randomBytes(32).toString('hex'),
    hint: 'wxyz',
    createdBy: { kind: 'token', id: 'root', name: 'root' },
    createdAt,
    expiresAt: null,
    lastUsedAt: null,
    ...rest,
  };
}

/** What readers' lists must hold of a comment. */
export function shownPart({ author, ...whole }: Comment): ShownComment {
  const { id, legacyId, site, pageKey, parentId, ancestors, text, html, status } = whole;
  const { createdAt, editedAt, deletedAt, open, replyCount, votesUp, votesDown, pinned } = whole;
  const { key, name, url, moderator } = author;
  return {
    ...{ id, legacyId, site, pageKey, parentId, ancestors, text, html, status },
    ...{ createdAt, editedAt, deletedAt, open, replyCount, votesUp, votesDown, pinned },
    author: { key, name, url, moderator },
  };
}
