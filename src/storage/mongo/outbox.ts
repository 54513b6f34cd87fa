import type { mongo } from 'mongoose';
import type { Audited } from '../../moderation/audit.ts';
import { type Attempt, type Delivery, type DeliveryStatus, MOST_ATTEMPTS } from '../../webhooks/delivery.ts';
import { SOON, waitsInVain } from '../../webhooks/hasten.ts';
import {
  type Health,
  type OutboxStore,
  type TakeQuery,
  TOTAL_CAP,
  type TrackRecord,
} from '../../webhooks/outbox.ts';
import { addAct, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE, type Filter, RELAXED } from './database.ts';
import { isDuplicateKey, itemErrors, retryingUpsert } from './failures.ts';
import type { Lease } from './lease.ts';
import type { DeliveryDoc, DeliveryRecordDoc } from './webhook-schemas.ts';

/** Documents in one go. */
const PART = 500;
/** Receivers of one question. */
const ASKED = 64;
const NONE: TrackRecord = { deliveredAt: null, failedAt: null, failures: 0, last: null };

/** Indexes by their keys, as counting wants them named. */
type Hint = Record<string, 1>;
const DUE: Hint = { receiver: 1, nextAt: 1 };
const OF_RECEIVER: Hint = { receiver: 1, _id: 1 };
const BY_STATUS: Hint = { receiver: 1, status: 1, _id: 1 };
const KEPT: Hint = { status: 1, _id: 1 };

interface ListFilter {
  filter: Filter<DeliveryDoc>;
  hint: Hint;
}

const deliveryOf = (doc: DeliveryDoc): Delivery => {
  const { _id: id, ...rest } = withoutActs(doc);
  return { id, ...rest };
};
const docOf = ({ id, ...rest }: Delivery): DeliveryDoc => ({ _id: id, ...rest });

/** As `recordAfter`, of whatever the record is by then: tries of one receiver end at the same time. */
function noting({ at, httpStatus, error }: Attempt): mongo.UpdateFilter<DeliveryRecordDoc> {
  if (error === null)
    return { $set: { deliveredAt: at, failures: 0 }, $setOnInsert: { failedAt: null, last: null } };
  return {
    $set: { failedAt: at, last: { httpStatus, error } },
    $inc: { failures: 1 },
    $setOnInsert: { deliveredAt: null },
  };
}

type Wanted = TakeQuery['wanted'];

/** The first of them that can all have as much as they want; the very first has what there is. */
function thatFit(wanted: Wanted, room: number): Wanted {
  let sum = 0;
  const fitting = wanted.filter(({ most }) => {
    sum += most;
    return sum <= room;
  });
  return fitting.length > 0 ? fitting : wanted.slice(0, 1).map((one) => ({ ...one, most: room }));
}

type Parts = Pick<Database, 'deliveries' | 'deliveryRecords' | 'consumers'>;

/**
 * OutboxStore on MongoDB. Deliveries are inserted before the log's position moves: what a crash parts is
 * planned again, and finds its ids taken. One is taken by compare and set, so that it has one worker.
 */
export function createOutbox(
  { deliveries, deliveryRecords, consumers }: Parts,
  { lease, acts }: { lease: Lease; acts: Acts },
): OutboxStore {
  async function insert(planned: Delivery[], audited?: Audited): Promise<void> {
    if (planned.length === 0) return;
    try {
      await deliveries.insertMany(
        planned.map((one) => withAct(docOf(one), audited)),
        { ordered: false, writeConcern: DURABLE },
      );
    } catch (error) {
      for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
    }
  }

  function listFilter(receiver: string, status?: DeliveryStatus): ListFilter {
    return status === undefined
      ? { filter: { receiver }, hint: OF_RECEIVER }
      : { filter: { receiver, status }, hint: BY_STATUS };
  }

  function count(receiver: string, status?: DeliveryStatus): Promise<number> {
    const { filter, hint } = listFilter(receiver, status);
    return deliveries.countDocuments(filter, { limit: TOTAL_CAP, hint });
  }

  async function removePart(filter: Filter<DeliveryDoc>, hint: Hint): Promise<boolean> {
    const found = await deliveries
      .find(filter)
      .project<{ _id: string }>({ _id: 1 })
      .hint(hint)
      .limit(PART)
      .toArray();
    if (found.length === 0) return false;
    await deliveries.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    return found.length === PART;
  }

  async function healthOf(receiver: string): Promise<Health> {
    const [doc, waiting, dead] = await Promise.all([
      deliveryRecords.findOne({ _id: receiver }),
      count(receiver, 'waiting'),
      count(receiver, 'dead'),
    ]);
    const { _id: _, ...record } = doc ?? { _id: receiver, ...NONE };
    return { ...record, waiting, dead };
  }

  async function isAnyDue(wanted: Wanted, now: number): Promise<boolean> {
    const due = { receiver: { $in: wanted.map(({ receiver }) => receiver) }, status: 'waiting' as const };
    const [any] = await deliveries
      .find({ ...due, nextAt: { $lte: now } })
      .project({ _id: 1 })
      .hint(DUE)
      .limit(1)
      .toArray();
    return any !== undefined;
  }

  async function takeOf(
    { receiver, most }: Wanted[number],
    { now, until, lease: name }: { now: number; until: number; lease: string },
  ): Promise<Delivery[]> {
    const taken: Delivery[] = [];
    while (taken.length < most) {
      const doc = await deliveries.findOneAndUpdate(
        { receiver, status: 'waiting', nextAt: { $lte: now } },
        { $set: { nextAt: until, lease: name } },
        { sort: { nextAt: 1 }, hint: DUE, returnDocument: 'after', writeConcern: DURABLE },
      );
      if (!doc) break;
      taken.push(deliveryOf(doc));
    }
    return taken;
  }

  return {
    mayPlan: () => lease.hold(),
    async plan({ deliveries: planned, consumer, upTo }) {
      await insert(planned);
      await consumers.updateOne({ _id: consumer }, { $max: { number: upTo } }, { writeConcern: DURABLE });
    },
    async add(delivery, audited) {
      await insert([delivery], audited);
      await acts.tell('deliveries', delivery.id, audited);
    },
    async take({ wanted, room, ...rest }) {
      const taken: Delivery[] = [];
      for (let next = 0; next < wanted.length && taken.length < room; next += ASKED) {
        let part = wanted.slice(next, next + ASKED);
        // Most looks find nothing: one question for all receivers.
        if (!(await isAnyDue(part, rest.now))) continue;
        while (part.length > 0 && taken.length < room) {
          const fitting = thatFit(part, room - taken.length);
          taken.push(...(await Promise.all(fitting.map((one) => takeOf(one, rest)))).flat());
          part = part.slice(fitting.length);
        }
      }
      return taken;
    },
    async settle({ id, receiver, lease: name, status, nextAt, tries, attempt }) {
      const { matchedCount } = await deliveries.updateOne(
        { _id: id, lease: name },
        {
          $set: { status, nextAt, tries, lease: null },
          $push: { attempts: { $each: [attempt], $slice: -MOST_ATTEMPTS } },
        },
        { writeConcern: DURABLE },
      );
      if (matchedCount === 0) return false;
      await retryingUpsert(() =>
        deliveryRecords.updateOne({ _id: receiver }, noting(attempt), {
          upsert: true,
          writeConcern: RELAXED,
        }),
      );
      return true;
    },
    async find(id) {
      const doc = await deliveries.findOne({ _id: id });
      return doc ? deliveryOf(doc) : null;
    },
    async list({ receiver, status, before, limit }) {
      const { filter, hint } = listFilter(receiver, status);
      const beyond = before === undefined ? filter : { ...filter, _id: { $lt: before } };
      const [docs, total] = await Promise.all([
        deliveries.find(beyond).sort({ _id: -1 }).hint(hint).limit(limit).toArray(),
        count(receiver, status),
      ]);
      return { items: docs.map(deliveryOf), total };
    },
    async redeliver(id, now, audited) {
      const doc = await deliveries.findOneAndUpdate(
        { _id: id },
        { $set: { status: 'waiting', tries: 0, nextAt: now, lease: null }, ...addAct(audited) },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      if (doc) await acts.tell('deliveries', id, audited);
      return doc && deliveryOf(doc);
    },
    async hasten({ now, after }) {
      const docs = await deliveries
        .find({ status: 'waiting', _id: { $gt: after } })
        .sort({ _id: 1 })
        .hint(KEPT)
        .limit(PART)
        .toArray();
      const ids = docs.filter((doc) => waitsInVain(doc, now)).map(({ _id }) => _id);
      const inVain = { _id: { $in: ids }, status: 'waiting' as const, nextAt: { $gt: now + SOON } };
      if (ids.length > 0)
        await deliveries.updateMany(
          inVain,
          { $set: { nextAt: now, lease: null } },
          { writeConcern: DURABLE },
        );
      return docs.length < PART ? null : (docs.at(-1)?._id ?? null);
    },
    async health(receivers) {
      const healths = await Promise.all(receivers.map(healthOf));
      return new Map(
        receivers.map((receiver, i) => [receiver, healths[i] ?? { ...NONE, waiting: 0, dead: 0 }]),
      );
    },
    async depth() {
      const filter = { status: 'waiting' as const };
      const [waiting, oldest] = await Promise.all([
        deliveries.countDocuments(filter, { limit: TOTAL_CAP, hint: KEPT }),
        deliveries.find(filter).sort({ _id: 1 }).hint(KEPT).limit(1).toArray(),
      ]);
      return { waiting, oldestAt: oldest[0]?.createdAt ?? null };
    },
    async trim({ delivered, others }) {
      const parts = await Promise.all([
        removePart({ status: 'delivered', _id: { $lt: delivered } }, KEPT),
        removePart({ status: 'dead', _id: { $lt: others } }, KEPT),
        removePart({ status: 'waiting', _id: { $lt: others } }, KEPT),
      ]);
      return parts.some((isMore) => isMore);
    },
    async clear(receiver) {
      await deliveryRecords.deleteOne({ _id: receiver });
      return removePart({ receiver }, OF_RECEIVER);
    },
  };
}
