import { batch, signal } from '@preact/signals';
import { drawKey, post, serverNow } from '../api/client.ts';
import type { ItemResult, ModeratedComment } from '../api/types.ts';
import { refreshCounts } from '../counts.ts';
import { sites } from '../sites.ts';
import { complain, notify } from '../ui/notices.ts';
import { tCount } from '../words/index.ts';
import { addAct, changeAct, dropAct } from './acts.ts';
import { STATUS_OF } from './decide.ts';
import { callOf, type Filter, fits } from './filter.ts';
import { failedOf, failures, type Wish } from './late.ts';
import * as list from './list.ts';
import { noteDecision } from './session-stats.ts';

/** What a call names instead of ids (API.md, part 3). */
export interface Match {
  site: string;
  status: Filter['status'];
  author?: string;
  page?: string;
  q?: string;
  similarTo?: string;
  /** What came later was not seen by whoever decides, and is left alone. */
  until: string;
}

interface MatchAnswer {
  batchId: string;
  decided: number;
  conflicts: number;
  remaining: number;
  remainingCapped?: true;
}

/** Comments a call decides: few enough to show how far it is, and to stop. */
const PART = 500;
/** The contract's most of one call. */
const MOST = 10_000;

/** How far the work is, of how many there were; null where none is under way. */
export const progress = signal<{ done: number; of: number; stops: boolean } | null>(null);

export function stop(): void {
  if (progress.value) progress.value = { ...progress.value, stops: true };
}

/** A filter as a match; null where a match can't say all of it, or where it is not known yet which site is meant. */
export function matchOf(filter: Filter): Match | null {
  const { status, phase, reason, since, standing, view } = filter;
  const [first, ...others] = sites.value ?? [];
  const site = filter.site || (others.length === 0 ? (first?.id ?? '') : '');
  if (site === '' || [phase, reason, since, standing, view].some((part) => part !== '')) return null;
  const { author, page, q, similarTo, until } = callOf(filter);
  const narrowed = Object.entries({ author, page, q, similarTo }).filter(([, value]) => value);
  // The service's clock is known to the second only, and what is seen has come by now.
  const seen = list.rows.peek().map(({ comment }) => comment.createdAt);
  const now = [serverNow(), ...seen].sort().at(-1) ?? '';
  return { site, status, ...Object.fromEntries(narrowed), until: until || now };
}

interface Job {
  wish: Wish;
  match: Match;
  /** How many it found when it was looked at. */
  of: number;
  /** One more that the match does not find: the one that others are like. */
  also?: ModeratedComment;
}

async function decideOne({ id, version }: ModeratedComment, wish: Wish): Promise<string> {
  const body = { ...wish, items: [{ id, version }] };
  const answer = await post<{ batchId: string; results: ItemResult[] }>('moderation/decisions', body);
  failures.value = failedOf(answer.results, new Map());
  return answer.batchId;
}

/** Decides part after part until nothing is left, or it is told to stop. Each part done is told of. */
async function inParts({ wish, match }: Job, tell: (part: MatchAnswer) => void): Promise<void> {
  // What is decided and found all the same would be found again and again: that is one call.
  const stays = fits(match, { status: STATUS_OF[wish.action], reports: [] });
  const limit = stays ? MOST : PART;
  for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
    const part = await post<MatchAnswer>('moderation/decisions', { ...wish, match, limit });
    tell(part);
    if (stays || part.decided === 0 || progress.peek()?.stops) return;
    // First approvals leave what they are about where it was: what does not get less is done with.
    if (part.remaining >= left && !part.remainingCapped) return;
    left = part.remaining;
  }
}

/** Decides all that a match finds, as one act that can be taken back. */
export async function decideMatch(job: Job): Promise<void> {
  const { wish, of, also } = job;
  const key = drawKey();
  const batchIds: string[] = [];
  let done = 0;
  let refused = 0;
  batch(() => {
    addAct({
      ...{ key, action: wish.action, count: of, name: null, commentId: null },
      ...{ state: 'sending', decisionId: null, batchIds },
    });
    progress.value = { done, of, stops: false };
    list.choose([]);
    if (also) list.removeRows(new Set([also.id]));
  });
  try {
    if (also) {
      batchIds.push(await decideOne(also, wish));
      done += failures.peek().length === 0 ? 1 : 0;
    }
    await inParts(job, (part) => {
      batchIds.push(part.batchId);
      done += part.decided;
      refused += part.conflicts;
      progress.value = { done, of, stops: progress.peek()?.stops ?? false };
    });
  } catch (error) {
    const left = { ...job, of: of - done, also: batchIds.length > 0 ? undefined : also };
    complain(error, () => void decideMatch(left));
  } finally {
    progress.value = null;
    if (done > 0) changeAct(key, { state: 'done', batchIds, count: done });
    else dropAct(key);
    noteDecision(wish.action, done);
    notify({ kind: refused === 0 ? 'good' : 'bad', text: tCount(`bulk.${wish.action}`, done) });
    refreshCounts();
    await list.reload();
  }
}
