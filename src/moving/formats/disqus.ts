import { htmlToText } from '../html-text.ts';
import type { Facts, Found, LegacyComment, LegacyPage, LegacyReader, ReaderSite } from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { createXmlReader } from '../xml-reader.ts';

/** Disqus's XML export: https://help.disqus.com/en/articles/1717164-comments-export, and its schema. */

interface Element {
  id: string;
  line: number;
  fields: Record<string, string>;
  thread: string | null;
  parent: string | null;
}

/** Some of its exports leave out the quotes of ids. */
const quoted = (text: string): string => text.replace(/(\sdsq:id=)([\w.-]+)(?=[\s/>])/g, '$1"$2"');

/** How WordPress's plug-in names a post to Disqus: its number, then its address for ever. */
const WORDPRESS_NAME = /^(\d{1,16}) (https?:\/\/\S+)$/;

function pageOf({ fields }: Element): LegacyPage | null {
  const url = fields.link?.trim() || null;
  if (url === null) return null;
  const [, number, guid] = WORDPRESS_NAME.exec(fields.id?.trim() ?? '') ?? [];
  return {
    url,
    id: number === undefined ? null : `wp-${number}`,
    title: fields.title?.trim() || null,
    aliases: guid === undefined || guid === url ? [] : [guid],
  };
}

function commentOf({ id, fields, parent }: Element, page: LegacyPage): LegacyComment {
  const is = (name: string): boolean => fields[name]?.trim() === 'true';
  const createdAt = moment(fields.createdAt);
  const isDeleted = is('isDeleted');
  return {
    ...newLegacyComment(`disqus-${id}`, page),
    parent: parent === null ? null : `disqus-${parent}`,
    name: fields['author/name']?.trim() || fields['author/username']?.trim() || null,
    email: fields['author/email']?.trim() || null,
    text: htmlToText(fields.message ?? '', 'space'),
    status: is('isSpam') ? 'spam' : fields.isApproved?.trim() === 'false' ? 'pending' : 'approved',
    createdAt,
    deletedAt: isDeleted ? createdAt : null,
  };
}

export function createDisqusReader(_: ReaderSite, facts: Facts): LegacyReader {
  const found: Found[] = [];
  let element: Element | null = null;

  function finish(name: string, done: Element): void {
    if (name === 'thread') {
      const page = pageOf(done);
      if (page) facts.pages.set(done.id, page);
      return;
    }
    const page = facts.pages.get(done.thread ?? '');
    const { line } = done;
    // Some posts have the id of the system that they came to Disqus from, and none of its own.
    const id = done.id || (done.fields.id?.trim() ?? '');
    const legacyId = id === '' ? null : `disqus-${id}`;
    if (page && legacyId !== null)
      found.push({ kind: 'comment', comment: commentOf({ ...done, id }, page), line });
    else
      found.push({
        kind: 'problem',
        problem: { legacyId, code: legacyId === null ? 'invalid' : 'no-page' },
        line,
      });
  }

  const xml = createXmlReader(
    {
      open(path, attributes, line) {
        const name = path.at(-1) ?? '';
        const id = attributes['dsq:id'] ?? attributes.id ?? '';
        if (path.length === 1 && name !== 'disqus')
          throw new MalformedFile(line, 'this is no export of Disqus');
        if (path.length === 2 && (name === 'thread' || name === 'post'))
          element = { id, line, fields: {}, thread: null, parent: null };
        if (path.length === 3 && element && name === 'thread') element.thread = id;
        if (path.length === 3 && element && name === 'parent') element.parent = id;
      },
      close(path, text) {
        const name = path.at(-1) ?? '';
        if (!element) return;
        if (path.length === 2) {
          finish(name, element);
          element = null;
        } else element.fields[path.slice(2).join('/')] = text;
      },
    },
    quoted,
  );
  return { write: xml.write, end: xml.end, take: () => found.splice(0) };
}
