import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import type { Site } from '../sites/site.ts';
import { inPieces } from './turns.ts';
import type { ListName, WordMatch } from './wordlist/matcher.ts';
import { readTerm, termKey } from './wordlist/term.ts';
import type { Wordlist } from './wordlist-store.ts';
import { matcherFor, matcherOf } from './wordlists.ts';

export type Lists = Pick<Wordlist, ListName>;
/** Both lists as an admin gets them. */
export type WordlistView = Pick<Wordlist, ListName | 'version'>;

/** Of a list, and characters of a term. */
export const MOST_TERMS = 5000;
export const MOST_TERM = 200;

const NEVER_SET: WordlistView = { hold: [], reject: [], version: 0 };
const LISTS: readonly ListName[] = ['hold', 'reject'];

const present = ({ hold, reject, version }: WordlistView): WordlistView => ({ hold, reject, version });

export async function readWordlists(
  deps: { wordlists: Pick<Deps['wordlists'], 'find'> },
  site: string,
): Promise<WordlistView> {
  return present((await deps.wordlists.find(site)) ?? NEVER_SET);
}

/**
 * Refuses terms that could match nothing or everything (`invalid`), and a term that matches what one before it
 * in the list does (`duplicate`), each at its place. Throws `validation-failed`.
 */
export async function checkTerms(lists: Lists): Promise<void> {
  const errors: FieldError[] = [];
  for (const list of LISTS) {
    const known = new Set<string>();
    await inPieces(lists[list].entries(), ([at, text]) => {
      const term = readTerm(text);
      const pointer = `/${list}/${at}`;
      if (!term) errors.push({ pointer, code: 'invalid' });
      else if (known.has(termKey(term))) errors.push({ pointer, code: 'duplicate' });
      else known.add(termKey(term));
    });
  }
  if (errors.length > 0) throw validationFailed(errors);
}

const countOf = ({ hold, reject }: Lists): string => `${hold.length} to hold, ${reject.length} to reject`;

export interface WordlistChange extends Lists {
  by: Actor;
  /** Absent: whatever stands is replaced. */
  version?: number;
}

/** What changing them takes. */
type EditingDeps = Pick<Deps, 'wordlists' | 'ids' | 'clock'>;

async function store(deps: EditingDeps, site: Site, change: WordlistChange): Promise<number> {
  const { hold, reject, version, by } = change;
  const act = entryOf(deps, { by, action: 'wordlist-changed', site: site.id, note: countOf(change) });
  for (;;) {
    const expected = version ?? (await deps.wordlists.standing(site.id))?.version ?? 0;
    const changedAt = deps.clock.now();
    const next: Wordlist = { site: site.id, hold, reject, version: expected + 1, changedAt };
    const result = await deps.wordlists.replace(next, expected, { act });
    if (result.replaced) return next.version;
    if (result.version === null) throw new AppError('site-not-found');
    if (version !== undefined)
      throw new AppError('conflict', { extra: { current: { version: result.version } } });
  }
}

/**
 * Replaces both lists; the next comment through this instance is held against them. With a `version` that no
 * longer stands: `conflict`. Throws `validation-failed` with every bad term.
 */
export async function replaceWordlists(
  deps: EditingDeps,
  site: Site,
  change: WordlistChange,
): Promise<WordlistView> {
  await checkTerms(change);
  // Not from memory, which another instance may be ahead of.
  const standing = present((await deps.wordlists.standing(site.id)) ?? NEVER_SET);
  // What stands already is no change: nothing is written, and nothing is to be told of.
  const isSame = LISTS.every((list) => isDeepStrictEqual(standing[list], change[list]));
  if (isSame && (change.version ?? standing.version) === standing.version) return standing;
  const version = await store(deps, site, change);
  // Built now, so that no comment waits for it.
  const list = await deps.wordlists.find(site.id);
  if (list) await matcherOf(list);
  return present({ ...change, version });
}

/** Matches shown of a text; more than anybody looks at. */
const MOST_MATCHES = 1000;

/** What the site's lists find in a text. UTF-16 offsets into it. */
export async function testWordlists(deps: Deps, site: Site, text: string): Promise<WordMatch[]> {
  return (await matcherFor(deps, site.id))?.find(text, MOST_MATCHES) ?? [];
}
