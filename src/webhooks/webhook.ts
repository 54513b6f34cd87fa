import type { Actor } from '../comments/comment.ts';
import type { Audited } from '../moderation/audit.ts';

/** What a subscriber may ask for; docs/webhooks.md says when each is sent. */
export const WEBHOOK_EVENTS = [
  'comment.created',
  'comment.held',
  'comment.approved',
  'comment.rejected',
  'comment.spam',
  'comment.trashed',
  'comment.edited',
  'comment.deleted',
  'comment.reported',
  'decision.undone',
  'author.changed',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** A subscriber: where it is told of what. */
export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  /** Null: every site. */
  site: string | null;
  enabled: boolean;
  /** Whether it answered 410, and was disabled for that. */
  gone: boolean;
  /** Sealed; see secrets.ts. */
  secret: string;
  /** The secret before, which signs too until then. */
  previous: { secret: string; until: number } | null;
  /** Events up to this number of the log happened before it was there. */
  after: number;
  createdBy: Actor;
  createdAt: number;
  updatedAt: number;
  version: number;
}

/** Where subscribers are kept. They are few. */
export interface WebhookStore {
  create(webhook: Webhook, audited?: Audited): Promise<void>;
  find(id: string): Promise<Webhook | null>;
  /** Every one, oldest first. */
  all(): Promise<Webhook[]>;
  /** Writes it where the version that stands is still `expected`. False where it is another, or gone. */
  replace(webhook: Webhook, expected: number, audited?: Audited): Promise<boolean>;
  remove(id: string, audited?: Audited): Promise<boolean>;
}
