import type { Deps } from '../deps.ts';
import type { OutgoingAnswer } from '../outgoing/outgoing.ts';
import { deliveryId } from '../webhooks/delivery.ts';
import { signedHeaders } from '../webhooks/signature.ts';
import type { FilterFailure, Word } from './answer.ts';
import { ANSWER_LIMIT, readAnswer } from './answer.ts';
import type { AskedComment } from './check.ts';
import { checkMessage } from './check.ts';
import type { Filter } from './filter.ts';
import { checkMessageOf, questionName } from './messages.ts';
import { secretsOf } from './secret.ts';

/** What filters are asked: one comment at one revision, described once for all of them. */
export interface Question {
  asked: AskedComment;
  /** JSON of `comment.check`. */
  body: string;
}

/** What became of a question. */
export type Reply =
  | { kind: 'word'; word: Word }
  /** It will say later. */
  | { kind: 'later' }
  | { kind: 'failed'; failure: FilterFailure; detail: string };

export async function questionFor(deps: Deps, asked: AskedComment): Promise<Question> {
  return { asked, body: JSON.stringify(await checkMessage(deps, asked)) };
}

/** What a moderator reads of a call that failed; never anything that the other side sent. */
export function failureOf(
  answer: Extract<OutgoingAnswer, { ok: false }>,
  { deadlineMs }: Pick<Filter, 'deadlineMs'>,
): Reply & { kind: 'failed' } {
  switch (answer.failure) {
    case 'timeout':
      return { kind: 'failed', failure: 'filter-timeout', detail: `No answer within ${deadlineMs} ms.` };
    case 'too-large':
      return { kind: 'failed', failure: 'filter-answer', detail: 'The answer was larger than 64 KiB.' };
    case 'refused':
      return { kind: 'failed', failure: 'filter-refused', detail: 'No connection, or it broke off.' };
    default:
      return {
        kind: 'failed',
        failure: 'filter-refused',
        detail: 'Its address is not one that may be called.',
      };
  }
}

export const statusFailure = (status: number): Reply & { kind: 'failed' } => ({
  kind: 'failed',
  failure: 'filter-status',
  detail: `It answered with status ${status}.`,
});

export const unreadable: Reply & { kind: 'failed' } = {
  kind: 'failed',
  failure: 'filter-answer',
  detail: 'The answer is not one that the protocol knows.',
};

/** A signed message to the filter's own address. `deadlineMs` covers the whole answer. */
export function sendSigned(
  deps: Deps,
  filter: Filter,
  { id, body, deadlineMs }: { id: string; body: string; deadlineMs: number },
): Promise<OutgoingAnswer> {
  const timestamp = Math.floor(deps.clock.now() / 1000);
  const headers = signedHeaders({ id, timestamp, body }, secretsOf(deps, filter));
  return deps.outgoing.send({
    url: filter.url ?? '',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body,
    deadlineMs,
    maxBytes: ANSWER_LIMIT,
  });
}

/** The answer to a question as the protocol reads it. */
export function readReply(filter: Filter, answer: OutgoingAnswer): Reply {
  if (!answer.ok) return failureOf(answer, filter);
  if (answer.status === 202) return { kind: 'later' };
  if (answer.status !== 200) return statusFailure(answer.status);
  const word = readAnswer(answer.body);
  return word === null ? unreadable : { kind: 'word', word };
}

/** Puts a question to a webhook filter, once; its id is that of every later try. */
export async function askWebhook(deps: Deps, filter: Filter, { asked, body }: Question): Promise<Reply> {
  const { comment } = asked;
  const id = deliveryId(filter.id, checkMessageOf(comment), questionName(comment));
  return readReply(filter, await sendSigned(deps, filter, { id, body, deadlineMs: filter.deadlineMs }));
}
