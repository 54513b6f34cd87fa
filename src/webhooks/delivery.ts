import { createHash } from 'node:crypto';
import type { Standing } from '../authors/standing.ts';
import type { Actor, CommentStatus, HistoryAction } from '../comments/comment.ts';
import { encodeBytes, idFloor } from '../ids.ts';
import type { MailMessage } from '../mail/message.ts';
import type { OutgoingFailure } from '../outgoing/outgoing.ts';
import type { WebhookEvent } from './webhook.ts';

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a comment stands where a message says; the contract's word. */
export type Cause =
  | 'screening'
  | 'decision'
  | 'verdict'
  | 'undo'
  | 'edit'
  | 'author'
  | 'erasure'
  | 'retention';

/** What a person or a filter decided, as subscribers are told of it. */
export interface ToldDecision {
  id: string;
  batchId: string | null;
  action: HistoryAction;
  reason: string | null;
  by: Actor;
}

/** A change of a comment. Its text is read at sending, so that none is sent that was erased meanwhile. */
export interface CommentMessage {
  type: Exclude<WebhookEvent, 'author.changed'>;
  at: number;
  site: string;
  commentId: string;
  version: number;
  revision: number;
  status: CommentStatus;
  previousStatus: CommentStatus | null;
  cause: Cause;
  decision: ToldDecision | null;
}

export interface AuthorMessage {
  type: 'author.changed';
  at: number;
  site: string;
  key: string;
  from: Standing | null;
  to: Standing | null;
}

/** Asked for by an admin, to see whether the way is open. */
export interface TestMessage {
  type: 'webhook.test';
  at: number;
}

/** An outside filter is asked about a comment at one revision, later or once more. */
export interface CheckMessage {
  type: 'comment.check';
  at: number;
  site: string;
  commentId: string;
  version: number;
  revision: number;
}

/** An outside filter is told what a person decided, so that it can learn. */
export interface DecidedMessage {
  type: 'comment.decided';
  at: number;
  site: string;
  commentId: string;
  version: number;
  revision: number;
  status: CommentStatus;
  label: 'ham' | 'spam' | null;
  /** The decision was taken back: `label` is what it had said. */
  undone: boolean;
  decision: ToldDecision;
}

/** Past decisions are gone through for an outside filter, a part at a time. */
export interface ReplayMessage {
  type: 'filter.replay';
  at: number;
  replayId: string;
  since: number;
  until: number;
  /** Null: every site that the filter serves. */
  site: string | null;
  /** The audit's entry at which the part before ended. */
  before: string | null;
}

/** What is to be told: ids, statuses and who decided, never a text, a commenter's name or an address. */
export type Message =
  | CommentMessage
  | AuthorMessage
  | TestMessage
  | CheckMessage
  | DecidedMessage
  | ReplayMessage
  | MailMessage;

/** One try. */
export interface Attempt {
  at: number;
  /** Null where no answer came. Of mail, the server's reply code. */
  httpStatus: number | null;
  /** Null where it was delivered. `status`: an answer that is no success; `answer`: one that is none of a filter's. */
  error: OutgoingFailure | 'status' | 'answer' | 'nothing-to-tell' | null;
  ms: number;
}

/** A message on its way to one receiver. */
export interface Delivery {
  /** Also the `webhook-id`: the same on every try. Ordered by the moment of what it tells. */
  id: string;
  /** The subscriber's id. */
  receiver: string;
  message: Message;
  status: DeliveryStatus;
  /** Tries since it was made or sent again by hand. */
  tries: number;
  /** The newest ones, oldest first. */
  attempts: Attempt[];
  /** When it is due, or due again if whoever tries it now is never heard of; null: not at all. */
  nextAt: number | null;
  /** Who tries it now; null: nobody. */
  lease: string | null;
  createdAt: number;
}

/** So many tries are kept of a delivery that is sent again and again. */
export const MOST_ATTEMPTS = 60;
const HASH_LENGTH = 16;

/** The same for the same event, however often it is planned: that makes of many plannings one delivery. */
export function deliveryId(receiver: string, { type, at }: Message, event: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([receiver, event, type]))
    .digest();
  return idFloor(at) + encodeBytes(hash, HASH_LENGTH);
}

export function newDelivery(
  receiver: string,
  message: Message,
  { event, now }: { event: string; now: number },
): Delivery {
  return {
    id: deliveryId(receiver, message, event),
    receiver,
    message,
    status: 'waiting',
    tries: 0,
    attempts: [],
    nextAt: now,
    lease: null,
    createdAt: message.at,
  };
}
