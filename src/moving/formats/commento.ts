import type { CommentStatus } from '../../comments/comment.ts';
import { createJsonReader, type JsonPlace } from '../json-reader.ts';
import type { Facts, Found, LegacyComment, LegacyPage, LegacyReader, ReaderSite } from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { addressOf, type Members, membersOf, textOf, votesOf } from './values.ts';

/** Commento's JSON, version 1, and Comentario's, versions 1 and 3, which names the same things otherwise. */

const STATUS: Record<string, CommentStatus> = {
  approved: 'approved',
  unapproved: 'pending',
  flagged: 'spam',
};
const ROOT = 'root';

function statusOf({ state, isApproved, isPending }: Members): CommentStatus {
  if (typeof state === 'string') return STATUS[state] ?? 'pending';
  if (isPending === true) return 'pending';
  return isApproved === false ? 'rejected' : 'approved';
}

function pageOf(comment: Members, site: ReaderSite, facts: Facts): LegacyPage | null {
  const known = facts.pages.get(textOf(comment.pageId) ?? '');
  if (known) return known;
  const path = textOf(comment.url);
  if (path === null) return null;
  const domain = textOf(comment.domain);
  const url = addressOf(domain === null ? site.origin : `https://${domain}`, path);
  return { url, id: null, title: null, aliases: [] };
}

function commentOf(
  comment: Members,
  id: string,
  { page, facts }: { page: LegacyPage; facts: Facts },
): LegacyComment {
  const person = facts.people.get(textOf(comment.commenterHex) ?? textOf(comment.userCreated) ?? '');
  const parent = textOf(comment.parentHex) ?? textOf(comment.parentId);
  const createdAt = moment(textOf(comment.creationDate) ?? textOf(comment.createdTime));
  const isDeleted = comment.deleted === true || comment.isDeleted === true;
  return {
    ...newLegacyComment(`commento-${id}`, page),
    parent: parent === null || parent === ROOT ? null : `commento-${parent}`,
    name: person?.name ?? textOf(comment.authorName),
    email: person?.email ?? null,
    url: person?.url ?? null,
    moderator: person?.moderator ?? false,
    text: textOf(comment.markdown),
    status: statusOf(comment),
    createdAt,
    editedAt: moment(textOf(comment.editedTime)),
    deletedAt: isDeleted ? createdAt : null,
    pinned: comment.isSticky === true,
    ...votesOf(comment.score),
  };
}

export function createCommentoReader(site: ReaderSite, facts: Facts): LegacyReader {
  const found: Found[] = [];

  function addPerson(person: Members): void {
    const id = textOf(person.commenterHex) ?? textOf(person.id);
    if (id === null) return;
    facts.people.set(id, {
      name: textOf(person.name),
      email: textOf(person.email),
      url: textOf(person.link) ?? textOf(person.websiteUrl),
      moderator: person.isModerator === true,
    });
  }

  function addPage(page: Members): void {
    const [id, path] = [textOf(page.id), textOf(page.path)];
    if (id === null || path === null) return;
    const url = addressOf(site.origin, path);
    facts.pages.set(id, { url, id: null, title: textOf(page.title), aliases: [] });
  }

  function addComment(comment: Members, line: number): void {
    const id = textOf(comment.commentHex) ?? textOf(comment.id);
    const page = pageOf(comment, site, facts);
    const legacyId = id === null ? null : `commento-${id}`;
    if (id !== null && page)
      found.push({ kind: 'comment', comment: commentOf(comment, id, { page, facts }), line });
    else
      found.push({ kind: 'problem', problem: { legacyId, code: id === null ? 'invalid' : 'no-page' }, line });
  }

  let isKnown = false;
  const json = createJsonReader(['$.version', '$.comments.*', '$.commenters.*', '$.pages.*'], take);
  function take({ value, member, line }: JsonPlace): void {
    isKnown = true;
    if (member === '') return;
    const members = membersOf(value);
    if (!members) found.push({ kind: 'problem', problem: { legacyId: null, code: 'invalid' }, line });
    else if (member === 'commenters') addPerson(members);
    else if (member === 'pages') addPage(members);
    else addComment(members, line);
  }
  return {
    write: json.write,
    end() {
      json.end();
      // Another system's JSON has none of these, and would be taken for an export without a comment.
      if (!isKnown) throw new MalformedFile(1, 'this is no export of Commento');
    },
    take: () => found.splice(0),
  };
}
