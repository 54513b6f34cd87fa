import type { FilterWord, PhaseOutcome, Verdict } from '../../comments/comment.ts';
import { VERDICTS } from '../../comments/comment.ts';
import { elsewhereId } from '../../comments/elsewhere.ts';
import { PHASES } from '../../screening/index.ts';
import { lineOf, linesOf } from '../stored-lines.ts';
import { oneOf, wholeOf } from './generic-values.ts';
import { type Members, membersOf, textOf } from './values.ts';

/** What rules and filters said of a comment, as an export of ours tells it. */

const OUTCOMES: readonly PhaseOutcome['outcome'][] = [
  ...(['pass', 'hold', 'spam', 'reject', 'waiting', 'error', 'skipped'] as const),
];
const FILTER = 'filter:';
const OURS: ReadonlySet<string> = new Set(PHASES.map(({ name }) => name));

/** Of one comment; of one file; characters. Metrics name filters, so that no file may name many. */
const MOST_OUTCOMES = 100;
const MOST_FILTERS = 50;
const MOST_MATCHES = 1000;
const MOST_LABELS = 50;
const MOST_NAME = 120;
const MOST_WORDS = 1000;
/** Milliseconds: a day. */
const LONGEST = 24 * 60 * 60 * 1000;

const within = (value: unknown, most: number): number | null =>
  typeof value === 'number' && value >= 0 && value <= most ? value : null;

type Match = NonNullable<PhaseOutcome['matches']>[number];

function matchOf(value: unknown): Match[] {
  const { field, start, end, weight } = membersOf(value) ?? {};
  const name = lineOf(textOf(field), MOST_NAME);
  const [from, to] = [wholeOf(start), wholeOf(end)];
  if (name === null || from === null || to === null || typeof weight !== 'number') return [];
  return Number.isFinite(weight) ? [{ field: name, start: from, end: to, weight }] : [];
}

/** What a filter of another installation said: none of ours is taken for it. */
function wordOf({ id, verdict, labels, reason, signedAt, onFailure }: Members): FilterWord {
  const texts = Array.isArray(labels) ? labels.slice(0, MOST_LABELS) : [];
  return {
    id: elsewhereId(lineOf(textOf(id), MOST_NAME)),
    verdict: oneOf<Verdict>(VERDICTS, verdict),
    labels: texts.flatMap((one) => lineOf(textOf(one), MOST_NAME) ?? []),
    reason: linesOf(textOf(reason), MOST_WORDS),
    signedAt: within(signedAt, Number.MAX_SAFE_INTEGER),
    onFailure: onFailure === 'publish' ? 'publish' : 'hold',
  };
}

export interface ScreeningReader {
  /** [] where nothing is told that means something here. */
  read(value: unknown): PhaseOutcome[];
}

export function createScreeningReader(): ScreeningReader {
  const filters = new Set<string>();

  function isKnown(phase: string): boolean {
    if (OURS.has(phase) || filters.has(phase)) return true;
    if (!phase.startsWith(FILTER) || filters.size >= MOST_FILTERS) return false;
    filters.add(phase);
    return true;
  }

  function outcomeOf(value: unknown): PhaseOutcome[] {
    const line = membersOf(value);
    const phase = lineOf(textOf(line?.phase), MOST_NAME);
    const outcome = oneOf(OUTCOMES, line?.outcome);
    if (!line || phase === null || outcome === null || !isKnown(phase)) return [];
    const filter = membersOf(line.filter);
    const matches = Array.isArray(line.matches) ? line.matches.slice(0, MOST_MATCHES).flatMap(matchOf) : null;
    return [
      {
        phase,
        outcome,
        code: lineOf(textOf(line.code), MOST_NAME),
        detail: linesOf(textOf(line.detail), MOST_WORDS),
        score: within(line.score, 1),
        ms: within(line.ms, LONGEST) ?? 0,
        ...(matches && { matches }),
        ...(filter && { filter: wordOf(filter) }),
      },
    ];
  }

  return { read: (value) => (Array.isArray(value) ? value.slice(0, MOST_OUTCOMES).flatMap(outcomeOf) : []) };
}
