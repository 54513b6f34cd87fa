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

/** The UTF-8 of the JSON of the same object, in pieces. */
export type JsonPieces = readonly Buffer[];

/** The beginning of a comment's JSON, all but the brace that closes it, as it was made somewhere. */
interface Beginning {
  site: Site;
  publicUrl: string;
  page: PublicComment['page'];
  bytes: Buffer;
}

/** Of comments that their store gives again for as long as they do not change. */
const beginnings = new WeakMap<ShownComment, Beginning>();

const [END, REPLIES, REPLIES_END, COMMA] = ['}', ',"replies":[', ']', ','].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer];

/** Each comment its JSON; that of one which is shown as before is not made again. */
export function asJson(place: Place): ThreadShape<JsonPieces> {
  const { site, publicUrl } = place;
  const page = presentedPage(place);
  const present = createPresenter(place);

  function beginningOf(comment: ShownComment): Buffer {
    const known = beginnings.get(comment);
    if (known && known.site === site && known.publicUrl === publicUrl && isSamePage(known.page, page))
      return known.bytes;
    const bytes = Buffer.from(JSON.stringify(present(comment)).slice(0, -1));
    if (Object.isFrozen(comment)) beginnings.set(comment, { site, publicUrl, page, bytes });
    return bytes;
  }

  return {
    alone: (comment) => [beginningOf(comment), END],
    withReplies(comment, replies, cursor) {
      const more = cursor === undefined ? [] : [Buffer.from(`,"repliesCursor":${JSON.stringify(cursor)}`)];
      return [beginningOf(comment), REPLIES, ...joined(replies), REPLIES_END, ...more, END];
    },
  };
}

/** Items of a JSON list, with commas between them. */
export const joined = (items: readonly JsonPieces[]): Buffer[] =>
  items.flatMap((pieces, i) => (i === 0 ? pieces : [COMMA, ...pieces]));

const isSamePage = (one: PublicComment['page'], other: PublicComment['page']): boolean =>
  one.url === other.url && one.title === other.title && one.id === other.id;
