import type { Deps } from '../deps.ts';
import type { Matcher } from './wordlist/matcher.ts';
import { buildMatcher } from './wordlist/matcher.ts';
import type { Wordlist } from './wordlist-store.ts';

/** A matcher for as long as its lists stand: stores give the same object until they are changed. */
const built = new WeakMap<Wordlist, Promise<Matcher>>();

/** The matcher of these lists; made when first asked for, and by one of those who ask at once. */
export function matcherOf(list: Wordlist): Promise<Matcher> {
  const known = built.get(list);
  if (known) return known;
  const making = buildMatcher(list);
  built.set(list, making);
  return making;
}

/** What a site's comments are held against; null where it has no word lists. */
export async function matcherFor(deps: Pick<Deps, 'wordlists'>, site: string): Promise<Matcher | null> {
  const list = await deps.wordlists.find(site);
  if (!list || list.hold.length + list.reject.length === 0) return null;
  return matcherOf(list);
}
