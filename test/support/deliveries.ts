import type { Deps } from '../../src/deps.ts';
import { createWebhookRunner, type RunnerOptions, type WebhookRunner } from '../../src/webhooks/runner.ts';
import { verifiedMessage } from '../../src/webhooks/signature.ts';
import type { WebhookEvent } from '../../src/webhooks/webhook.ts';
import type { Received } from './receiver.ts';
import { ADMIN, type TestService } from './service.ts';

/** What a subscriber is sent. */
export interface Sent {
  type: string;
  timestamp: string;
  data: Record<string, unknown> & { comment?: { id: string; version: number } & Record<string, unknown> };
}

export interface MadeWebhook {
  id: string;
  secret: string;
}

/** The part of the process that plans and brings deliveries, with a schedule that takes no time. */
export function startDeliveries(deps: Deps, options: Partial<RunnerOptions> = {}): WebhookRunner {
  const runner = createWebhookRunner(deps, {
    retrySeconds: [0, 0, 0],
    timeoutMs: 5000,
    report: () => undefined,
    ...options,
  });
  runner.start();
  return runner;
}

export async function subscribe(
  service: TestService,
  url: string,
  { events = ['comment.created'], site = null }: { events?: WebhookEvent[]; site?: string | null } = {},
): Promise<MadeWebhook> {
  const made = await service.call({
    method: 'POST',
    path: '/v1/admin/webhooks',
    headers: ADMIN,
    body: { url, events, site },
  });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return made.json as MadeWebhook;
}

export const sentOf = ({ text }: Received): Sent => JSON.parse(text) as Sent;
export const typesOf = (calls: Received[]): string[] => calls.map((call) => sentOf(call).type);

/** Whether that secret has signed the call. */
export function isSignedBy({ headers, text }: Received, secret: string): boolean {
  return verifiedMessage({ headers, body: Buffer.from(text), now: Date.now() }, [secret]) !== null;
}
