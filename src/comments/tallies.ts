import type { Actor, Comment, HistoryEntry, PhaseOutcome } from './comment.ts';
import { isDecision } from './comment.ts';
import type { Effect } from './judgement.ts';
import { effectOf } from './judgement.ts';

/**
 * What statistics count, worked out from a comment and its history alone: how it stands in the tallies. A
 * change of a comment moves them by the difference, in the step that makes it, as it does the counters (see
 * counts.ts). Decisions that were taken back stand in none, nor does their taking back.
 */
export interface Tally {
  /** See `slotOf`. */
  slot: number;
  what: string;
  by: number;
}

/** Of these each day has its own number; of everything else only the sum over the days is asked for. */
export const VOLUMES = ['created', 'approved', 'rejected', 'spam'] as const;
export type Volume = (typeof VOLUMES)[number];
export const PHASE_TALLIES = ['held', 'spam', 'rejected', 'decided', 'overturned'] as const;
export type PhaseTally = (typeof PHASE_TALLIES)[number];

/** Milliseconds. Days of every time zone in use begin and end with such a slot. */
export const SLOT_MS = 15 * 60 * 1000;
export const slotOf = (at: number): number => Math.floor(at / SLOT_MS);

/** Names of tallies, and how they are read back. What may hold anything stands last. */
const decisionsOf = (by: string): string => `decisions/${by}`;
const overturnedOf = (by: string): string => `overturned/${by}`;
const waitOf = (seconds: number): string => `wait/${seconds}`;
const phaseOf = (tally: PhaseTally, phase: string): string => `phase/${tally}/${phase}`;
const tookOf = (ms: number, phase: string): string => `took/${ms}/${phase}`;

export type ReadTally =
  | { kind: 'decisions' | 'overturned'; by: Actor }
  | { kind: 'wait'; seconds: number }
  | { kind: 'phase'; tally: PhaseTally; phase: string }
  /** An answer of a filter that took about so long. */
  | { kind: 'took'; ms: number; phase: string };

/** What a tally that is no volume counts. */
export function readTally(what: string): ReadTally {
  const [kind = '', ...rest] = what.split('/');
  const text = rest.join('/');
  if (kind === 'wait') return { kind, seconds: Number(text) };
  if (kind === 'took') return { kind, ms: Number(rest[0]), phase: rest.slice(1).join('/') };
  if (kind === 'phase') return { kind, tally: rest[0] as PhaseTally, phase: rest.slice(1).join('/') };
  const [actorKind, id, name] = JSON.parse(text) as [Actor['kind'], string, string];
  return { kind: kind as 'decisions' | 'overturned', by: { kind: actorKind, id, name } };
}

/** Whether it is somebody's word, not a filter's, the author's own or the service's. */
const isPerson = (by: Actor | null): boolean => by?.kind === 'moderator' || by?.kind === 'token';
const nameOf = ({ kind, id, name }: Actor): string => JSON.stringify([kind, id, name]);
const isVolume = (status: string): status is Volume => (VOLUMES as readonly string[]).includes(status);

/** Whole seconds; of a thousand and more three digits, so that years of waits stay a few thousand numbers. */
function roundedSeconds(ms: number): number {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 1000) return seconds;
  const unit = 10 ** (Math.floor(Math.log10(seconds)) - 2);
  return Math.round(seconds / unit) * unit;
}

/** Steps in which the times of answers are counted, in milliseconds: a few dozen numbers from the least to the longest. */
function roundedTime(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return Math.ceil((ms / power) * 5) * (power / 5);
}

/** How long filters took that were asked while the comment was posted. */
const timesOf = ({ screening }: TalliedComment): string[] =>
  screening.flatMap(({ phase, ms, filter }) => (filter && ms > 0 ? [tookOf(roundedTime(ms), phase)] : []));

const SAID: Record<Effect, 'held' | 'spam' | 'rejected' | undefined> = {
  pass: undefined,
  hold: 'held',
  spam: 'spam',
  reject: 'rejected',
};
const saidBy = (outcome: PhaseOutcome) => SAID[effectOf(outcome)];

/** How a comment's phases stand: what they said of it, and what a person made of that. */
function phaseTallies({ screening, decidedBy, status }: TalliedComment): string[] {
  const decided = isPerson(decidedBy);
  const alone = screening.every((outcome) => saidBy(outcome) === undefined);
  return screening.flatMap((one) => {
    const { phase, outcome } = one;
    const said = saidBy(one);
    const tallies: string[] = said === undefined ? [] : [phaseOf(said, phase)];
    if (!decided || (said === undefined && !(alone && outcome === 'pass'))) return tallies;
    tallies.push(phaseOf('decided', phase));
    // A hold asks for a person: whatever they say, nothing is overturned.
    const overturned = said === undefined ? status === 'spam' : said !== 'held' && status === 'approved';
    if (overturned) tallies.push(phaseOf('overturned', phase));
    return tallies;
  });
}

export type TalliedComment = Pick<Comment, 'createdAt' | 'status' | 'decidedBy' | 'screening'>;
export type TalliedEntry = Pick<HistoryEntry, 'at' | 'by' | 'action' | 'from' | 'to' | 'undone'>;

/** Every tally that a comment stands in; one may come more than once. */
export function talliesOf(comment: TalliedComment, history: readonly TalliedEntry[]): Tally[] {
  const tallies: Tally[] = [];
  const add = (at: number, what: string): void => void tallies.push({ slot: slotOf(at), what, by: 1 });
  const { createdAt } = comment;
  add(createdAt, 'created');
  const first = history[0]?.from ?? comment.status;
  if (isVolume(first)) add(createdAt, first);
  for (const what of phaseTallies(comment)) add(createdAt, what);
  for (const what of timesOf(comment)) add(createdAt, what);

  const standing = history.filter(({ undone, action }) => !undone && action !== 'undo');
  for (const { at, from, to } of standing) if (from !== to && isVolume(to)) add(at, to);
  const decisions = standing.filter(({ action, by }) => isDecision(action) && isPerson(by));
  // The first of two approvals leaves the status, and is borne out by the second.
  const meant = ({ action, to }: TalliedEntry): string => (action === 'approve' ? 'approved' : to);
  const newest = decisions.at(-1);
  // Up to it each has a later one that means something else, and none after it: however long people go on deciding.
  const turned = newest ? decisions.findLastIndex((one) => meant(one) !== meant(newest)) : -1;
  for (const [index, { at, by }] of decisions.entries()) {
    const name = nameOf(by);
    add(at, decisionsOf(name));
    if (index === 0) add(at, waitOf(roundedSeconds(at - createdAt)));
    if (index <= turned) add(at, overturnedOf(name));
  }
  return tallies;
}

const isSame = (one: Tally, other: Tally | undefined): boolean =>
  one.slot === other?.slot && one.what === other.what;

/** By how much a change moves the tallies, each once: what stands before it and after it alike is left out. */
export function tallyChange(before: readonly Tally[], after: readonly Tally[]): Tally[] {
  const differs = before.findIndex((tally, i) => !isSame(tally, after[i]));
  const alike = differs === -1 ? before.length : differs;
  const moved = new Map<string, Tally>();
  const move = ({ slot, what, by }: Tally, sign: 1 | -1): void => {
    const key = `${slot}/${what}`;
    const one = moved.get(key);
    if (one) one.by += sign * by;
    else moved.set(key, { slot, what, by: sign * by });
  };
  for (const tally of before.slice(alike)) move(tally, -1);
  for (const tally of after.slice(alike)) move(tally, 1);
  return [...moved.values()].filter(({ by }) => by !== 0);
}
