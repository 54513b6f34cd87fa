import type { Deps } from '../deps.ts';
import { encodeBytes } from '../ids.ts';
import type { Site } from '../sites/site.ts';
import { foldText } from '../text/fold.ts';
import type { Comment } from './comment.ts';

const HOUR = 60 * 60 * 1000;
const DUPLICATE_KEY_LENGTH = 13;

/** From when on a comment of the same key stands in the way; null: never. */
export function duplicateSince(site: Site, now: number): number | null {
  const { duplicateHours } = site.policy;
  return duplicateHours > 0 ? now - duplicateHours * HOUR : null;
}

/** Two posts with one key say the same thing, in the same place, by the same author. */
export function duplicateKeyOf(
  deps: Pick<Deps, 'keys'>,
  comment: Pick<Comment, 'site' | 'pageKey' | 'parentId' | 'author'>,
  text: string,
): string {
  const who = comment.author.key ?? foldText(comment.author.name ?? '');
  const mac = deps.keys.mac(
    'duplicate',
    comment.site,
    comment.pageKey,
    comment.parentId ?? '',
    who,
    foldText(text),
  );
  return encodeBytes(mac, DUPLICATE_KEY_LENGTH);
}
