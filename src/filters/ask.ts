import type { PhaseOutcome } from '../comments/comment.ts';
import { judge } from '../comments/judgement.ts';
import type { Deps } from '../deps.ts';
import { askAkismet } from './akismet.ts';
import type { FilterFailure, FilterOutcome } from './answer.ts';
import { silentOutcome, spokenOutcome } from './answer.ts';
import type { AskedComment } from './check.ts';
import type { Filter } from './filter.ts';
import { askedOf } from './of-site.ts';
import type { Question, Reply } from './question.ts';
import { askWebhook, questionFor } from './question.ts';

const NOT_ASKED: Reply = {
  kind: 'failed',
  failure: 'filter-refused',
  detail: 'The filter failed again and again; it is left in peace for a while and asked later.',
};

/** It answers, if not well: nobody waits for it in vain, so that the next comment is sent to it, too. */
const ANSWERED: ReadonlySet<FilterFailure> = new Set(['filter-status', 'filter-answer']);

/** Asks one filter and notes how it fared. Takes no longer than the deadline. */
export async function askFilter(
  deps: Deps,
  filter: Filter,
  question: Question,
): Promise<{ reply: Reply; ms: number }> {
  const breaker = deps.filterHealths.breakerOf(filter.id);
  if (!breaker.allows()) return { reply: NOT_ASKED, ms: 0 };
  const begun = performance.now();
  const reply =
    filter.kind === 'akismet'
      ? await askAkismet(deps, filter, question.asked)
      : await askWebhook(deps, filter, question);
  const ms = Math.round((performance.now() - begun) * 1000) / 1000;
  const failure = reply.kind === 'failed' ? reply.failure : null;
  deps.filterHealths.note(filter.id, { at: deps.clock.now(), ms, failure });
  if (failure === null || ANSWERED.has(failure)) breaker.succeeded();
  else breaker.failed();
  return { reply, ms };
}

/** What the filter's phase says after a reply. */
export function outcomeOfReply(filter: Filter, { reply, ms }: { reply: Reply; ms: number }): FilterOutcome {
  switch (reply.kind) {
    case 'word':
      return spokenOutcome(filter, reply.word, { ms, signedAt: null });
    case 'later':
      return silentOutcome(filter, { failure: null, ms });
    case 'failed':
      return silentOutcome(filter, { failure: reply.failure, detail: reply.detail, ms });
  }
}

/**
 * Asks the site's filters side by side about a comment that is about to be stored. Those that answer later, or
 * are only told later, are `waiting`. Null where the site has none: then nothing was looked up.
 */
export async function askFilters(
  deps: Deps,
  siteId: string,
  describe: () => Promise<AskedComment>,
): Promise<PhaseOutcome[] | null> {
  const filters = await askedOf(deps, siteId);
  if (filters.length === 0) return null;
  const sync = filters.filter(({ mode }) => mode === 'sync');
  const question = sync.length === 0 ? null : await questionFor(deps, await describe());
  return Promise.all(
    filters.map(async (filter) =>
      question === null || filter.mode === 'async'
        ? silentOutcome(filter, { failure: null, ms: 0, queued: true })
        : outcomeOfReply(filter, await askFilter(deps, filter, question)),
    ),
  );
}

/** What all phases make of a comment when the filters have had their say. */
export function withFilters(
  screening: PhaseOutcome[],
  said: PhaseOutcome[],
): { screening: PhaseOutcome[] } & ReturnType<typeof judge> {
  const all = [...screening, ...said];
  return { screening: all, ...judge(all) };
}
