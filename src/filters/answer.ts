import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import type { FilterWord, PhaseOutcome } from '../comments/comment.ts';
import { VERDICTS } from '../comments/comment.ts';
import { countCharacters, normalizeLine, normalizeText } from '../text/normalize.ts';
import type { Filter } from './filter.ts';
import { phaseOf } from './filter.ts';

/** Why a filter gave no verdict. */
export type FilterFailure = 'filter-timeout' | 'filter-status' | 'filter-answer' | 'filter-refused';

/** Of an answer, in bytes. */
export const ANSWER_LIMIT = 64 * 1024;
/** In characters, and how many labels. */
export const REASON_LIMIT = 1000;
export const LABEL_LIMIT = 100;
export const MOST_LABELS = 50;

/** What a filter says of a comment. */
export interface Word {
  verdict: NonNullable<FilterWord['verdict']>;
  score: number | null;
  labels: string[];
  reason: string | null;
}

const answerShape = z.object({
  verdict: z.enum(VERDICTS),
  score: z.number().min(0).max(1).nullish(),
  labels: z.array(z.string()).nullish(),
  reason: z.string().nullish(),
});

const cut = (text: string, limit: number): string =>
  countCharacters(text) <= limit ? text : [...text].slice(0, limit).join('');

/** A filter's word in the characters that are stored; what is too long is cut. */
export function wordOf({ verdict, score, labels, reason }: z.output<typeof answerShape>): Word {
  const lines = (labels ?? []).map((label) => normalizeLine(label) ?? '').filter((label) => label !== '');
  const said = reason ? (normalizeText(reason) ?? '') : '';
  return {
    verdict,
    score: score ?? null,
    labels: [...new Set(lines.map((label) => cut(label, LABEL_LIMIT)))].slice(0, MOST_LABELS),
    reason: said === '' ? null : cut(said, REASON_LIMIT),
  };
}

/**
 * What the body of a 200 says; null where it is none of a filter's answers. A byte order mark at its beginning is
 * passed over, as it is in what comes in.
 */
export function readAnswer(body: Buffer): Word | null {
  if (!isUtf8(body)) return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
  const parsed = answerShape.safeParse(value);
  return parsed.success ? wordOf(parsed.data) : null;
}

/** With a score and the admin's thresholds the score decides, else the verdict. */
function outcomeOf({ thresholds }: Filter, { verdict, score }: Word): 'pass' | 'hold' | 'spam' {
  if (thresholds !== null && score !== null) {
    if (score >= thresholds.spam) return 'spam';
    return score <= thresholds.approve ? 'pass' : 'hold';
  }
  return verdict === 'ham' ? 'pass' : verdict === 'spam' ? 'spam' : 'hold';
}

export type FilterOutcome = PhaseOutcome & { filter: FilterWord };

/** What the phase says once the filter has spoken. `ms`: how long that took; of a later verdict 0. */
export function spokenOutcome(
  filter: Filter,
  word: Word,
  { ms, signedAt }: { ms: number; signedAt: number | null },
): FilterOutcome {
  const outcome = outcomeOf(filter, word);
  const { verdict, score, labels, reason } = word;
  return {
    phase: phaseOf(filter),
    outcome,
    code: outcome === 'pass' ? null : outcome === 'spam' ? 'filter-spam' : 'filter-unsure',
    detail: reason,
    score,
    ms,
    filter: { id: filter.id, verdict, labels, reason, signedAt, onFailure: filter.onFailure },
  };
}

/** Why there is no verdict. */
export interface Silence {
  /** Null: it may come yet. */
  failure: FilterFailure | null;
  detail?: string | null;
  ms: number;
  /** It is only asked once the comment is stored. */
  queued?: boolean;
}

/** What the phase says as long as the filter has not: it may yet, or it has failed. */
export function silentOutcome(
  filter: Filter,
  { failure, detail = null, ms, queued = false }: Silence,
): FilterOutcome {
  const { id, onFailure } = filter;
  return {
    phase: phaseOf(filter),
    outcome: failure === null ? 'waiting' : 'error',
    code: failure ?? (queued ? 'filter-queued' : 'filter-waiting'),
    detail,
    score: null,
    ms,
    filter: { id, verdict: null, labels: [], reason: null, signedAt: null, onFailure },
  };
}
