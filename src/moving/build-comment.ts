import type { EmailAddress } from '../authors/email.ts';
import { parseEmail } from '../authors/email.ts';
import { MOST_BADGE } from '../authors/identity.ts';
import type { Comment, CommentAuthor } from '../comments/comment.ts';
import { duplicateKeyOf } from '../comments/duplicates.ts';
import { checkAuthorUrl, FieldErrors } from '../comments/fields.ts';
import type { Deps } from '../deps.ts';
import { COMMENT_ID_LENGTH, idAt, isIdOf, momentOfId } from '../ids.ts';
import type { Site } from '../sites/site.ts';
import { renderBody } from '../text/markdown.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { countCharacters, isBlank, normalizeText } from '../text/normalize.ts';
import type { Addresses } from './addresses.ts';
import { buildPast, NO_PAST, newcomer, shapeOf } from './build-past.ts';
import type { ImportedComment, KnownComment } from './import-store.ts';
import type { ImportedPage } from './imported-pages.ts';
import type { LegacyComment, ProblemOfImport } from './legacy.ts';
import { actorFrom } from './place-authors.ts';
import { lineOf, wellFormed } from './stored-lines.ts';

/** Characters of the longest text that WordPress keeps, and some more. */
const MOST_TEXT = 100_000;
/** Levels of a thread: each comment names all those above it. */
const MOST_DEPTH = 100;
const MOST_LEGACY_ID = 200;

/** What the name, link and address of a comment come to. */
interface Identity {
  author: CommentAuthor;
  email: EmailAddress | null;
}

export interface BuildOptions {
  deps: Pick<Deps, 'keys'>;
  site: Site;
  legacy: LegacyComment;
  /** As it is kept; null for a comment of ours. */
  legacyId: string | null;
  /** The id that it had here; null where it is not ours, or another site's comment has that. */
  id: string | null;
  page: ImportedPage;
  parent: KnownComment | null;
  /** Comments before this moment are no comment's first. */
  duplicatesSince: number;
  /** Nobody will see it. */
  isDryRun: boolean;
  addresses: Addresses;
  say: (code: ProblemOfImport) => void;
}

function identityOf(options: BuildOptions): Identity {
  const { site, legacy, addresses, say } = options;
  const { email: written, sealed, identity } = legacy;
  const person = addresses.find({ email: written, sealed, isVerified: identity !== null }, say);
  const email = person?.email ?? null;
  const mask = (text: string): string => (email === null ? text : maskOwnAddress(text, email).text);
  const masked = (text: string | null): string | null => (text === null ? null : mask(text));
  let name = lineOf(legacy.name, site.policy.limits.name);
  if (name !== null && parseEmail(name) !== null) {
    say('name-is-address');
    name = null;
  }
  // An address in a link can't be masked: the link goes.
  const link = legacy.url === null ? null : checkAuthorUrl(new FieldErrors(), site, wellFormed(legacy.url));
  const url = link !== null && mask(link) !== link ? null : link;
  return {
    email,
    author: {
      key: person?.key ?? null,
      name: masked(name),
      url,
      email: person?.sealed ?? null,
      moderator: legacy.moderator,
      ...(identity && { identity: { badge: masked(lineOf(identity.badge, MOST_BADGE)) } }),
    },
  };
}

/** The text as stored; null, and said why, where there is none to keep. */
export function storedText(legacy: LegacyComment, say: BuildOptions['say']): string | null {
  const text = legacy.text === null ? null : normalizeText(wellFormed(legacy.text));
  if (text === null || isBlank(text)) say('no-text');
  else if (countCharacters(text) > MOST_TEXT) say('too-long');
  else return text;
  return null;
}

/** The id under which a comment's former id is kept. */
export function legacyIdOf(legacy: LegacyComment): string | null {
  const id = legacy.legacyId ?? (keptId(legacy) === null ? legacy.ref : null);
  return id === null ? null : (lineOf(id, MOST_LEGACY_ID) ?? 'unnamed');
}

/** The id of a comment of ours that comes back: it says when the comment was made. */
export function keptId({ id, createdAt }: LegacyComment): string | null {
  if (id === null || createdAt === null || !isIdOf(COMMENT_ID_LENGTH, id)) return null;
  return momentOfId(id) === createdAt ? id : null;
}

const NUMBER_AT_END = /(\d{1,15})$/;

/**
 * The same id whenever the same comment is imported, so that doing it twice does it once. Of comments of one
 * moment those with smaller numbers come first.
 */
function newId({ deps, site, page }: BuildOptions, legacyId: string, createdAt: number): string {
  const mac = deps.keys.mac('import', site.id, legacyId);
  const digits = isIdOf(COMMENT_ID_LENGTH, legacyId) ? undefined : NUMBER_AT_END.exec(legacyId)?.[1];
  const tail =
    digits === undefined
      ? mac.readUIntBE(0, 5) % 2 ** 39
      : (Number(digits) % 2 ** 23) * 2 ** 16 + mac.readUInt16BE(0);
  return idAt(createdAt, tail) + page.key;
}

/** When it counts as made: a reply is younger than what it answers, so that the order of ids is that of talk. */
export const momentAfter = (createdAt: number, parent: KnownComment | null): number =>
  parent ? Math.max(createdAt, parent.createdAt + 1) : createdAt;

/** A comment as it is kept, of a file's. Nothing of it is screened. Null where it has nothing to keep. */
export function buildComment(options: BuildOptions, createdAt: number): ImportedComment | null {
  const { deps, site, legacy, legacyId, id, page, parent, say } = options;
  const { keys } = deps;
  const at = id === null ? momentAfter(createdAt, parent) : createdAt;
  const isDeleted = legacy.deletedAt !== null;
  const written = isDeleted ? null : storedText(legacy, say);
  if (written === null && !isDeleted) return null;
  if (parent && parent.ancestors.length + 1 >= MOST_DEPTH) say('too-deep');
  const line = parent ? [...parent.ancestors, parent.id].slice(0, MOST_DEPTH) : [];
  const { author, email } = isDeleted ? { author: { ...NOBODY }, email: null } : identityOf(options);
  const masked = (line: string | null) =>
    line !== null && email !== null ? maskOwnAddress(line, email).text : line;
  const text = masked(written);
  const comment: Comment = {
    id: id ?? newId(options, legacyId ?? legacy.ref, at),
    legacyId,
    site: site.id,
    pageKey: parent?.pageKey ?? page.key,
    parentId: line.at(-1) ?? null,
    ancestors: line,
    author,
    text,
    html: text === null || options.isDryRun ? null : renderBody(text),
    status: legacy.status,
    decidedBy: legacy.decidedBy && actorFrom(legacy.decidedBy),
    createdAt: at,
    editedAt: legacy.editedAt,
    deletedAt: legacy.deletedAt,
    open: legacy.status === 'approved',
    replyCount: 0,
    votesUp: legacy.votesUp,
    votesDown: legacy.votesDown,
    pinned: legacy.pinned,
    ...(legacy.past ? shapeOf(legacy.past, isDeleted) : newcomer()),
  };
  const formerId = id === null ? keptId(legacy) : null;
  const duplicateKey = at < options.duplicatesSince ? '' : duplicateKeyOf({ keys }, comment, text ?? '');
  const past = legacy.past ? buildPast({ keys }, comment, legacy.past) : NO_PAST;
  const names = { ...page.names, title: masked(page.names.title) };
  return { comment, ...past, page: names, duplicateKey, formerId };
}

const NOBODY: CommentAuthor = { key: null, name: null, url: null, email: null, moderator: false };

/** From when on comments are told from those that say the same again. Older ones are not looked at for that. */
export function duplicatesSince({ policy }: Site, now: number): number {
  return now - Math.max(policy.duplicateHours * HOUR, LEAST_DUPLICATES);
}
const HOUR = 60 * 60 * 1000;
/** The policy may be another one tomorrow. */
const LEAST_DUPLICATES = 366 * 24 * HOUR;
