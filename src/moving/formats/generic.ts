import { SET_STANDINGS, type SetStanding } from '../../authors/standing.ts';
import { MODERATIONS, type Moderation } from '../../sites/policy.ts';
import type { PageRules } from '../../sites/site.ts';
import type {
  Facts,
  Found,
  LegacyAuthor,
  LegacyComment,
  LegacyPage,
  LegacyPast,
  LegacyReader,
  ReaderSite,
  SiteRecord,
} from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { createLinesReader } from '../lines-reader.ts';
import { createPastReader } from './generic-past.ts';
import { actorOf, momentOf, statusOf } from './generic-values.ts';
import { addressOf, countOf, type Members, membersOf, textOf } from './values.ts';

/** Gatehouse's own JSON Lines, which its export writes and people can write by hand: docs/moving.md. */

function pageOf(value: unknown, site: ReaderSite): LegacyPage | null {
  const page = membersOf(value) ?? { url: value };
  const [url, id] = [textOf(page.url), textOf(page.id)];
  if (url === null && id === null) return null;
  const aliases = Array.isArray(page.aliases) ? page.aliases.flatMap((one) => textOf(one) ?? []) : [];
  return { url: url === null ? null : addressOf(site.origin, url), id, title: textOf(page.title), aliases };
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

interface Told {
  id: string;
  page: LegacyPage;
  past: LegacyPast | null;
}

function commentOf(line: Members, { id, page, past }: Told): LegacyComment {
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
    status: line.status === undefined ? 'approved' : statusOf(line.status),
    createdAt: momentOf(line.createdAt),
    editedAt: momentOf(line.editedAt),
    deletedAt: momentOf(line.deletedAt),
    pinned: line.pinned === true,
    votesUp: countOf(votes?.up),
    votesDown: countOf(votes?.down),
    past,
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
  if (members.type === 'site') return { kind: 'settings' };
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

export function createGenericReader(site: ReaderSite, facts: Facts): LegacyReader {
  const found: Found[] = [];
  const pasts = createPastReader();

  function foundOf(members: Members, line: number): Found {
    const id = textOf(members.id);
    const page = pageOf(members.page, site);
    if (id !== null && page) {
      const comment = commentOf(members, { id, page, past: pasts.read(members) });
      return { kind: 'comment', comment, line };
    }
    const code = id === null ? 'invalid' : 'no-page';
    return { kind: 'problem', problem: { legacyId: id, code }, line };
  }

  const lines = createLinesReader((value, line) => {
    const members = membersOf(value);
    if (!members) throw new MalformedFile(line, 'a line is an object');
    const { type = 'comment' } = members;
    if (type === 'comment') {
      found.push(foundOf(members, line));
      return;
    }
    if (type === 'site') facts.settings ??= members;
    const record = recordOf(members, site);
    if (record) found.push({ ...record, line });
  });
  return { write: lines.write, end: lines.end, take: () => found.splice(0) };
}
