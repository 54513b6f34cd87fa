import type { CommentCommand } from '../comments/commands.ts';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { MAIL } from '../mail/message.ts';
import { recordAct } from '../moderation/record.ts';
import { forgetAnswers } from '../requests/kept-answers.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import type { EraseMode } from './erasure-journal.ts';
import { commentsOf, findPerson, type Person, type PersonRequest } from './person.ts';

/** The contract's answer: what there was of the person. */
export interface PersonErased {
  eraseId: string;
  comments: number;
  /** Messages about those comments that wait to be sent; they tell of them as they are now. */
  deliveries: number;
  subscriptions: number;
}

/** What taking somebody out takes. */
export type EraseDeps = Pick<
  Deps,
  | 'comments'
  | 'webhooks'
  | 'filters'
  | 'outbox'
  | 'subscriptions'
  | 'authors'
  | 'identities'
  | 'idempotency'
  | 'audit'
  | 'keys'
  | 'ids'
  | 'clock'
>;

/** Comments changed, and lists read, at once. */
const AT_ONCE = 100;

async function receiversOf({ webhooks, filters }: Pick<Deps, 'webhooks' | 'filters'>): Promise<string[]> {
  const found = [MAIL, ...(await webhooks.all()).map(({ id }) => id)];
  for (let before: string | undefined; ; ) {
    const { items } = await filters.list({ scope: null, before, limit: AT_ONCE });
    found.push(...items.map(({ id }) => id));
    if (items.length < AT_ONCE) return found;
    before = items.at(-1)?.id;
  }
}

/** Waiting deliveries that are about these comments. They hold ids; texts are read when they are sent. */
async function countDeliveries(deps: EraseDeps, commentIds: ReadonlySet<string>): Promise<number> {
  let count = 0;
  for (const receiver of await receiversOf(deps)) {
    for (let before: string | undefined; ; ) {
      const { items } = await deps.outbox.list({ receiver, status: 'waiting', before, limit: AT_ONCE });
      count += items.filter(
        ({ message }) => 'commentId' in message && commentIds.has(message.commentId),
      ).length;
      if (items.length < AT_ONCE) break;
      before = items.at(-1)?.id;
    }
  }
  return count;
}

async function eraseComments(
  deps: EraseDeps,
  ids: string[],
  { by, mode }: { by: Actor; mode: EraseMode },
): Promise<number> {
  let erased = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const at = deps.clock.now();
    const changes = ids.slice(start, start + AT_ONCE).map((id) => {
      const command: CommentCommand = { kind: 'erase', decisionId: deps.ids.next(at) + id, at, by, mode };
      return { id, command };
    });
    const results = await deps.comments.changeMany(changes);
    // One that its author deleted meanwhile holds nothing any more.
    erased += results.filter(({ refused }) => refused === undefined).length;
  }
  return erased;
}

/** Kept answers with all there was of them: where that were no comments they are found by the pseudonyms. */
export const forgetExports = (deps: EraseDeps, people: readonly Person[]): Promise<void> =>
  forgetAnswers(deps, new Set(people.map(({ key }) => key)));

export interface Erasure {
  by: Actor;
  mode: EraseMode;
  /** Only what was written up to then, in milliseconds since 1970; null: all there is. */
  until: number | null;
}

/** Takes a person out on one site, until nothing of them is left there. */
export async function eraseOn(
  deps: EraseDeps,
  person: Person,
  { until, ...how }: Erasure,
): Promise<Pick<PersonErased, 'comments' | 'deliveries' | 'subscriptions'>> {
  const total = { comments: 0, deliveries: 0, subscriptions: 0 };
  // Again until nothing is left: the person may be writing at this moment.
  for (;;) {
    const ids: string[] = [];
    let hasLater = false;
    for await (const { id, createdAt } of commentsOf(deps, person)) {
      hasLater = until !== null && createdAt > until;
      if (hasLater) break;
      ids.push(id);
    }
    if (ids.length === 0) {
      if (hasLater) break;
      // Mail that waits for them finds nobody to go to.
      total.subscriptions = await deps.subscriptions.removeReader(person.key);
      await deps.authors.forget(person);
      break;
    }
    const named = new Set(ids);
    // Before it, so that an erasure that is cut off finds the comments, and with them the answers, once more.
    await forgetAnswers(deps, named);
    total.deliveries += await countDeliveries(deps, named);
    total.comments += await eraseComments(deps, ids, how);
    // And after it: answers that were kept meanwhile.
    await forgetAnswers(deps, named);
  }
  // Last: cut off before it, the person is found once more.
  await deps.identities.unlink(person);
  return total;
}

/**
 * Takes out everything that is kept of a person: name, link, address and pseudonym of every comment, with their
 * texts (`delete`) or without (`anonymise`), what was noted and reported about them, the words they are found by,
 * kept answers, the directory's entry, the standing, and with a text what was learnt from it. Cut off anywhere it is
 * finished at the next start, or by asking again. An unknown address gives zeros. Throws `validation-failed`,
 * `site-not-found`.
 */
export async function erasePerson(
  deps: Deps,
  principal: Principal,
  { mode, ...request }: PersonRequest & { mode: EraseMode },
): Promise<PersonErased> {
  const { people } = await findPerson(deps, principal, request);
  const by = actorOf(principal);
  const at = deps.clock.now();
  const answer: PersonErased = { eraseId: deps.ids.next(at), comments: 0, deliveries: 0, subscriptions: 0 };
  await deps.erasures.append({ kind: 'person', id: answer.eraseId, at, mode, people });
  for (const [index, person] of people.entries()) {
    const { comments, deliveries, subscriptions } = await eraseOn(deps, person, { by, mode, until: null });
    answer.comments += comments;
    answer.deliveries += deliveries;
    answer.subscriptions += subscriptions;
    if (comments + subscriptions === 0 && request.site === undefined) continue;
    const note = erasureNote(mode, comments, answer.eraseId);
    const id = erasureEntryId(answer.eraseId, index);
    await recordAct(deps, { id, by, action: 'privacy-erased', site: person.site, note });
  }
  await forgetExports(deps, people);
  await deps.erasures.append({ kind: 'end', id: answer.eraseId, at: deps.clock.now() });
  return answer;
}

/** The audit's entry about one of an erasure's people: cut off before it was written, it is written at the next start. */
export const erasureEntryId = (eraseId: string, index: number): string => `${eraseId}-${index}`;

/** What the audit says of it. */
export const erasureNote = (mode: EraseMode, comments: number, eraseId: string): string =>
  `${mode}: ${comments} comments, ${eraseId}`;
