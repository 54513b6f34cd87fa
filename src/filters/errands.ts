import type { Comment } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { siteOnPage } from '../sites/page-rules.ts';
import type { CheckMessage, DecidedMessage, Delivery } from '../webhooks/delivery.ts';
import type { TryResult } from '../webhooks/try-result.ts';
import { NOTHING_TO_TELL, resultOf } from '../webhooks/try-result.ts';
import { askAkismet, correctAkismet, knowsKey } from './akismet.ts';
import { spokenOutcome } from './answer.ts';
import type { AskedComment } from './check.ts';
import { decidedBody } from './decided.ts';
import type { Filter } from './filter.ts';
import { filterActor } from './filter.ts';
import { labelOf, wordOfFilter } from './messages.ts';
import type { Reply } from './question.ts';
import { questionFor, readReply, sendSigned } from './question.ts';
import { replayStep } from './replay.ts';

/** One try of what a filter is to be told, or asked once more. */
export interface Errand {
  filter: Filter;
  delivery: Delivery;
  /** In milliseconds. */
  deadlineMs: number;
}

/** The comment as it stands, where it is still the one that was meant; null where it is gone or says something else. */
async function stillAsked(
  deps: Deps,
  { commentId, revision }: CheckMessage | DecidedMessage,
): Promise<AskedComment | null> {
  const comment = await deps.comments.find(commentId);
  if (!comment || comment.deletedAt !== null || comment.revision !== revision) return null;
  const [found, [page = null], parent] = await Promise.all([
    deps.sites.find(comment.site),
    deps.sites.findPagesByKey(comment.site, [comment.pageKey]),
    comment.parentId === null ? null : deps.comments.find(comment.parentId),
  ]);
  if (!found) return null;
  const parentText = parent?.text ?? null;
  return { comment, site: siteOnPage(found, page), page, parentText, elapsedMs: null, sender: null };
}

/** The filter's word takes the place of its silence; one that came in by another way meanwhile stays. */
async function applyWord(
  deps: Deps,
  { filter, delivery }: Errand,
  { comment, word }: { comment: Comment; word: Extract<Reply, { kind: 'word' }>['word'] },
): Promise<void> {
  const standing = await deps.comments.find(comment.id);
  if (!standing || wordOfFilter(standing.screening, filter.id) !== null) return;
  const at = deps.clock.now();
  const signedAt = Math.floor(delivery.createdAt / 1000);
  await deps.comments.change(comment.id, {
    kind: 'verdict',
    decisionId: deps.ids.next(at) + comment.id,
    at,
    by: filterActor(filter),
    revision: comment.revision,
    outcome: spokenOutcome(filter, word, { ms: 0, signedAt }),
  });
}

async function ask(deps: Deps, errand: Errand, message: CheckMessage): Promise<TryResult> {
  const { filter, delivery, deadlineMs } = errand;
  const asked = await stillAsked(deps, message);
  if (!asked) return NOTHING_TO_TELL;
  const patient = { ...filter, deadlineMs };
  const { reply, result } = await put();
  if (reply.kind === 'word') await applyWord(deps, errand, { comment: asked.comment, word: reply.word });
  const breaker = deps.filterHealths.breakerOf(filter.id);
  if (reply.kind === 'failed') return result.error === null ? { ...result, error: 'answer' } : result;
  breaker.succeeded();
  return result;

  async function put(): Promise<{ reply: Reply; result: TryResult }> {
    if (!asked) throw new Error('nothing is asked');
    if (filter.kind === 'akismet') {
      const reply = await askAkismet(deps, patient, asked);
      const failed = reply.kind === 'failed' ? ('answer' as const) : null;
      return { reply, result: { httpStatus: null, error: failed } };
    }
    const { body } = await questionFor(deps, asked);
    const answer = await sendSigned(deps, filter, { id: delivery.id, body, deadlineMs });
    return { reply: readReply(patient, answer), result: resultOf(answer) };
  }
}

async function tell(
  deps: Deps,
  { filter, delivery, deadlineMs }: Errand,
  message: DecidedMessage,
): Promise<TryResult> {
  const asked = await stillAsked(deps, message);
  if (!asked) return NOTHING_TO_TELL;
  if (filter.kind === 'akismet') {
    const label = labelOf(message.status);
    return label === null
      ? NOTHING_TO_TELL
      : resultOf(await correctAkismet(deps, filter, { asked, label, deadlineMs }));
  }
  const body = JSON.stringify(decidedBody(deps, { filter, asked, message }));
  return resultOf(await sendSigned(deps, filter, { id: delivery.id, body, deadlineMs }));
}

/** Carries out one try. */
export async function runErrand(deps: Deps, errand: Errand): Promise<TryResult> {
  const { message } = errand.delivery;
  switch (message.type) {
    case 'comment.check':
      return ask(deps, errand, message);
    case 'comment.decided':
      return tell(deps, errand, message);
    case 'filter.replay':
      await replayStep(deps, errand.filter, message);
      return { httpStatus: null, error: null };
    case 'webhook.test': {
      const { filter, delivery, deadlineMs } = errand;
      if (filter.kind === 'akismet')
        return { httpStatus: null, error: (await knowsKey(deps, filter)) ? null : 'answer' };
      const at = timestamp(deps.clock.now());
      const body = JSON.stringify({ type: message.type, timestamp: at, data: { filterId: filter.id } });
      return resultOf(await sendSigned(deps, filter, { id: delivery.id, body, deadlineMs }));
    }
    default:
      return NOTHING_TO_TELL;
  }
}
