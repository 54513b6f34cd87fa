import type { Change, Invalidation } from '../../storage/storage.ts';
import type { Database } from './database.ts';
import type { StampDoc } from './documents.ts';
import { type Waking, wakeOnChange } from './wake.ts';

/** A change as a topic that other instances find in the `stamps` collection, and back. */
export function topicOf(change: Change): string {
  switch (change.kind) {
    case 'page':
      return `page/${change.site}/${change.pageKey}`;
    case 'site':
      return `site/${change.site}`;
    case 'tokens':
    case 'filters':
      return change.kind;
    case 'wordlist':
      return `wordlist/${change.site}`;
    case 'standings':
      return `standings/${change.site}`;
    case 'lessons':
      return `lessons/${change.site}`;
  }
}

function changeOf(topic: string): Change {
  const [kind, site = '', pageKey = ''] = topic.split('/');
  if (kind === 'page') return { kind, site, pageKey };
  if (kind === 'site' || kind === 'wordlist' || kind === 'standings' || kind === 'lessons')
    return { kind, site };
  return { kind: kind === 'filters' ? 'filters' : 'tokens' };
}

/** Tells of changes: to this process at once, to other instances by a stamp. */
export interface Stamps {
  onInvalidation(listener: (change: Invalidation) => void): void;
  /** Local listeners have run when it returns; the stamp is written behind, with others. Fulfilled once it is. */
  publish(changes: Change[]): Promise<void>;
  /** Stamps only: another instance's change that may have gone untold. */
  restamp(changes: Change[]): void;
  /**
   * Another server takes the writes: what was read of the one before it may be lost, and its stamps with it. Tells
   * that everything may have changed, and hears anew, from what stands.
   */
  restart(): void;
  /**
   * Whether what other instances changed until 900 ms ago has been heard. While not, what is kept in memory
   * must not be trusted.
   */
  fresh(): boolean;
  /** Fulfilled with the baseline read: from then on nothing is missed. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 200;
const FRESH_MS = 900;
/** Milliseconds after which a write is visible at the latest: so long it may come after a later one. */
const OVERLAP_MS = 10_000;
const WRITE_RETRY_MS = 200;
/**
 * Others may have heard of nothing yet when the server that took a stamp is gone: one that it alone had would never be
 * told, and a token that was revoked would be good with them for ever. What a crash of all loses does not matter: who
 * starts anew keeps nothing.
 */
const KEPT = { w: 'majority', journal: false, wtimeoutMS: 8000 } as const;
/** Writes at a time: others hear of each as soon as the primary has it, also while those before wait for a majority. */
const LANES = 4;

interface Known {
  n: number;
  /** Stamps of ours that are written but not yet met. */
  own: number;
}

export function createStamps({ stamps }: Pick<Database, 'stamps'>, report: (error: unknown) => void): Stamps {
  const listeners: ((change: Invalidation) => void)[] = [];
  const known = new Map<string, Known>();
  let pending = new Set<string>();
  /** Called when all of `pending` is written. */
  let waiting: (() => void)[] = [];
  const writing = new Set<Promise<void>>();
  let heardAt = 0;
  /** Rises with every server that takes the writes. */
  let reign = 0;
  /** Whether the server that takes them was asked what stands. */
  let isBased = false;
  let newest = new Date(0);
  /** When the newest stamp was first met. */
  let newestAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let polling: Promise<void> | null = null;
  let stopped = false;
  let waking: Waking | null = null;

  const tell = (change: Invalidation): void => {
    for (const listener of listeners) listener(change);
  };

  const countOwn = (topic: string, by: number): void => {
    const entry = known.get(topic);
    if (entry) entry.own += by;
    else known.set(topic, { n: 0, own: by });
  };
  const write = async (): Promise<void> => {
    while (pending.size > 0 && !stopped) {
      const topics = [...pending];
      const told = waiting;
      pending = new Set();
      waiting = [];
      // Counted before the write, so that the poll never meets a stamp of ours as another's.
      for (const topic of topics) countOwn(topic, 1);
      try {
        await stamps.bulkWrite(topics.map(stampOf), { ordered: false, writeConcern: KEPT });
        for (const written of told) written();
      } catch (error) {
        report(error);
        for (const topic of topics) {
          countOwn(topic, -1);
          pending.add(topic);
        }
        waiting.push(...told);
        await new Promise((resolve) => setTimeout(resolve, WRITE_RETRY_MS));
      }
    }
  };
  const stamp = (changes: Change[]): void => {
    for (const change of changes) pending.add(topicOf(change));
    if (writing.size >= LANES) return;
    const written = write().finally(() => writing.delete(written));
    writing.add(written);
  };

  const meet = ({ _id: topic, n, at }: StampDoc, silent: boolean): void => {
    if (at > newest) [newest, newestAt] = [at, performance.now()];
    const before = known.get(topic);
    if (before && n === before.n) return;
    const foreign = !before || n < before.n || n - before.n > before.own;
    known.set(topic, { n, own: before && !foreign ? before.own - (n - before.n) : 0 });
    if (foreign && !silent) tell(changeOf(topic));
  };
  const forgetOld = (): void => {
    if (known.size < 100_000) return;
    known.clear();
  };
  /** From here on nothing is missed. */
  const base = async (): Promise<void> => {
    const under = reign;
    const [last] = await stamps.find().sort({ at: -1 }).limit(1).toArray();
    if (under !== reign) return;
    if (last) [newest, newestAt] = [last.at, performance.now()];
    await poll('base');
  };
  const poll = async (as: 'base' | 'look' = 'look'): Promise<void> => {
    const began = Date.now();
    const under = reign;
    // Those between the two may still become visible; once the newest has stood for so long, none.
    const overlap = Math.max(0, OVERLAP_MS - (performance.now() - newestAt));
    const since = new Date(newest.getTime() - overlap);
    const found = await stamps
      .find({ at: { $gte: since } })
      .batchSize(10_000)
      .toArray();
    // Of a server that is followed no more.
    if (under !== reign) return;
    for (const doc of found) meet(doc, as === 'base');
    isBased = true;
    heardAt = began;
    forgetOld();
  };
  /** What was changed since the last one fell may have been stamped too long ago to be met. */
  const rebase = async (): Promise<void> => {
    await base();
    if (isBased) tell({ kind: 'everything' });
  };
  const again = (delay: number): void => {
    if (stopped) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void wake(), delay);
    timer.unref();
  };
  const wake = async (): Promise<void> => {
    if (polling || stopped) return;
    polling = (isBased ? poll() : rebase()).catch(report).finally(() => {
      polling = null;
    });
    await polling;
    again(POLL_MS);
  };

  return {
    onInvalidation: (listener) => void listeners.push(listener),
    publish(changes) {
      for (const change of changes) tell(change);
      if (changes.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        stamp(changes);
      });
    },
    restamp: stamp,
    restart() {
      reign += 1;
      isBased = false;
      [newest, newestAt, heardAt] = [new Date(0), 0, 0];
      known.clear();
      tell({ kind: 'everything' });
      again(0);
    },
    fresh: () => Date.now() - heardAt < FRESH_MS,
    async start() {
      await base();
      waking = await wakeOnChange(stamps, { onChange: () => again(0), report });
      again(POLL_MS);
    },
    async stop() {
      await Promise.all(writing);
      stopped = true;
      if (timer) clearTimeout(timer);
      await waking?.stop();
      await polling;
    },
  };
}

function stampOf(topic: string) {
  return {
    updateOne: {
      filter: { _id: topic },
      update: { $inc: { n: 1 }, $currentDate: { at: true as const } },
      upsert: true,
    },
  };
}
