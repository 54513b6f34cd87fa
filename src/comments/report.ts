import { openEmail } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError } from '../errors.ts';
import { encodeBytes } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import type { Site } from '../sites/site.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { countCharacters, isBlank, normalizeText } from '../text/normalize.ts';
import type { Comment, Report, ReportReason } from './comment.ts';
import { isVisible } from './comment.ts';

/** Who reports: by the word their client drew at random, or without one by their address alone. */
export interface Reader {
  word: string | null;
  address: string;
}

export interface ReportInput {
  reason: ReportReason;
  /** As checked by `checkReportNote`. */
  note: string | null;
}

const NOTE_LIMIT = 1000;
/** Characters of 5 bits: too many for two readers to share one by chance. */
const HASH_LENGTH = 26;

/**
 * The reader as a comment's reports keep them: by keyed hashes that hold on this comment alone, so that
 * nobody can tell from two comments' reports that one reader made both.
 */
export function readerOnComment(
  keys: Keyring,
  commentId: string,
  { word, address }: Reader,
): Pick<Report, 'reader' | 'address'> {
  const hash = (...parts: string[]): string =>
    encodeBytes(keys.mac('reader', 'report', commentId, ...parts), HASH_LENGTH);
  const byAddress = hash('address', address);
  return { reader: word === null ? byAddress : hash('word', word), address: byAddress };
}

/** The note as it will be stored, and what is wrong with it. */
export function checkReportNote(given: unknown): { note: string | null; errors: FieldError[] } {
  if (typeof given !== 'string') return { note: null, errors: [] };
  const note = normalizeText(given);
  if (note === null) return { note: null, errors: [{ pointer: '/note', code: 'invalid' }] };
  const length = countCharacters(note);
  if (length > NOTE_LIMIT)
    return { note: null, errors: [{ pointer: '/note', code: 'too-long', params: { limit: NOTE_LIMIT } }] };
  return { note: isBlank(note) ? null : note, errors: [] };
}

/** Throws `comment-not-found` for what no reader sees. */
export function assertReportable(comment: Comment): void {
  if (!isVisible(comment)) throw new AppError('comment-not-found');
}

/** Throws `reports-off`. */
export function assertReportsOn(site: Site): void {
  if (!site.policy.reports) throw new AppError('reports-off');
}

/**
 * Reports a comment to its site's moderators. One that counts no further is answered alike and changes
 * nothing. Throws `comment-not-found` where it was deleted meanwhile.
 */
export async function reportComment(
  deps: Deps,
  { comment, site }: { comment: Comment; site: Site },
  { reader, reason, note }: ReportInput & { reader: Reader },
): Promise<void> {
  const at = deps.clock.now();
  // A reader who knows the author's address must not bring it before others by way of a note.
  const address = comment.author.email === null ? null : openEmail(comment.author.email, deps.keys, site.id);
  const shown = note === null || address === null ? note : maskOwnAddress(note, address).text;
  const result = await deps.comments.change(comment.id, {
    kind: 'report',
    decisionId: deps.ids.next(at) + comment.id,
    at,
    report: { ...readerOnComment(deps.keys, comment.id, reader), reason, note: shown },
    holdAt: site.policy.reportsToHold,
  });
  if (result.refused !== undefined && result.refused !== 'not-counted')
    throw new AppError('comment-not-found');
}
