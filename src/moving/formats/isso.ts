import { createJsonReader } from '../json-reader.ts';
import type { Found, LegacyPage, LegacyReader, ReaderSite } from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { addressOf, countOf, membersOf, textOf } from './values.ts';

/** Isso's own JSON: a list of threads, each with its comments (isso/migrate.py, `Generic`). Texts are Markdown. */

/** Some exports escape titles as forms do; words of people hold spaces. */
function titleOf(text: string | null): string | null {
  if (text === null || /\s/.test(text) || !/[+]|%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // URIError: it was no escaped title.
    return text;
  }
}

/** 1 accepted, 2 in the queue, 4 deleted but with replies. */
const PENDING = 2;
const DELETED = 4;

/** Seconds since 1970, or a date in words. */
function momentOf(value: unknown): number | null {
  if (typeof value !== 'number') return moment(textOf(value));
  return Math.abs(value) < 8.64e12 ? moment(new Date(value * 1000).toISOString()) : null;
}

function foundOf(
  value: unknown,
  { uri, page, line }: { uri: string; page: LegacyPage; line: number },
): Found {
  const comment = membersOf(value);
  const id = textOf(comment?.id);
  if (!comment || id === null) return { kind: 'problem', problem: { legacyId: null, code: 'invalid' }, line };
  const parent = textOf(comment.parent);
  const createdAt = momentOf(comment.created);
  return {
    kind: 'comment',
    line,
    comment: {
      ...newLegacyComment(`isso-${uri}#${id}`, page),
      parent: parent === null ? null : `isso-${uri}#${parent}`,
      name: textOf(comment.author),
      email: textOf(comment.email),
      url: textOf(comment.website),
      text: textOf(comment.text),
      status: comment.mode === PENDING ? 'pending' : 'approved',
      createdAt,
      editedAt: momentOf(comment.modified),
      deletedAt: comment.mode === DELETED ? createdAt : null,
      votesUp: countOf(comment.likes),
      votesDown: countOf(comment.dislikes),
    },
  };
}

/** A mark of UTF-8, and white space. */
const BEFORE_JSON = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
const LIST = 0x5b;

export function createIssoReader(site: ReaderSite): LegacyReader {
  const found: Found[] = [];
  /** The sign that the document begins with. */
  let first: number | undefined;
  let isKnown = false;
  const json = createJsonReader(['$.*'], ({ value, line }) => {
    const thread = membersOf(value);
    const uri = textOf(thread?.id) ?? textOf(thread?.uri);
    if (!thread || uri === null || !Array.isArray(thread.comments))
      throw new MalformedFile(line, 'this is no thread of Isso');
    isKnown = true;
    const page: LegacyPage = {
      url: addressOf(site.origin, uri),
      id: null,
      title: titleOf(textOf(thread.title)),
      aliases: [],
    };
    for (const comment of thread.comments) found.push(foundOf(comment, { uri, page, line }));
  });
  return {
    write(bytes) {
      first ??= bytes.find((sign) => !BEFORE_JSON.has(sign));
      json.write(bytes);
    },
    end() {
      json.end();
      // An empty file and another system's empty object would be taken for a list without a thread.
      if (first !== LIST && !isKnown) throw new MalformedFile(1, 'this is no list of threads of Isso');
    },
    take: () => found.splice(0),
  };
}
