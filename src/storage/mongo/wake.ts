import type mongoose from 'mongoose';
import { isNotWatched } from './failures.ts';

const AGAIN_MS = 2000;

/** What a change stream tells of; ends it. */
export interface Waking {
  /** Whether changes are told of at once: a standalone server has no change streams. */
  readonly streams: boolean;
  stop(): Promise<void>;
}

/**
 * Calls `onChange` soon after each change of the collection, on servers that tell of changes. It only makes
 * a poll sooner: who calls this polls all the same, since a stream may break.
 */
export async function wakeOnChange<Doc extends { _id: string | number }>(
  collection: mongoose.mongo.Collection<Doc>,
  { onChange, report }: { onChange: () => void; report: (error: unknown) => void },
): Promise<Waking> {
  const hello = await collection.db.admin().command({ hello: 1 });
  if (!hello.setName && hello.msg !== 'isdbgrid') return { streams: false, stop: async () => undefined };
  let stopped = false;
  let close: () => Promise<void> = async () => undefined;
  const listen = (): void => {
    if (stopped) return;
    const stream = collection.watch([], { maxAwaitTimeMS: 1000 });
    stream.on('change', onChange);
    stream.on('error', (error) => {
      void stream.close().catch(report);
      if (isNotWatched(error)) return;
      report(error);
      setTimeout(listen, AGAIN_MS).unref();
    });
    close = () => stream.close();
  };
  listen();
  return {
    streams: true,
    async stop() {
      stopped = true;
      await close();
    },
  };
}
