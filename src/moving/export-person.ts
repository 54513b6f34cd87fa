import { openEmail, revealEmail } from '../authors/email.ts';
import { heldAt } from '../authors/standing.ts';
import type { Comment } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { recordAct } from '../moderation/record.ts';
import { presentPage } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { commentsOf, findPerson, type Person, type PersonRequest } from './person.ts';

/** All that is kept of a person, for that person. */
export interface PersonExport {
  email: string;
  generatedAt: string;
  comments: ExportedComment[];
  /** What moderators said of the person, by site; empty where nobody did. */
  standing: { site: string; standing: string; until: string | null; reason: string | null; at: string }[];
  /** The comments about whose answers the person is told by mail, or asked to be. */
  subscriptions: { site: string; commentId: string; createdAt: string; confirmedAt: string | null }[];
}

/** Subscriptions read at once. */
const AT_ONCE = 200;

interface ExportedComment {
  id: string;
  site: string;
  page: { url: string | null; title: string | null; id: string | null };
  parentId: string | null;
  name: string | null;
  email: string | null;
  url: string | null;
  text: string | null;
  status: string;
  createdAt: string;
  editedAt: string | null;
  votes: { up: number; down: number };
}

function presentOwn(
  deps: Pick<Deps, 'keys'>,
  site: Site,
  page: Page | null,
  comment: Comment,
): ExportedComment {
  const { id, parentId, author, text, status, createdAt, editedAt, votesUp, votesDown } = comment;
  const email = author.email === null ? null : openEmail(author.email, deps.keys, site.id);
  return {
    id,
    site: site.id,
    page: presentPage(site, page),
    parentId,
    name: author.name,
    email: email && revealEmail(email),
    url: author.url,
    text,
    status,
    createdAt: timestamp(createdAt),
    editedAt: editedAt === null ? null : timestamp(editedAt),
    votes: { up: votesUp, down: votesDown },
  };
}

async function commentsOn(deps: Deps, person: Person): Promise<ExportedComment[]> {
  const site = await deps.sites.find(person.site);
  if (!site) return [];
  const found: ExportedComment[] = [];
  const pages = new Map<string, Page | null>();
  for await (const comment of commentsOf(deps, person)) {
    const { pageKey } = comment;
    if (!pages.has(pageKey)) {
      const [page = null] = await deps.sites.findPagesByKey(site.id, [pageKey]);
      pages.set(pageKey, page);
    }
    found.push(presentOwn(deps, site, pages.get(pageKey) ?? null, comment));
  }
  return found;
}

async function standingOn(deps: Deps, { site, key }: Person): Promise<PersonExport['standing']> {
  const held = heldAt(await deps.authors.findStanding(key), deps.clock.now());
  if (!held) return [];
  const { standing, until, reason, at } = held;
  const end = until === null ? null : timestamp(until);
  return [{ site, standing, until: end, reason, at: timestamp(at) }];
}

async function subscriptionsOn(deps: Deps, { key: reader }: Person): Promise<PersonExport['subscriptions']> {
  const found: PersonExport['subscriptions'] = [];
  for (let after: string | undefined; ; ) {
    const part = await deps.subscriptions.ofReader({ reader, ...(after && { after }), limit: AT_ONCE });
    for (const { site, commentId, createdAt, confirmedAt } of part) {
      const confirmed = confirmedAt === null ? null : timestamp(confirmedAt);
      found.push({ site, commentId, createdAt: timestamp(createdAt), confirmedAt: confirmed });
    }
    after = part.at(-1)?.commentId;
    if (part.length < AT_ONCE) return found;
  }
}

/**
 * The subject's own export: the one answer, beside the reveal, that an address leaves by. That it was made is in the
 * audit of each site on which there was something, the address is not. Throws `validation-failed`, `site-not-found`.
 */
export async function exportPerson(
  deps: Deps,
  principal: Principal,
  request: PersonRequest,
): Promise<PersonExport> {
  const { email, people } = await findPerson(deps, principal, request);
  const answer: PersonExport = {
    email: revealEmail(email),
    generatedAt: timestamp(deps.clock.now()),
    comments: [],
    standing: [],
    subscriptions: [],
  };
  for (const person of people) {
    const comments = await commentsOn(deps, person);
    const standing = await standingOn(deps, person);
    const subscriptions = await subscriptionsOn(deps, person);
    if (comments.length + standing.length + subscriptions.length === 0 && request.site === undefined)
      continue;
    // Before anything is told: what can't be audited is not told.
    const note = `${comments.length} comments`;
    const act = { by: actorOf(principal), action: 'privacy-exported', site: person.site, note } as const;
    await recordAct(deps, act);
    answer.comments.push(...comments);
    answer.standing.push(...standing);
    answer.subscriptions.push(...subscriptions);
  }
  return answer;
}
