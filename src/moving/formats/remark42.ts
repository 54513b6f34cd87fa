import { htmlToText } from '../html-text.ts';
import type { Found, LegacyComment, LegacyReader, ReaderSite } from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { createLinesReader } from '../lines-reader.ts';
import { addressOf, type Members, membersOf, textOf, votesOf } from './values.ts';

/** Remark42's backup: a line of users and posts, then a comment on each line (backend/app/migrator/native.go). */

/** Who voted how, where that is known; else what came of it. */
function countVotes({ votes, score }: Members): { votesUp: number; votesDown: number } {
  const cast = Object.values(membersOf(votes) ?? {}).filter((vote) => typeof vote === 'boolean');
  if (cast.length === 0) return votesOf(score);
  const votesUp = cast.filter(Boolean).length;
  return { votesUp, votesDown: cast.length - votesUp };
}

function commentOf(comment: Members, { id, url }: { id: string; url: string }): LegacyComment {
  const user = membersOf(comment.user);
  const parent = textOf(comment.pid);
  const createdAt = moment(textOf(comment.time));
  const source = textOf(comment.orig);
  const page = { url, id: null, title: textOf(comment.title), aliases: [] };
  return {
    ...newLegacyComment(`remark42-${id}`, page),
    parent: parent === null ? null : `remark42-${parent}`,
    name: textOf(user?.name),
    text: source ?? htmlToText(textOf(comment.text) ?? '', 'space'),
    createdAt,
    editedAt: moment(textOf(membersOf(comment.edit)?.time)),
    deletedAt: comment.delete === true ? createdAt : null,
    pinned: comment.pin === true,
    moderator: user?.admin === true,
    ...countVotes(comment),
  };
}

export function createRemark42Reader(site: ReaderSite): LegacyReader {
  const found: Found[] = [];
  let isKnown = false;
  const lines = createLinesReader((value, line) => {
    const comment = membersOf(value);
    // An export of Commento has a version, too, and would be taken for a backup without a comment.
    if (!comment || comment.comments !== undefined)
      throw new MalformedFile(line, 'this is no line of a Remark42 backup');
    isKnown = true;
    if (comment.version !== undefined || comment.users !== undefined) return;
    const id = textOf(comment.id);
    const url = textOf(membersOf(comment.locator)?.url);
    if (id !== null && url !== null) {
      const place = { id, url: addressOf(site.origin, url) };
      found.push({ kind: 'comment', comment: commentOf(comment, place), line });
      return;
    }
    const legacyId = id === null ? null : `remark42-${id}`;
    found.push({ kind: 'problem', problem: { legacyId, code: id === null ? 'invalid' : 'no-page' }, line });
  });
  return {
    write: lines.write,
    end() {
      lines.end();
      if (!isKnown) throw new MalformedFile(1, 'this is no backup of Remark42');
    },
    take: () => found.splice(0),
  };
}
