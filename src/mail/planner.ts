import type { CommentEvent } from '../comments/event.ts';
import type { Deps } from '../deps.ts';
import { isOfComment } from '../moderation/event-log.ts';
import type { Site } from '../sites/site.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { dueMail, isPublished, mayAsk, type PlanningFacts, waitsAnew } from './due.ts';
import { MAIL } from './message.ts';
import { activeStaff } from './staff-of-site.ts';

/** Events of one step: bounds how long other writes wait. */
const STEP = 200;
/** The log keeps events for so long whoever takes them. */
const KEPT_MS = 24 * 3_600_000;

/** The sites of the events that tell somebody by mail. */
async function sitesThatTell(deps: Deps, events: CommentEvent[]): Promise<Map<string, Site>> {
  const ids = [...new Set(events.map(({ site }) => site))];
  const found = await Promise.all(ids.map((id) => deps.sites.find(id)));
  const tell = found.filter(
    (site) => site !== null && (site.policy.notify.moderators !== 'off' || site.policy.notify.replies),
  );
  return new Map(tell.map((site) => [site?.id ?? '', site as Site]));
}

/** What is asked of the store costs nothing where no site wants it. */
async function factsOf(deps: Deps, events: CommentEvent[], sites: Map<string, Site>): Promise<PlanningFacts> {
  const notifyOf = (event: CommentEvent) => sites.get(event.site)?.policy.notify;
  const wantsStaff = events.some((event) => notifyOf(event)?.moderators !== 'off' && waitsAnew(event));
  const ofReaders = events.filter(
    (event) => notifyOf(event)?.replies && (isPublished(event) || mayAsk(event)),
  );
  const ids = [...new Set(ofReaders.map(({ commentId }) => commentId))];
  const comments = ids.length === 0 ? [] : await deps.comments.findMany(ids);
  const parents = comments.flatMap(({ parentId }) => parentId ?? []);
  const wanted = ids.length === 0 ? [] : await deps.subscriptions.ofComments([...ids, ...parents]);
  return {
    sites,
    staff: wantsStaff ? await activeStaff(deps) : [],
    subscriptions: new Map(wanted.map((one) => [one.commentId, one])),
    replies: new Map(
      comments.map(({ id, parentId, author, createdAt }) => [
        id,
        { parentId, authorKey: author.key, createdAt },
      ]),
    ),
    now: deps.clock.now(),
  };
}

/**
 * Of a comment that was taken away or erased, or whose address is not kept any longer (noted, and nobody's act),
 * nobody is told any more.
 */
async function forgetErased(deps: Deps, events: CommentEvent[]): Promise<void> {
  const gone = events.filter(
    ({ type, act }) =>
      type === 'deleted' || act?.action === 'anonymise' || (type === 'noted' && act === null),
  );
  if (gone.length > 0) await deps.subscriptions.remove(gone.map(({ commentId }) => commentId));
}

async function plan(deps: Deps, events: CommentEvent[]): Promise<Delivery[]> {
  const sites = await sitesThatTell(deps, events);
  if (sites.size === 0) return [];
  const told = events.filter(({ site }) => sites.has(site));
  return dueMail(told, await factsOf(deps, told, sites));
}

/**
 * Plans the mail that the next events are due; how many events it took. Done again after a crash it plans the same
 * ones, which changes nothing. Where no mail can go out nothing is planned, and no event is passed over that the log
 * keeps anyway: another instance, or this one after its next start, may have a way out.
 */
export async function planNext(deps: Deps): Promise<number> {
  const position = await deps.events.position(MAIL);
  if (position === null || !(await deps.outbox.mayPlan())) return 0;
  const found = await deps.events.after(position, STEP);
  const taken =
    deps.post === null ? found.filter(({ event }) => event.at < deps.clock.now() - KEPT_MS) : found;
  const last = taken.at(-1);
  if (!last) return 0;
  const events = taken.flatMap(({ event }) => (isOfComment(event) ? [event] : []));
  await forgetErased(deps, events);
  const deliveries = deps.post === null ? [] : await plan(deps, events);
  await deps.outbox.plan({ deliveries, consumer: MAIL, upTo: last.number });
  return taken.length;
}
