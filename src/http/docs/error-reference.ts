import type { FieldCode, ProblemCode } from '../../errors.ts';
import { FIELD_CODES, PROBLEM_STATUS } from '../../errors.ts';

export interface CodeEntry {
  meaning: string;
  /** What the caller can do about it. */
  remedy: string;
}

/** Every problem code, for `/docs/errors` and docs/errors.md. */
export const PROBLEM_REFERENCE: Record<ProblemCode, CodeEntry> = {
  'malformed-json': {
    meaning:
      'The body is not JSON: broken syntax, nothing at all, bytes that are not UTF-8, or a number such as NaN.',
    remedy: 'Send one JSON object in UTF-8.',
  },
  'malformed-url': {
    meaning: 'The path or the query holds a percent escape that can not be read as UTF-8.',
    remedy: 'Encode every value once, as encodeURIComponent does.',
  },
  unauthenticated: {
    meaning:
      'The call needs credentials and has none, or ones that are unknown, expired or taken away; `reason` is `no-cookie` where a call of a page (`X-Requested-With`) brings neither a cookie nor a token.',
    remedy:
      'Send `Authorization: Bearer` with a valid token, or sign in again; for one’s own comment, its edit token. Where `errors` names `/totp`, the log-in wants a code.',
  },
  'bad-signature': {
    meaning: 'The signature of a webhook call is missing, wrong, or outside its time.',
    remedy: 'Sign the raw bytes with the current secret, and set the clock.',
  },
  forbidden: {
    meaning:
      'The credentials are good, but their role does not allow this, or it would grant more than they have; or a session’s cookie came with a call that writes and without `X-Requested-With`.',
    remedy: 'Use the credentials of an admin; from a page, send `X-Requested-With` with any value.',
  },
  'comments-closed': {
    meaning: 'The site, or this page of it, takes no more comments.',
    remedy: 'Show the thread without its form.',
  },
  'origin-not-allowed': {
    meaning: 'A page of an origin that the site does not list tried to write.',
    remedy: 'Add the page’s origin to the site’s `origins`; for a dashboard, to DASHBOARD_ORIGINS.',
  },
  'edit-window-closed': {
    meaning:
      'The edit token is right, but `editableUntil` has passed, or the text was changed a thousand times.',
    remedy: 'Ask a moderator.',
  },
  'author-banned': {
    meaning: 'The site takes no comments from this author, and says so.',
    remedy: 'None for the author; a moderator can lift it.',
  },
  'votes-off': {
    meaning:
      'The site takes no votes. Where it takes them up alone, one down is `validation-failed` at `/value` instead.',
    remedy: 'Hide the voting buttons.',
  },
  'reports-off': { meaning: 'The site takes no reports.', remedy: 'Hide the reporting button.' },
  'not-found': {
    meaning: 'There is nothing at this address, or nothing that the caller may see.',
    remedy: 'Check the path and the id.',
  },
  'site-not-found': {
    meaning: 'There is no such site, or it is not among the caller’s.',
    remedy: 'Check the site’s id.',
  },
  'comment-not-found': {
    meaning: 'There is no such comment, or the caller may not see it.',
    remedy: 'Load the thread again.',
  },
  'method-not-allowed': {
    meaning: 'The address exists, but not with this method.',
    remedy: 'Use one of those in the `Allow` header.',
  },
  conflict: {
    meaning:
      'What was to be changed is no longer as the caller saw it, and `current` tells how it stands; or its state does not allow the change, and `reason` says why (`last-admin`, `state`, `totp-on`, `totp-not-offered`, `disabled`).',
    remedy: 'Look at what stands now and decide again, with its version.',
  },
  'duplicate-comment': {
    meaning:
      'The same author said the same in the same place a short while ago; `commentId` is that comment.',
    remedy: 'Show the first one; nothing was lost.',
  },
  'already-exists': {
    meaning: 'The name is taken.',
    remedy: 'Choose another, or change the one that is there.',
  },
  'comment-deleted': {
    meaning: 'Its author deleted the comment; nothing can be decided about it any more.',
    remedy: 'Take it off the list.',
  },
  'nothing-to-restore': {
    meaning: 'A person gave the comment its status, and no earlier decision is left to go back behind.',
    remedy: 'Decide anew.',
  },
  'idempotency-key-in-progress': {
    meaning: 'A request with this Idempotency-Key is under way.',
    remedy: 'Send the same request again after `Retry-After` seconds.',
  },
  'too-large': {
    meaning:
      'The body is larger than the call takes, or the head of the request than 64 KiB: then the status is 431.',
    remedy: 'Send less, or in several calls.',
  },
  'unsupported-media-type': {
    meaning: 'The Content-Type is missing, or not the one that this call takes.',
    remedy: 'Send `application/json`; forms, `application/x-www-form-urlencoded`.',
  },
  'validation-failed': {
    meaning: 'One or more fields, parameters or headers are not right; `errors` has an entry for each.',
    remedy: 'Correct every one of them; the same Idempotency-Key may be used again.',
  },
  'idempotency-key-reused': {
    meaning: 'The Idempotency-Key was used for another request before.',
    remedy: 'Draw a new key for every new request.',
  },
  'malformed-file': {
    meaning:
      'The file is not what its format says; nothing of it was taken. `line` is where, `reason` what is wrong there.',
    remedy: 'Correct the file at that line, or export it again; it may have been cut off on its way.',
  },
  'rate-limited': {
    meaning: 'Too many requests of one class; the RateLimit headers name it.',
    remedy: 'Come again after `Retry-After` seconds.',
  },
  'internal-error': {
    meaning: 'Something went wrong on the server’s side.',
    remedy: 'Try again later; give the operator the `X-Request-Id`.',
  },
  'store-unavailable': {
    meaning: 'The data can not be read or written at the moment; nothing was changed.',
    remedy: 'Send the same request again after `Retry-After` seconds.',
  },
};

/** Every code of one field. */
export const FIELD_REFERENCE: Record<FieldCode, CodeEntry> = {
  required: { meaning: 'It is missing, null, or has nothing visible in it.', remedy: 'Give a value.' },
  'too-long': { meaning: 'It has more characters or entries than allowed.', remedy: 'Shorten it.' },
  'too-short': { meaning: 'It has fewer characters or entries than needed.', remedy: 'Lengthen it.' },
  'out-of-range': {
    meaning: 'The number or moment lies outside what is allowed.',
    remedy: 'Choose one within.',
  },
  invalid: {
    meaning:
      'It has the wrong type or form, is none of the values allowed, or belongs to a part that is not offered yet.',
    remedy: 'See the call’s description.',
  },
  'invalid-email': { meaning: 'It is no e-mail address.', remedy: 'Check the address.' },
  'invalid-url': { meaning: 'It is no http or https address.', remedy: 'Give a whole web address.' },
  'parent-not-found': {
    meaning: 'The comment to answer is not visible, is deleted, or stands on another page.',
    remedy: 'Load the thread again.',
  },
  'too-deep': {
    meaning: 'The reply would be deeper than the site’s `maxDepth`.',
    remedy: 'Answer a comment above.',
  },
  'not-of-site': {
    meaning: 'The page’s host belongs neither to the site’s `origins` nor to `policy.pages.hosts`.',
    remedy: 'Add the host to the site, or correct the address.',
  },
  'private-address': {
    meaning: 'The address is not an https one of a public host.',
    remedy: 'Use a public https address.',
  },
  duplicate: { meaning: 'It is given more than once.', remedy: 'Give it once.' },
};

const entry = (code: string, { meaning, remedy }: CodeEntry, status?: number): string =>
  `### ${code}\n\n${status === undefined ? '' : `Status ${status}. `}${meaning}\n\n_What to do:_ ${remedy}\n`;

/** The whole of docs/errors.md; a test compares the file with it. */
export function errorsMarkdown(): string {
  const problems = Object.entries(PROBLEM_STATUS) as [ProblemCode, number][];
  return [
    '# Errors\n',
    'Every answer that says no is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `code`, and for bad fields `errors`. `code` never changes its meaning; `title` and `detail` are for people, in their language.\n',
    '## Problem codes\n',
    ...problems.map(([code, status]) => entry(code, PROBLEM_REFERENCE[code], status)),
    '## Field codes\n',
    'Each entry of `errors` names its place by `pointer` (a JSON Pointer into the body), `parameter` (of the query) or `header`.\n',
    ...FIELD_CODES.map((code) => entry(code, FIELD_REFERENCE[code])),
  ].join('\n');
}
