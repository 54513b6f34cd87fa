import type { CommentStatus } from '../../comments/comment.ts';
import { htmlToText, lineFromHtml } from '../html-text.ts';
import type { Found, LeftKind, LegacyComment, LegacyPage, LegacyReader, ReaderSite } from '../legacy.ts';
import { MalformedFile, newLegacyComment } from '../legacy.ts';
import { localMoment, moment } from '../legacy-dates.ts';
import { createXmlReader } from '../xml-reader.ts';

/** WordPress's eXtended RSS, 1.0 to 1.2: wp-admin/includes/export.php writes it. */

/** `wp_comments.comment_approved`, and the words that its functions take for it. */
const STATUS: Record<string, CommentStatus> = {
  '1': 'approved',
  approve: 'approved',
  approved: 'approved',
  '0': 'pending',
  hold: 'pending',
  spam: 'spam',
  trash: 'trash',
  'post-trashed': 'trash',
};
const COMMENT_TYPES = new Set(['', 'comment', 'review']);
const LEFT: Record<string, LeftKind> = { pingback: 'pingback', trackback: 'trackback', note: 'note' };

type Fields = Record<string, string>;

const NUMBER = /^0*([1-9]\d{0,15})$/;
const numberOf = (text: string | undefined): string | null => NUMBER.exec(text?.trim() ?? '')?.[1] ?? null;
const line = (text: string | undefined): string | null => text?.trim() || null;
/** What `wp_comments` keeps as HTML: names, and links too. */
const htmlLine = (text: string | undefined): string | null => line(lineFromHtml(text ?? ''));

function pageOf(item: Fields): LegacyPage {
  const number = numberOf(item['wp:post_id']);
  const guid = line(item.guid);
  const url = line(item.link);
  const isOther = guid !== null && guid !== url && /^https?:\/\//i.test(guid);
  return {
    url,
    id: number === null ? null : `wp-${number}`,
    title: line(item.title),
    aliases: isOther ? [guid] : [],
  };
}

/** Comments of a post that not everyone may read. */
const isHidden = (item: Fields): boolean =>
  item['wp:status']?.trim() === 'private' || line(item['wp:post_password']) !== null;

function commentOf(fields: Fields, item: Fields, site: ReaderSite): LegacyComment | null {
  const number = numberOf(fields['wp:comment_id']);
  if (number === null) return null;
  const parent = numberOf(fields['wp:comment_parent']);
  return {
    ...newLegacyComment(`wp-${number}`, pageOf(item)),
    parent: parent === null ? null : `wp-${parent}`,
    name: htmlLine(fields['wp:comment_author']),
    email: line(fields['wp:comment_author_email']),
    url: htmlLine(fields['wp:comment_author_url']),
    text: htmlToText(fields['wp:comment_content'] ?? '', 'kept'),
    status: STATUS[fields['wp:comment_approved']?.trim() ?? '1'] ?? 'pending',
    createdAt: momentOf({ utc: fields['wp:comment_date_gmt'], local: fields['wp:comment_date'] }, site),
  };
}

function momentOf({ utc, local }: { utc?: string; local?: string }, { timeZone }: ReaderSite): number | null {
  return moment(utc) ?? localMoment(local, timeZone);
}

export function createWordpressReader(site: ReaderSite): LegacyReader {
  const found: Found[] = [];
  let item: Fields = {};
  let fields: Fields = {};
  let begins = 0;
  /** When the post was published has been told. */
  let isTold = false;

  /** By its date and title WordPress's importer finds the post again; and closing by age begins with it. */
  function tellDate(): void {
    if (isTold) return;
    isTold = true;
    const publishedAt = momentOf({ utc: item['wp:post_date_gmt'], local: item['wp:post_date'] }, site);
    if (publishedAt === null) return;
    const rules = { closed: null, moderation: null, publishedAt };
    found.push({ kind: 'page', page: pageOf(item), rules, line: begins });
  }

  function finishComment(): void {
    const type = fields['wp:comment_type']?.trim() ?? '';
    if (!COMMENT_TYPES.has(type)) {
      found.push({ kind: 'left', what: LEFT[type] ?? 'other', line: begins });
      return;
    }
    const comment = commentOf(fields, item, site);
    if (comment === null) {
      found.push({ kind: 'problem', problem: { legacyId: null, code: 'invalid' }, line: begins });
      return;
    }
    if (isHidden(item) && comment.status === 'approved') {
      found.push({
        kind: 'problem',
        problem: { legacyId: comment.legacyId, code: 'not-public' },
        line: begins,
      });
      comment.status = 'pending';
    }
    tellDate();
    found.push({ kind: 'comment', comment, line: begins });
  }

  const xml = createXmlReader({
    open(path, _, at) {
      const name = path.at(-1);
      if (path.length === 1 && name !== 'rss') throw new MalformedFile(at, 'this is no export of WordPress');
      if (name === 'item') {
        item = {};
        isTold = false;
      }
      if (name === 'wp:comment') {
        fields = {};
        begins = at;
      }
    },
    close(path, text) {
      const name = path.at(-1) ?? '';
      const parent = path.at(-2);
      if (name === 'wp:comment') finishComment();
      else if (parent === 'wp:comment') fields[name] = text;
      // The text of the post itself is long and of no use here.
      else if (parent === 'item' && !name.endsWith(':encoded')) item[name] = text;
    },
  });
  return { write: xml.write, end: xml.end, take: () => found.splice(0) };
}
