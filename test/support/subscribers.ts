import type { WebhookRunner } from '../../src/webhooks/runner.ts';
import type { WebhookEvent } from '../../src/webhooks/webhook.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import { type MadeWebhook, startDeliveries, subscribe } from './deliveries.ts';
import { type Received, type Receiver, type Respond, startReceiver } from './receiver.ts';
import {
  ADMIN,
  type Answer,
  type CallOptions,
  commentBody,
  makeSite,
  startService,
  type TestService,
} from './service.ts';
import { until } from './until.ts';

/** A delivery as the list shows it. */
export interface DeliveryView {
  id: string;
  status: string;
  type: string;
  attempts: { httpStatus: number | null; error: string | null }[];
  nextAttemptAt: string | null;
}

export const WEBHOOKS_PATH = '/v1/admin/webhooks';

/** A service with real subscribers, for the tests of one file. */
export interface Subscribers {
  call(method: string, path: string, rest?: Partial<CallOptions>): Promise<Answer>;
  /** A site of its own with one subscriber. */
  subscribed(
    respond?: Respond,
    options?: { events?: WebhookEvent[]; policy?: object },
  ): Promise<{ site: string; receiver: Receiver; hook: MadeWebhook }>;
  /** One more subscriber of a site. */
  another(site: string, events: WebhookEvent[]): Promise<Receiver>;
  post(site: string, rest?: object): Promise<{ id: string; editToken: string }>;
  /** Gives the decision's id. */
  decide(id: string, action: string): Promise<string>;
  /** Waits for so many calls. */
  arrived(receiver: Receiver, count: number): Promise<Received[]>;
  deliveries(hook: MadeWebhook, query?: string): Promise<DeliveryView[]>;
  /** Waits for a delivery of that kind. */
  once(hook: MadeWebhook, what: string, when: (one: DeliveryView) => boolean): Promise<DeliveryView>;
}

export function useSubscribers(): Subscribers {
  let service: TestService;
  let runner: WebhookRunner;
  const receivers: Receiver[] = [];
  let sites = 0;

  beforeAll(async () => {
    service = await startService();
    runner = startDeliveries(service.deps);
  });
  afterAll(async () => {
    await runner.stop();
    for (const receiver of receivers) await receiver.stop();
    await service.stop();
  });

  async function listen(respond?: Respond): Promise<Receiver> {
    const receiver = await startReceiver(respond);
    receivers.push(receiver);
    return receiver;
  }
  const call: Subscribers['call'] = (method, path, rest = {}) =>
    service.call({ method, path, headers: ADMIN, ...rest });
  const deliveries: Subscribers['deliveries'] = async ({ id }, query = '') =>
    ((await call('GET', `${WEBHOOKS_PATH}/${id}/deliveries${query}`)).json as { items: DeliveryView[] })
      .items;

  return {
    call,
    deliveries,
    async subscribed(respond, { events = [...WEBHOOK_EVENTS], policy = {} } = {}) {
      sites += 1;
      const site = `site-${sites}`;
      await makeSite(service.deps, site, policy);
      const receiver = await listen(respond);
      return { site, receiver, hook: await subscribe(service, receiver.url, { events, site }) };
    },
    async another(site, events) {
      const receiver = await listen();
      await subscribe(service, receiver.url, { events, site });
      return receiver;
    },
    async post(site, rest = {}) {
      const path = `/v1/sites/${site}/comments`;
      const { json, status, text } = await service.call({
        method: 'POST',
        path,
        body: commentBody({ ...rest }),
      });
      if (status !== 201) throw new Error(text);
      const made = json as { comment: { id: string }; editToken: string };
      return { id: made.comment.id, editToken: made.editToken };
    },
    async decide(id, action) {
      const { json } = await call('POST', `/v1/moderation/comments/${id}/decisions`, { body: { action } });
      return (json as { decisionId: string }).decisionId;
    },
    arrived: (receiver, count) =>
      until(`${count} calls`, () => receiver.received.length >= count && receiver.received),
    once: (hook, what, when) => until(what, async () => (await deliveries(hook)).find(when)),
  };
}
