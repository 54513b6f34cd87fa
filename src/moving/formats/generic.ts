import { SET_STANDINGS, type SetStanding } from '../../authors/standing.ts';
import { type Actor, type CommentStatus, STATUSES } from '../../comments/comment.ts';
import { MODERATIONS, type Moderation } from '../../sites/policy.ts';
import type { PageRules } from '../../sites/site.ts';
import type {
  Found,
  LegacyActor,
  LegacyAuthor,
  LegacyComment,
  LegacyPage,
  LegacyReader,
  ReaderSite,
  SiteRecord,
} from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { createLinesReader } from '../lines-reader.ts';
import { addressOf, countOf, type Members, membersOf, textOf } from './values.ts';

/** Gatehouse's own JSON Lines, which its export writes and people can write by hand: docs/moving.md. */

function pageOf(value: unknown, site: ReaderSite): LegacyPage | null {
  const page = membersOf(value) ?? { url: value };
  const [url, id] = [textOf(page.url), textOf(page.id)];
  if (url === null && id === null) return null;
  const aliases = Array.isArray(page.aliases) ? page.aliases.flatMap((one) => textOf(one) ?? []) : [];
  return { url: url === null ? null : addressOf(site.origin, url), id, title: textOf(page.title), aliases };
}

const momentOf = (value: unknown): number | null =>
  typeof value === 'number' ? moment(isFiniteDate(value)) : moment(textOf(value));
const isFiniteDate = (at: number): string | null =>
  Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : null;

const isStatus = (value: unknown): value is CommentStatus => (STATUSES as readonly unknown[]).includes(value);

const ACTOR_KINDS: readonly Actor['kind'][] = ['moderator', 'token', 'filter', 'author', 'system'];

function actorOf(value: unknown): LegacyActor | null {
  const { kind, name } = membersOf(value) ?? {};
  const known = ACTOR_KINDS.find((one) => one === kind);
  return known === undefined ? null : { kind: known, name: textOf(name) ?? '' };
}

const isStanding = (value: unknown): value is SetStanding =>
  (SET_STANDINGS as readonly unknown[]).includes(value);

/** Null where it says nothing of anybody. */
function authorOf(line: Members): LegacyAuthor | null {
  const { standing } = line;
  const [email, sealed] = [textOf(line.email), textOf(line.sealed)];
  if (!isStanding(standing) || (email === null && sealed === null)) return null;
  return {
    email,
    sealed,
    isVerified: line.verified === true,
    standing,
    until: momentOf(line.until),
    reason: textOf(line.reason),
    by: actorOf(line.by),
    at: momentOf(line.at),
  };
}

function commentOf(line: Members, { id, page }: { id: string; page: LegacyPage }): LegacyComment {
  const author = membersOf(line.author) ?? { name: line.author };
  const votes = membersOf(line.votes);
  return {
    ...newLegacyComment(id, page),
    legacyId: textOf(line.legacyId),
    id,
    parent: textOf(line.parentId),
    name: textOf(author.name),
    email: textOf(author.email),
    sealed: textOf(author.sealed),
    url: textOf(author.url),
    moderator: author.moderator === true,
    identity: author.verified === true ? { badge: textOf(author.badge) } : null,
    decidedBy: actorOf(line.decidedBy),
    text: textOf(line.text) ?? textOf(line.body),
    status: isStatus(line.status) ? line.status : line.status === undefined ? 'approved' : 'pending',
    createdAt: momentOf(line.createdAt),
    editedAt: momentOf(line.editedAt),
    deletedAt: momentOf(line.deletedAt),
    pinned: line.pinned === true,
    votesUp: countOf(votes?.up),
    votesDown: countOf(votes?.down),
  };
}

const isModeration = (value: unknown): value is Moderation =>
  (MODERATIONS as readonly unknown[]).includes(value);

function rulesOf({ closed, moderation, publishedAt }: Members): Omit<PageRules, 'version'> {
  return {
    closed: typeof closed === 'boolean' ? closed : null,
    moderation: isModeration(moderation) ? moderation : null,
    publishedAt: momentOf(publishedAt),
  };
}

const termsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((term) => textOf(term) ?? []) : [];

/** What a line that is no comment says; null where it says nothing that we know. */
function recordOf(members: Members, site: ReaderSite): SiteRecord | null {
  if (members.type === 'author') {
    const author = authorOf(members);
    return author && { kind: 'author', author };
  }
  if (members.type === 'wordlist')
    return { kind: 'wordlist', hold: termsOf(members.hold), reject: termsOf(members.reject) };
  if (members.type === 'page') {
    const page = pageOf(members, site);
    return page && { kind: 'page', page, rules: rulesOf(members) };
  }
  const page = members.type === 'alias' ? pageOf(members.page, site) : null;
  const [url, id] = [textOf(members.alias), textOf(members.aliasId)];
  if (page === null || (url === null && id === null)) return null;
  const alias = url === null ? { id: id ?? '' } : { url: addressOf(site.origin, url) };
  return { kind: 'alias', alias, page };
}

function foundOf(members: Members, line: number, site: ReaderSite): Found {
  const id = textOf(members.id);
  const page = pageOf(members.page, site);
  if (id !== null && page) return { kind: 'comment', comment: commentOf(members, { id, page }), line };
  const code = id === null ? 'invalid' : 'no-page';
  return { kind: 'problem', problem: { legacyId: id, code }, line };
}

export function createGenericReader(site: ReaderSite): LegacyReader {
  const found: Found[] = [];
  const lines = createLinesReader((value, line) => {
    const members = membersOf(value);
    if (!members) throw new MalformedFile(line, 'a line is an object');
    const { type = 'comment' } = members;
    if (type === 'comment') {
      found.push(foundOf(members, line, site));
      return;
    }
    const record = recordOf(members, site);
    if (record) found.push({ ...record, line });
  });
  return { write: lines.write, end: lines.end, take: () => found.splice(0) };
}
