import { AsyncLocalStorage } from 'node:async_hooks';
import type { mongo } from 'mongoose';
import type { MongoOptions } from '../../../src/storage/mongo/open.ts';
import type { Installation } from './opened.ts';

type Command = Record<string, unknown>;

/** What the driver adds to a command that explaining it does not take. */
const NOT_EXPLAINED = ['lsid', '$db', '$clusterTime', 'txnNumber', '$readPreference'];

/** What a command read, as the server explains it. */
export interface Cost {
  keys: number;
  docs: number;
  returned: number;
  sorted: boolean;
}

/** Sums over every scan of a plan, those inside a lookup included. */
export function sumOf(explained: unknown): Cost {
  const cost: Cost = { keys: 0, docs: 0, returned: 0, sorted: false };
  const top = explained as { executionStats?: Command; stages?: Command[] };
  const cursor = top.stages?.[0]?.$cursor as { executionStats?: Command } | undefined;
  for (const stats of [top.executionStats, cursor?.executionStats, ...(top.stages ?? [])]) {
    cost.keys += Number(stats?.totalKeysExamined ?? 0);
    cost.docs += Number(stats?.totalDocsExamined ?? 0);
    cost.returned += Number(stats?.nReturned ?? 0);
  }
  cost.sorted = JSON.stringify(explained).includes('"stage":"SORT"');
  return cost;
}

/** What the server would do, and did, for a command that was heard. */
export async function explain(database: mongo.Db, command: Command): Promise<Command> {
  const kept = Object.fromEntries(Object.entries(command).filter(([name]) => !NOT_EXPLAINED.includes(name)));
  return database.command({
    explain: { ...kept, ...(kept.pipeline ? { cursor: {} } : {}) },
    verbosity: 'executionStats',
  });
}

/** Hears the reads of a store, those of an act and not what the store asks by itself meanwhile. */
export interface ReadRecorder {
  onCommand: NonNullable<MongoOptions['onCommand']>;
  /** The `find`, `aggregate` and `count` commands of `act`, in the order in which they went out. */
  readsOf(act: () => Promise<unknown>): Promise<Command[]>;
}

export function createReadRecorder(): ReadRecorder {
  const acting = new AsyncLocalStorage<Command[]>();
  return {
    onCommand({ commandName, command }) {
      if (['find', 'aggregate', 'count'].includes(commandName))
        acting.getStore()?.push(structuredClone(command));
    },
    async readsOf(act) {
      const reads: Command[] = [];
      await acting.run(reads, act);
      return reads;
    },
  };
}

/** Has the server tell what the reads of a store cost. */
export interface CostMeter {
  onCommand: NonNullable<MongoOptions['onCommand']>;
  /** What the commands of `act` on that collection cost, taken together; 1: those on none, that bring their documents. */
  costOf(act: () => Promise<unknown>, collection?: string | 1): Promise<Cost>;
}

export function createCostMeter(installation: () => Installation): CostMeter {
  const { onCommand, readsOf } = createReadRecorder();
  return {
    onCommand,
    async costOf(act, collection = 'comments') {
      const reads = await readsOf(act);
      const commands = reads.filter((command) => command[Object.keys(command)[0] ?? ''] === collection);
      expect(commands.length).toBeGreaterThan(0);
      const costs = await installation().raw((database) =>
        Promise.all(commands.map(async (command) => sumOf(await explain(database, command)))),
      );
      const sum = (member: 'keys' | 'docs' | 'returned'): number =>
        costs.reduce((total, one) => total + one[member], 0);
      const sorted = costs.some((one) => one.sorted);
      return { keys: sum('keys'), docs: sum('docs'), returned: sum('returned'), sorted };
    },
  };
}
