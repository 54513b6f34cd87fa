import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from '../bench-context.ts';
import { type Desk, fillDesk, fillThread } from '../seed/fill.ts';
import { openStore, type StoreSettings } from '../seed/open-store.ts';
import { prepareStore } from '../seed/sites.ts';

export const THREADS: readonly { name: string; comments: number }[] = [
  { name: 'thread-20', comments: 20 },
  { name: 'thread-2000', comments: 2000 },
  { name: 'thread-50000', comments: 50_000 },
];
const MIXED_PAGE_COMMENTS = 30;

/** A store of its own, still empty. */
export function newSqlite(context: BenchContext, name: string): StoreSettings & { kind: 'sqlite' } {
  const dataDir = join(context.scratch, name);
  mkdirSync(dataDir);
  return { kind: 'sqlite', dataDir, writerPath: context.programs.writer };
}

/** A copy of a closed SQLite store. */
export function copySqlite(
  context: BenchContext,
  from: StoreSettings & { kind: 'sqlite' },
  name: string,
): StoreSettings & { kind: 'sqlite' } {
  const dataDir = join(context.scratch, name);
  cpSync(from.dataDir, dataDir, { recursive: true });
  return { ...from, dataDir };
}

/** The sites, and nothing else. */
export async function fillEmpty(store: StoreSettings): Promise<void> {
  const storage = await openStore(store);
  try {
    await prepareStore(storage);
  } finally {
    await storage.close();
  }
}

/** The three threads and the 200 pages of mixed reads. */
export async function fillThreads(context: BenchContext, store: StoreSettings): Promise<void> {
  const begun = Date.now();
  const { seed, quick } = context.options;
  const storage = await openStore(store);
  try {
    await prepareStore(storage);
    for (const { name, comments } of THREADS) {
      await fillThread(storage, { name, comments: quick ? Math.min(comments, 5000) : comments, seed });
    }
    const mixed = Array.from({ length: 200 }, (_, index) => index);
    await Promise.all(
      mixed.map((index) =>
        fillThread(storage, { name: `mixed-${index}`, comments: MIXED_PAGE_COMMENTS, seed: seed + index }),
      ),
    );
  } finally {
    await storage.close();
  }
  context.say(`  filled ${store.kind} with the threads in ${seconds(begun)} s`);
}

/** The moderators' desk with so many comments. */
export async function fillDeskStore(
  context: BenchContext,
  store: StoreSettings,
  comments: number,
): Promise<Desk> {
  const begun = Date.now();
  const storage = await openStore(store);
  try {
    await prepareStore(storage);
    return await fillDesk(storage, { comments, seed: context.options.seed });
  } finally {
    await storage.close();
    context.say(
      `  filled ${store.kind} with ${comments.toLocaleString('en')} comments in ${seconds(begun)} s`,
    );
  }
}

/** Waits until every comment is found by its words: they are filled in behind the posts. */
export async function fillWords(context: BenchContext, store: StoreSettings): Promise<void> {
  const begun = Date.now();
  const storage = await openStore(store);
  const { left, close } = await wordsLeft(store);
  try {
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, WORDS_LOOK_MS));
  } finally {
    await close();
    await storage.close();
  }
  context.say(`  filled in words on ${store.kind} in ${seconds(begun)} s`);
}

const WORDS_LOOK_MS = 500;

interface WordsLeft {
  left(): number | Promise<number>;
  close(): void | Promise<void>;
}

async function wordsLeft(store: StoreSettings): Promise<WordsLeft> {
  if (store.kind === 'sqlite') {
    const { openDatabase } = await import('../../src/storage/sqlite/driver.ts');
    const db = openDatabase(join(store.dataDir, 'gatehouse.db'), { readonly: true });
    const count = db.prepare<[], number>('SELECT count(*) FROM search_todo').pluck();
    return { left: () => count.get() ?? 0, close: () => void db.close() };
  }
  const { default: mongoose } = await import('mongoose');
  const connection = await mongoose.createConnection(store.uri).asPromise();
  const comments = connection.collection('comments');
  return {
    left: () => comments.countDocuments({ wordsDue: { $exists: true } }, { limit: 1, hint: 'words-due' }),
    close: () => connection.close(),
  };
}

const seconds = (begun: number): string => ((Date.now() - begun) / 1000).toFixed(1);
