import type { Database } from 'better-sqlite3';
import type { Connections } from './comments.ts';
import { DIRECTORY } from './operations/directory.ts';

/** Keeps the directories of authors and pages near what was written, and brings them up to it when they are read. */
export interface Directory {
  /** Fulfilled when everything that was committed before the call is in the directories. */
  catchUp(): Promise<void>;
  /** From now on looks by itself; the work is done in quiet moments. */
  start(): void;
  stop(): Promise<void>;
}

/** Milliseconds between two looks. */
const LOOK_MS = 500;
/** Events between two looks up to which the moment is quiet: a step is as much work as a few posts. */
const QUIET = 10;
/** So far behind it goes on under load, too: a list must not have to catch up with hours. */
const TOO_FAR = 50_000;

export function createDirectory({ db, commits }: Connections): Directory {
  const state = readState(db);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let lastSeen = Number.NEGATIVE_INFINITY;

  async function step(): Promise<boolean> {
    return commits.execute('fillDirectory', null);
  }

  async function look(): Promise<void> {
    const { newest, mark, todo } = state();
    const isQuiet = newest - lastSeen <= QUIET;
    lastSeen = newest;
    if (newest <= mark && !todo) return;
    // Once it has begun under load, with a list of whom it noted, it goes on.
    if (!isQuiet && newest - mark < TOO_FAR && !todo) return;
    // In quiet moments until much else is written; else one step at each look.
    while (!(await step())) if (!isQuiet || state().newest - lastSeen > QUIET) return;
  }

  return {
    async catchUp() {
      const { newest, mark, todo } = state();
      if (newest <= mark && !todo) return;
      while (!(await step()));
    },
    start() {
      timer = setInterval(() => {
        // The store is ailing or closing: the next look, or the next process, finds what is left.
        running ??= look()
          .catch(() => undefined)
          .finally(() => {
            running = null;
          });
      }, LOOK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

function readState(db: Database): () => { newest: number; mark: number; todo: boolean } {
  const newest = db.prepare<[], number | null>('SELECT max(number) FROM events').pluck();
  const mark = db.prepare<[string], number>('SELECT number FROM event_consumers WHERE name = ?').pluck();
  const todo = db.prepare<[], number>('SELECT 1 FROM directory_todo LIMIT 1').pluck();
  return () => ({
    newest: newest.get() ?? 0,
    mark: mark.get(DIRECTORY) ?? 0,
    todo: todo.get() !== undefined,
  });
}
