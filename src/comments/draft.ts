import { sealEmail } from '../authors/email.ts';
import type { SignedIn } from '../authors/identity.ts';
import type { ScreenedAuthor } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import { homeOfId, momentOfId } from '../ids.ts';
import type { Screened } from '../screening/index.ts';
import { screen } from '../screening/index.ts';
import type { Past } from '../screening/past.ts';
import { turnsLetters } from '../screening/script.ts';
import type { Matcher } from '../screening/wordlist/matcher.ts';
import type { Page, Site } from '../sites/site.ts';
import { renderBody } from '../text/markdown.ts';
import type { Comment } from './comment.ts';
import type { CommentInput } from './fields.ts';
import type { MaskedFields } from './masked-fields.ts';

/** All that a new comment is made of and screened by. */
export interface Draft {
  site: Site;
  page: Page;
  parent: Comment | null;
  masked: MaskedFields;
  /** Null without an address and without a sign-in. */
  key: string | null;
  signedIn: SignedIn | null;
  author: ScreenedAuthor;
  now: number;
  /** As it was sent. */
  input: CommentInput;
  words: Matcher | null;
  past: Past;
  /** See PrepareOptions. */
  plannedId: string | null;
}

/** So long, in milliseconds, a write may be on its way, in a server that stands still; ids tell when they were made. */
const ON_ITS_WAY_MS = 10 * 60_000;

function screenDraft(id: string, { site, masked, author, input, words, past }: Draft): Screened {
  const { name, url, email, body } = masked.fields;
  return screen({
    site,
    id,
    body,
    name,
    url,
    email,
    ...author,
    ownAddressShown: masked.found,
    turnedLetters: turnsLetters(input.body) || turnsLetters(input.author?.name),
    trapFilled: input.trapFilled ?? false,
    elapsedMs: input.elapsedMs ?? null,
    words,
    ...past,
    edit: false,
  });
}

/** The planned id where the comment may still have it: on that page, and not made before `earliest`. */
function fittingId({ plannedId, page }: Draft, earliest: number): string | null {
  if (plannedId === null || homeOfId(plannedId) !== page.key) return null;
  return momentOfId(plannedId) >= earliest ? plannedId : null;
}

/** The comment as it will be stored, with what the phases made of it. */
export function draftComment(deps: Deps, draft: Draft): Comment {
  const { site, page, parent, masked, key, signedIn, now } = draft;
  const { fields } = masked;
  // A reply is younger than its parent even where two machines' clocks disagree: order by id is order of talk.
  const earliest = parent ? parent.createdAt + 1 : 0;
  const planned = fittingId(draft, Math.max(earliest, now - ON_ITS_WAY_MS));
  const createdAt = planned === null ? Math.max(now, earliest) : momentOfId(planned);
  const id = planned ?? deps.ids.next(createdAt) + page.key;
  const screened = screenDraft(id, draft);
  deps.phaseTimes.note(screened.screening);
  return {
    id,
    legacyId: null,
    site: site.id,
    pageKey: page.key,
    parentId: parent?.id ?? null,
    ancestors: parent ? [...parent.ancestors, parent.id] : [],
    author: {
      key,
      name: fields.name,
      url: fields.url,
      email: fields.email === null ? null : sealEmail(fields.email, deps.keys, site.id),
      moderator: false,
      ...(signedIn && { identity: { badge: signedIn.badge } }),
    },
    text: fields.body,
    html: renderBody(fields.body),
    status: screened.status,
    decidedBy: null,
    version: 1,
    revision: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    open: screened.status === 'approved',
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk: screened.risk,
    screening: screened.screening,
  };
}
