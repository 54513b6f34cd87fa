import { openEmail, revealEmail } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import type { OutgoingAnswer } from '../outgoing/outgoing.ts';
import type { Site } from '../sites/site.ts';
import { foldText } from '../text/fold.ts';
import type { AskedComment } from './check.ts';
import { describeForFilters } from './check.ts';
import type { Disclosed, Filter } from './filter.ts';
import type { Reply } from './question.ts';
import { failureOf, statusFailure, unreadable } from './question.ts';
import { secretsOf } from './secret.ts';

/**
 * Akismet, from its public documentation (https://akismet.com/developers/detailed-docs/): forms go in, a word
 * comes out. It is told nothing of a commenter that is not public, but what an admin has said it may be.
 */

const ANSWER_BYTES = 64 * 1024;
const VERIFY_DEADLINE_MS = 10_000;
const TIP = 'x-akismet-pro-tip';

type Call = 'verify-key' | 'comment-check' | 'submit-spam' | 'submit-ham';
type Fields = Record<string, string | null | undefined>;

function send(
  deps: Pick<Deps, 'outgoing' | 'akismetUrl'>,
  call: Call,
  { fields, deadlineMs }: { fields: Fields; deadlineMs: number },
): Promise<OutgoingAnswer> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value) body.set(name, value);
  return deps.outgoing.send({
    url: `${deps.akismetUrl}/1.1/${call}`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: body.toString(),
    deadlineMs,
    maxBytes: ANSWER_BYTES,
  });
}

/** Whether Akismet knows the key. False also where it can't be asked. */
export async function verifyKey(deps: Deps, key: string): Promise<boolean> {
  const fields = { api_key: key, key, blog: deps.publicUrl };
  const answer = await send(deps, 'verify-key', { fields, deadlineMs: VERIFY_DEADLINE_MS });
  return answer.ok && answer.status === 200 && answer.body.toString('utf8').trim() === 'valid';
}

/** Whether Akismet still knows the filter's key. */
export const knowsKey = (deps: Deps, filter: Filter): Promise<boolean> =>
  verifyKey(deps, secretsOf(deps, filter)[0] ?? '');

/**
 * Stands for an address: of the unique local ones (RFC 4193, `fd00::/8`), the same for everything that an author
 * writes on a site, and made from who they are there, never from where they are.
 */
function standInAddress({ keys }: Pick<Deps, 'keys'>, { comment, site }: AskedComment): string {
  const who = comment.author.key ?? foldText(comment.author.name ?? '');
  const bytes = keys.mac('stand-in', site.id, who).subarray(0, 16);
  bytes[0] = 0xfd;
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

const blogOf = (site: Site, publicUrl: string): string =>
  site.origins.find((origin) => !origin.includes('*')) ?? publicUrl;

/** The fields of a check, and of what is told of it later. */
function fieldsOf(deps: Deps, filter: Filter, asked: AskedComment): Fields {
  const { comment, site } = asked;
  const sender = filter.disclose.length > 0 ? (asked.sender?.() ?? null) : null;
  const { page, author, body } = describeForFilters(asked);
  const tells = (what: Disclosed): boolean => filter.disclose.includes(what);
  const sealed = comment.author.email;
  const address = tells('email') && sealed !== null ? openEmail(sealed, deps.keys, site.id) : null;
  const [key = ''] = secretsOf(deps, filter);
  return {
    api_key: key,
    blog: blogOf(site, deps.publicUrl),
    user_ip: (tells('ip') && sender?.ip) || standInAddress(deps, asked),
    user_agent: tells('userAgent') ? sender?.userAgent : null,
    permalink: page.url,
    comment_type: comment.parentId === null ? 'comment' : 'reply',
    comment_author: author.name,
    comment_author_email: address === null ? null : revealEmail(address),
    comment_author_url: author.url,
    comment_content: body.text,
    comment_date_gmt: new Date(comment.createdAt).toISOString(),
    blog_lang: site.locale,
    blog_charset: 'UTF-8',
    recheck_reason: comment.revision > 1 ? 'edit' : null,
  };
}

/** What Akismet says of a comment: `true` is spam, `false` is not, and anything else a failure. */
export async function askAkismet(deps: Deps, filter: Filter, asked: AskedComment): Promise<Reply> {
  const fields = fieldsOf(deps, filter, asked);
  const answer = await send(deps, 'comment-check', { fields, deadlineMs: filter.deadlineMs });
  if (!answer.ok) return failureOf(answer, filter);
  if (answer.status !== 200) return statusFailure(answer.status);
  const said = answer.body.toString('utf8').trim();
  if (said !== 'true' && said !== 'false') return unreadable;
  const isDiscarded = said === 'true' && answer.headers[TIP] === 'discard';
  return {
    kind: 'word',
    word: {
      verdict: said === 'true' ? 'spam' : 'ham',
      score: null,
      labels: isDiscarded ? ['discard'] : [],
      reason: null,
    },
  };
}

/** Tells Akismet that it was wrong, with the fields of its check as far as they are kept. */
export function correctAkismet(
  deps: Deps,
  filter: Filter,
  { asked, label, deadlineMs }: { asked: AskedComment; label: 'ham' | 'spam'; deadlineMs: number },
): Promise<OutgoingAnswer> {
  const fields = fieldsOf(deps, filter, asked);
  return send(deps, label === 'spam' ? 'submit-spam' : 'submit-ham', { fields, deadlineMs });
}
