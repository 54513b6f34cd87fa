import type { EmailAddress } from '../authors/email.ts';
import { authorKey, parseEmail } from '../authors/email.ts';
import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { sitesOf } from '../moderation/queue.ts';
import { nextTurn } from '../screening/turns.ts';
import type { Principal } from '../staff/principal.ts';

/** What an admin asks about: a person by address, on one site or on all that the caller sees. */
export interface PersonRequest {
  email: string;
  site?: string;
}

/** The person on one site. */
export interface Person {
  site: string;
  key: string;
}

/** Comments read at once. */
const CHUNK = 200;

/** Throws `validation-failed` for what is no address, `site-not-found`. */
export async function findPerson(
  deps: Deps,
  principal: Principal,
  { email: given, site }: PersonRequest,
): Promise<{ email: EmailAddress; people: Person[] }> {
  const email = parseEmail(given);
  if (!email) throw validationFailed([{ pointer: '/email', code: 'invalid-email' }]);
  const sites = await sitesOf(deps, principal, site);
  const people: Person[] = [];
  for (const id of sites) people.push(...(await peopleOn(deps, email, id)));
  return { email, people };
}

/** Under the pseudonym of the address, and under those that its owner was signed in by. */
async function peopleOn(
  { keys, identities }: Pick<Deps, 'keys' | 'identities'>,
  email: EmailAddress,
  site: string,
): Promise<Person[]> {
  const own = authorKey(email, keys, site);
  return [own, ...(await identities.keysOf(own))].map((key) => ({ site, key }));
}

/**
 * Every comment that the person has on the site, oldest first; what its author has deleted holds nothing of them.
 * Between two chunks others have their turn: a store that answers at once would read thousands without one.
 */
export async function* commentsOf(
  deps: Pick<Deps, 'comments'>,
  { site, key }: Person,
): AsyncGenerator<Comment> {
  for (let from: { id: string } | undefined; ; ) {
    const found = await deps.comments.queue({
      sites: [site],
      status: 'all',
      authorKey: key,
      sort: 'oldest',
      limit: CHUNK,
      ...(from && { from }),
    });
    yield* found;
    const last = found.at(-1);
    if (!last || found.length < CHUNK) return;
    from = { id: last.id };
    await nextTurn();
  }
}
