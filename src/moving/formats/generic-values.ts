import { type Actor, type CommentStatus, STATUSES } from '../../comments/comment.ts';
import type { LegacyActor } from '../legacy.ts';
import { moment } from '../legacy-dates.ts';
import { membersOf, textOf } from './values.ts';

/** Values of our own format, which people may have written by hand. */

const isFiniteDate = (at: number): string | null =>
  Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : null;

export const momentOf = (value: unknown): number | null =>
  typeof value === 'number' ? moment(isFiniteDate(value)) : moment(textOf(value));

export function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name | null {
  return names.find((name) => name === value) ?? null;
}

export const statusOf = (value: unknown): CommentStatus => oneOf(STATUSES, value) ?? 'pending';

const MOST_COUNTED = 1_000_000_000;

/** A whole number from 0 that counts something. */
export const wholeOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_COUNTED ? value : null;

const ACTOR_KINDS: readonly Actor['kind'][] = ['moderator', 'token', 'filter', 'author', 'system'];

export function actorOf(value: unknown): LegacyActor | null {
  const { kind, id, name } = membersOf(value) ?? {};
  const known = oneOf(ACTOR_KINDS, kind);
  return known === null ? null : { kind: known, id: textOf(id), name: textOf(name) ?? '' };
}
