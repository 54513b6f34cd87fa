import type { Actor } from '../comments/comment.ts';
import type { Policy } from '../sites/policy.ts';
import { foldText } from '../text/fold.ts';

/** What a person may say of an author. */
export const SET_STANDINGS = ['trusted', 'held', 'banned'] as const;
export type SetStanding = (typeof SET_STANDINGS)[number];
/** `new` and `known` are worked out from what became of the author's comments. */
export const STANDINGS = ['new', 'known', ...SET_STANDINGS] as const;
export type Standing = (typeof STANDINGS)[number];
/** What comments say of their author where no person does. */
export type Spoken = Exclude<Standing, SetStanding>;

/** A person's word on an author of one site. It stays, without a standing, when it is taken back: versions go on. */
export interface StandingRecord {
  site: string;
  /** The author's pseudonym; it exists on one site only. */
  key: string;
  standing: SetStanding | null;
  /** When it ends by itself, in milliseconds since 1970; null: never. */
  until: number | null;
  reason: string | null;
  by: Actor;
  at: number;
  version: number;
}

/** Of an author on whom nobody has said anything. */
export const FIRST_VERSION = 1;

/** A record as far as it says what holds, and for how long. */
export type Said = Pick<StandingRecord, 'standing' | 'until'>;

const hasEnded = ({ until }: Said, now: number): boolean => until !== null && until <= now;

/** The record whose standing holds at that moment; null where none does, or no longer. */
export function heldAt(record: StandingRecord | null | undefined, now: number): Held | null {
  if (!record || record.standing === null) return null;
  if (hasEnded(record, now)) return null;
  return { ...record, standing: record.standing };
}

/** A person said something else of an author than before. Written by the store in the step that it tells of. */
export interface StandingEvent {
  id: string;
  type: 'standing';
  at: number;
  site: string;
  /** The author's. */
  key: string;
  /** Null: what their comments say, as they do when it is told. */
  from: Standing | null;
  to: Standing | null;
}

/**
 * The event of a new record after what stood before; null where the standing is the same. `spoken` is what the
 * author's comments say at that moment: what becomes of them by the new standing must not be told as what was before.
 */
export function standingEvent(
  former: Said | null,
  next: StandingRecord,
  spoken: Spoken | null = null,
): StandingEvent | null {
  const { site, key, at, version } = next;
  const from = former && !hasEnded(former, at) ? former.standing : null;
  const to = next.standing;
  if (from === to) return null;
  const told = { from: from ?? spoken, to: to ?? spoken };
  return { id: `${key}/${version}`, type: 'standing', at, site, key, ...told };
}

export type Held = StandingRecord & { standing: SetStanding };

/** What became of an author's comments. */
export interface TrackRecord {
  approved: number;
  rejected: number;
  spam: number;
}

/** Most approved comments that are looked at for their name: beyond so many a policy's wish may not go. */
export const MOST_APPROVALS = 100;
/** How many of the newest approved comments are asked for their names before the author counts as another. */
export const NAMES_LOOKED_AT = 200;

/** Whether the track record alone stands in the way, whatever the name. */
export function mayBeKnown({ approvals, maxRejectedShare }: Policy['trust'], record: TrackRecord): boolean {
  const { approved, rejected, spam } = record;
  const decided = approved + rejected + spam;
  return approved >= approvals && decided > 0 && rejected + spam <= maxRejectedShare * decided;
}

/** How many of the names are that name, folded. */
export function countName(names: readonly (string | null)[], name: string | null): number {
  const wanted = foldText(name ?? '');
  // Mostly it is one name, written in one way.
  const same = new Map<string | null, boolean>([[name, true]]);
  return names.filter((one) => {
    const known = same.get(one);
    if (known !== undefined) return known;
    const isSame = foldText(one ?? '') === wanted;
    same.set(one, isSame);
    return isSame;
  }).length;
}
