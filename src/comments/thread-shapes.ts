import type { Site } from '../sites/site.ts';
import type { ShownComment } from './comment-store.ts';
import { createPresenter, type Place, presentedPage } from './present.ts';
import type { PublicComment } from './public-comment.ts';

/** Makes of a thread's comments what an answer carries. */
export interface ThreadShape<Shown> {
  /** One by itself, as flat lists have it. */
  alone(comment: ShownComment): Shown;
  /** One with its replies, and the cursor behind them where they were cut. */
  withReplies(comment: ShownComment, replies: Shown[], cursor: string | undefined): Shown;
}

/** Each comment an object. */
export function asObjects(place: Place): ThreadShape<PublicComment> {
  const alone = createPresenter(place);
  return {
    alone,
    withReplies(comment, replies, cursor) {
      const shown = alone(comment);
      shown.replies = replies;
      if (cursor !== undefined) shown.repliesCursor = cursor;
      return shown;
    },
  };
}

/** The JSON of the same object, in pieces: text, or what is UTF-8 already. */
export type JsonPieces = readonly (string | Buffer)[];

/** The beginning of a comment's JSON, all but the brace that closes it, as it was made somewhere. */
interface Beginning {
  site: Site;
  publicUrl: string;
  page: PublicComment['page'];
  bytes: Buffer;
}

/** Of comments that their store gives again for as long as they do not change. */
const beginnings = new WeakMap<ShownComment, Beginning>();

/** Each comment its JSON; that of one which is shown as before is not made again. */
export function asJson(place: Place): ThreadShape<JsonPieces> {
  const { site, publicUrl } = place;
  const page = presentedPage(place);
  const present = createPresenter(place);

  function beginningOf(comment: ShownComment): string | Buffer {
    const known = beginnings.get(comment);
    if (known && known.site === site && known.publicUrl === publicUrl && isSamePage(known.page, page))
      return known.bytes;
    const text = JSON.stringify(present(comment)).slice(0, -1);
    if (!Object.isFrozen(comment)) return text;
    const bytes = Buffer.from(text);
    beginnings.set(comment, { site, publicUrl, page, bytes });
    return bytes;
  }

  return {
    alone: (comment) => [beginningOf(comment), '}'],
    withReplies(comment, replies, cursor) {
      const more = cursor === undefined ? '' : `,"repliesCursor":${JSON.stringify(cursor)}`;
      return [beginningOf(comment), ',"replies":[', ...joined(replies), `]${more}}`];
    },
  };
}

const joined = (items: readonly JsonPieces[]): (string | Buffer)[] =>
  items.flatMap((pieces, i) => (i === 0 ? pieces : [',', ...pieces]));

/** The bytes of the JSON of one object that has the list as its first member, before the others. */
export function listBytes(
  name: string,
  items: readonly JsonPieces[],
  others: Record<string, unknown>,
): Buffer {
  const end = `],${JSON.stringify(others).slice(1)}`;
  const found: Buffer[] = [];
  // Text is encoded in runs as long as it comes.
  let text = `{${JSON.stringify(name)}:[`;
  for (const piece of [...joined(items), end]) {
    if (typeof piece === 'string') text += piece;
    else {
      found.push(Buffer.from(text), piece);
      text = '';
    }
  }
  return Buffer.concat([...found, Buffer.from(text)]);
}

const isSamePage = (one: PublicComment['page'], other: PublicComment['page']): boolean =>
  one.url === other.url && one.title === other.title && one.id === other.id;
