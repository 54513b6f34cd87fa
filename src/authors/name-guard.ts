import type { Site } from '../sites/site.ts';
import { foldText } from '../text/fold.ts';
import { isStandIn, lookClasses, passesFor } from '../text/looks.ts';

/** Knows whose names readers must not write under. */
export interface NameGuard {
  /** Whose name that one folds to or looks like; null for nobody's. */
  ownerOf(name: string | null): 'moderator' | 'reserved' | null;
}

const NO_LETTER = /[^\p{L}\p{N}]/gu;
const LETTER = /[\p{L}\p{N}]/u;

/** Two letters that look like one: how wide they are set decides. */
const closeUp = (folded: string): string => folded.replaceAll('rn', 'm').replaceAll('vv', 'w');

/** What counts of a name: its letters; so with the signs that pass for letters (`@dmin`), and with I for l. */
function formsOf(name: string): string[] {
  const folded = foldText(name);
  const signs = [...folded].filter((sign) => LETTER.test(sign) || isStandIn(sign.charCodeAt(0)));
  const forms = [folded.replace(NO_LETTER, ''), signs.join('')];
  // Which case it is decides, and folding takes that away.
  if (name.includes('I')) forms.push(foldText(name.replaceAll('I', 'l')).replace(NO_LETTER, ''));
  return [...new Set(forms.map(closeUp))].filter((form) => form !== '');
}

/** Names with one class may look alike; with two they can't. */
function classOf(form: string): string {
  const classes = lookClasses();
  return String.fromCharCode(...Array.from(form, (_, i) => classes[form.charCodeAt(i)] ?? 0));
}

function looksLike(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) {
    const [a, b] = [one.charCodeAt(i), other.charCodeAt(i)];
    if (a !== b && !passesFor(a, b)) return false;
  }
  return true;
}

type Guarded = ReadonlyMap<string, readonly string[]>;

/** By the list itself: sites and moderators are kept in memory, so a list stays the same until it changes. */
const kept = new WeakMap<readonly string[], Guarded>();

function guardedBy(names: readonly string[]): Guarded {
  const known = kept.get(names);
  if (known) return known;
  const guarded = new Map<string, string[]>();
  for (const form of names.flatMap(formsOf)) {
    const alike = guarded.get(classOf(form));
    if (alike) alike.push(form);
    else guarded.set(classOf(form), [form]);
  }
  kept.set(names, guarded);
  return guarded;
}

/** The guard of a site's reserved names and its moderators'. */
export function nameGuardOf(
  { policy }: { policy: Pick<Site['policy'], 'reservedNames'> },
  moderators: readonly string[],
): NameGuard {
  return {
    ownerOf(name) {
      if (name === null || (moderators.length === 0 && policy.reservedNames.length === 0)) return null;
      const forms = formsOf(name);
      const isOf = (names: readonly string[]): boolean => {
        const guarded = guardedBy(names);
        return forms.some((form) => guarded.get(classOf(form))?.some((other) => looksLike(form, other)));
      };
      if (isOf(moderators)) return 'moderator';
      return isOf(policy.reservedNames) ? 'reserved' : null;
    },
  };
}
