import type { Site } from '../sites/site.ts';
import { skeletonsOf } from '../text/lookalike.ts';

/** Knows whose names readers must not write under. */
export interface NameGuard {
  /** Whose name that one folds to or looks like; null for nobody's. */
  ownerOf(name: string | null): 'moderator' | 'reserved' | null;
}

/** By the list itself: sites and moderators are kept in memory, so a list stays the same until it changes. */
const skeletons = new WeakMap<readonly string[], ReadonlySet<string>>();

function skeletonsOfAll(names: readonly string[]): ReadonlySet<string> {
  let known = skeletons.get(names);
  if (!known) {
    known = new Set(names.flatMap(skeletonsOf));
    skeletons.set(names, known);
  }
  return known;
}

/** The guard of a site's reserved names and its moderators'. */
export function nameGuardOf(
  { policy }: { policy: Pick<Site['policy'], 'reservedNames'> },
  moderators: readonly string[],
): NameGuard {
  return {
    ownerOf(name) {
      if (name === null || (moderators.length === 0 && policy.reservedNames.length === 0)) return null;
      const looks = skeletonsOf(name);
      const isOf = (names: readonly string[]): boolean => {
        const guarded = skeletonsOfAll(names);
        return looks.some((look) => guarded.has(look));
      };
      if (isOf(moderators)) return 'moderator';
      return isOf(policy.reservedNames) ? 'reserved' : null;
    },
  };
}
