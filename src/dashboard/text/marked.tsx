import type { Match, PhaseOutcome } from '../api/types.ts';
import { phaseName } from '../comment/reasons.ts';

interface Piece {
  text: string;
  /** The phases that point at it; none: just text. */
  phases: string[];
}

interface Span extends Match {
  phase: string;
}

const spansOf = (screening: PhaseOutcome[], field: string): Span[] =>
  screening
    .filter(({ outcome }) => outcome !== 'skipped')
    .flatMap(({ phase, matches = [] }) => matches.map((match) => ({ ...match, phase })))
    .filter((span) => span.field === field && span.end > span.start);

/** A text cut at the ends of all matches (UTF-16 offsets into it), each piece with who points at it. */
export function cutAtMatches(text: string, screening: PhaseOutcome[], field: string): Piece[] {
  const spans = spansOf(screening, field);
  const inside = (at: number) => at > 0 && at < text.length;
  const ends = new Set(spans.flatMap(({ start, end }) => [start, end]).filter(inside));
  const cuts = [0, ...[...ends].sort((a, b) => a - b), text.length];
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? 0;
    const over = spans.filter((span) => span.start < end && span.end > start).map(({ phase }) => phase);
    return { text: text.slice(start, end), phases: [...new Set(over)] };
  });
}

interface MarkedProps {
  text: string;
  screening: PhaseOutcome[];
  field: 'body' | 'name' | 'url';
}

/** A text as it was written, with what screening pointed at marked; always text, never markup. */
export function Marked({ text, screening, field }: MarkedProps) {
  return cutAtMatches(text, screening, field).map(({ text: piece, phases }, index) =>
    phases.length === 0 ? (
      piece
    ) : (
      <mark key={`${index}`} title={phases.map(phaseName).join(', ')}>
        {piece}
      </mark>
    ),
  );
}
