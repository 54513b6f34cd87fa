import type { BenchContext } from '../bench-context.ts';
import type { MeasureName } from '../bench-options.ts';
import {
  copySqlite,
  fillDeskStore,
  fillEmpty,
  fillThreads,
  fillWords,
  newSqlite,
} from '../harness/stores.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { measureBulk } from './bulk.ts';
import { measureCold } from './cold.ts';
import { measureDashboard } from './dashboard.ts';
import { measureEvents } from './events.ts';
import { measureGenerator } from './generator.ts';
import { measureImports } from './imports.ts';
import { measureMemory } from './memory.ts';
import { measurePosts } from './posts.ts';
import { measureQueue } from './queue.ts';
import { measureReads } from './reads.ts';
import { measureSearch } from './search.ts';
import { measureMongoSimilar, measureSimilar } from './similar.ts';
import { measureSmoothness } from './smooth.ts';
import { measureStart } from './start.ts';
import { measureWidget } from './widget.ts';
import { measureWordlist } from './wordlist.ts';

const SMALL_DESK = 10_000;
/** Of these a service that starts erases the old spam and trash, one in nine; ten thousand are left to be loaded. */
const DASHBOARD_DESK = 12_500;
/** The one thousand comments that a replica set's first writes are not alone with. */
const WARM_DESK = 1000;

export interface RunMeasures {
  /** Why there is no mongod; null where there is one. */
  mongodMissing: string | null;
  onFailure(measure: MeasureName, error: Error): void;
}

/** Every measurement asked for, one after the other; one that fails does not keep the others from running. */
export async function runMeasures(
  context: BenchContext,
  { mongodMissing, onFailure }: RunMeasures,
): Promise<void> {
  let threads: Promise<StoreSettings> | null = null;
  const threadStore = (): Promise<StoreSettings> => {
    threads ??= makeThreadStore(context);
    return threads;
  };
  const measures: Record<MeasureName, () => Promise<void>> = {
    generator: () => measureGenerator(context),
    start: async () => measureStart(context, await threadStore()),
    reads: async () => measureReads(context, await threadStore()),
    cold: async () => measureCold(context, await threadStore()),
    smooth: async () => measureSmoothness(context, await threadStore()),
    memory: async () => measureMemory(context, await threadStore()),
    widget: async () => measureWidget(context, await threadStore()),
    dashboard: () => dashboardOnSqlite(context),
    wordlist: () => measureWordlist(context),
    similar: () => measureSimilar(context),
    'mongo-similar': () => measureMongoSimilar(context),
    posts: () => postsOnSqlite(context),
    queue: () => queueOnSqlite(context),
    events: () => eventsOnSqlite(context),
    mongo: () => postsOnMongo(context),
    'mongo-queue': () => queueOnMongo(context),
    search: () => searchOnSqlite(context),
    'mongo-search': () => searchOnMongo(context),
    bulk: () => bulkOnSqlite(context),
    imports: () => measureImports(context),
  };
  for (const name of context.options.only) {
    context.say(name);
    try {
      if (mongodMissing !== null && name.startsWith('mongo')) throw new Error(`no mongod: ${mongodMissing}`);
      await measures[name]();
    } catch (error) {
      onFailure(name, error instanceof Error ? error : new Error(String(error)));
    }
  }
}

const largeDesk = ({ options }: BenchContext): number =>
  options.full ? 1_000_000 : options.quick ? 20_000 : 100_000;

async function makeThreadStore(context: BenchContext): Promise<StoreSettings> {
  const store = newSqlite(context, 'threads');
  await fillThreads(context, store);
  // What is left to fill would be filled by a server that is measured.
  await fillWords(context, store);
  return store;
}

async function postsOnSqlite(context: BenchContext): Promise<void> {
  const gatehouse = newSqlite(context, 'posts');
  await fillEmpty(gatehouse);
  const bare = copySqlite(context, gatehouse, 'posts-bare');
  await measurePosts(
    context,
    { gatehouse, bare },
    {
      group: 'Durable writes on SQLite',
      figure: 'posts',
      perSecond: 5000,
      ratio: 0.6,
      p99: 100,
      how: 'synchronous=FULL, answered when committed; new text and address each, 200 pages, every check on; the bare server commits the same rows through the same adapter',
    },
  );
}

async function eventsOnSqlite(context: BenchContext): Promise<void> {
  const store = newSqlite(context, 'events');
  await fillEmpty(store);
  await measureEvents(context, store);
}

async function queueOnSqlite(context: BenchContext): Promise<void> {
  const sizes = [SMALL_DESK, largeDesk(context)];
  const stores = [];
  for (const comments of sizes) {
    const store = newSqlite(context, `desk-${comments}`);
    stores.push({ comments, store, desk: await fillDeskStore(context, store, comments) });
  }
  const [small, large] = stores;
  if (small && large)
    await measureQueue(context, { small, large, group: 'The moderators’ queue on SQLite', goalMs: 5 });
}

async function dashboardOnSqlite(context: BenchContext): Promise<void> {
  const store = newSqlite(context, 'dashboard');
  await fillDeskStore(context, store, DASHBOARD_DESK);
  await measureDashboard(context, store);
}

async function bulkOnSqlite(context: BenchContext): Promise<void> {
  const comments = largeDesk(context);
  const store = newSqlite(context, 'bulk');
  const desk = await fillDeskStore(context, store, comments);
  await measureBulk(context, { store, desk, comments, group: 'Many decisions on SQLite', goalMs: 60 });
}

const database = (uri: string, name: string): StoreSettings => ({
  kind: 'mongo',
  uri: uri.replace(/\/(?=\?|$)/, `/${name}`),
});

async function postsOnMongo(context: BenchContext): Promise<void> {
  for (const replicaSet of [false, true]) {
    const held = replicaSet ? WARM_DESK : largeDesk(context);
    const mongod = await context.startMongod({ replicaSet });
    try {
      const store = database(mongod.uri, 'posts');
      await fillDeskStore(context, store, held);
      await measurePosts(
        context,
        { gatehouse: store, bare: store },
        {
          group: 'Durable writes on MongoDB',
          figure: replicaSet
            ? 'posts, replica set of three'
            : `posts, standalone, already holding ${held.toLocaleString('en')}`,
          perSecond: 3000,
          ratio: null,
          p99: null,
          how: 'journaled majority writes; both servers write into the same database, in turn',
        },
      );
    } finally {
      await mongod.stop();
    }
  }
}

async function queueOnMongo(context: BenchContext): Promise<void> {
  const mongod = await context.startMongod({ replicaSet: false });
  try {
    const stores = [];
    for (const comments of [SMALL_DESK, largeDesk(context)]) {
      const store = database(mongod.uri, `desk${comments}`);
      stores.push({ comments, store, desk: await fillDeskStore(context, store, comments) });
    }
    const [small, large] = stores;
    if (small && large)
      await measureQueue(context, { small, large, group: 'The moderators’ queue on MongoDB', goalMs: 10 });
    if (small) await measureMongoStart(context, small.store);
  } finally {
    await mongod.stop();
  }
}

async function searchOnSqlite(context: BenchContext): Promise<void> {
  const comments = largeDesk(context);
  const store = newSqlite(context, 'search');
  const desk = await fillDeskStore(context, store, comments);
  await fillWords(context, store);
  await measureSearch(context, { store, desk, comments, group: 'Search on SQLite', goalMs: 5 });
}

async function searchOnMongo(context: BenchContext): Promise<void> {
  const comments = largeDesk(context);
  const mongod = await context.startMongod({ replicaSet: false });
  try {
    const store = database(mongod.uri, 'search');
    const desk = await fillDeskStore(context, store, comments);
    await fillWords(context, store);
    await measureSearch(context, { store, desk, comments, group: 'Search on MongoDB', goalMs: 50 });
  } finally {
    await mongod.stop();
  }
}

/** No goal is set for MongoDB's start; the figure tells what mongoose costs. */
async function measureMongoStart(context: BenchContext, store: StoreSettings): Promise<void> {
  await measureStart(context, store, null);
}
