import * as z from 'zod';
import {
  findDelivery,
  listDeliveries,
  presentDelivery,
  redeliver,
  sendTest,
} from '../../webhooks/deliveries.ts';
import { DELIVERY_STATUSES } from '../../webhooks/delivery.ts';
import { TOTAL_CAP } from '../../webhooks/outbox.ts';
import { findWebhook } from '../../webhooks/webhooks.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { delivery } from '../schemas/webhook.ts';
import { placeOf } from './listing-read.ts';
import { listAnswer, listParameters, slice } from './lists.ts';

const USUAL_ITEMS = 50;

const query = listParameters.extend({ status: z.enum(DELIVERY_STATUSES).optional() });

const webhookOf = ({ params }: Context): string => params.webhook ?? '';
const named = ({ params }: Context) => ({ webhook: params.webhook ?? '', id: params.delivery ?? '' });

export const listWebhookDeliveries: Operation = {
  name: 'listDeliveries',
  summary:
    'What was sent to a subscriber, or is to be, newest first. Kept for 7 days once delivered, else for 30.',
  query,
  answers: { 200: listAnswer(delivery).extend({ totalCapped: z.literal(true).optional() }) },
  async handle(context, { deps }) {
    const { limit = USUAL_ITEMS, cursor, status } = parseQuery(context.query, { schema: query });
    const receiver = webhookOf(context);
    const bound = ['deliveries', receiver, status ?? ''];
    const before = placeOf(deps.keys, bound, cursor)?.id ?? undefined;
    const found = await listDeliveries(deps, principalOf(context), {
      receiver,
      limit: limit + 1,
      ...(status !== undefined && { status }),
      ...(before !== undefined && { before }),
    });
    const page = slice(found, { limit, bound, keys: deps.keys, present: presentDelivery });
    return json(200, { ...page, ...(found.total === TOTAL_CAP && { totalCapped: true }) });
  },
};

export const getDelivery: Operation = {
  name: 'getDelivery',
  summary: 'One delivery.',
  answers: { 200: delivery },
  async handle(context, { deps }) {
    return json(200, presentDelivery(await findDelivery(deps, principalOf(context), named(context))));
  },
};

export const postRedelivery: Operation = {
  name: 'redeliver',
  summary: 'Sends a delivery again, whatever became of it: at once, and then on the whole schedule.',
  answers: { 202: delivery },
  async prepare(context, { deps }) {
    const [principal, which] = [principalOf(context), named(context)];
    await findDelivery(deps, principal, which);
    return {
      plan: which,
      run: async () => json(202, presentDelivery(await redeliver(deps, principal, which))),
    };
  },
  // Whether it was sent again before a crash can't be told, and once more does no harm.
  recover: async () => null,
};

const planned = z.object({ webhook: z.string(), event: z.string(), at: z.number() });

export const postWebhookTest: Operation = {
  name: 'testWebhook',
  summary: 'Sends `webhook.test` to a subscriber; its delivery tells what came of it.',
  answers: { 202: delivery },
  async prepare(context, { deps }) {
    const principal = principalOf(context);
    const at = deps.clock.now();
    const plan = { webhook: webhookOf(context), event: deps.ids.next(at), at };
    await findWebhook(deps, principal, plan.webhook);
    return { plan, run: async () => json(202, presentDelivery(await sendTest(deps, principal, plan))) };
  },
  async recover(context, { deps }, plan) {
    return json(202, presentDelivery(await sendTest(deps, principalOf(context), planned.parse(plan))));
  },
};
