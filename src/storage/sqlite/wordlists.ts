import type { Wordlist, WordlistStore } from '../../screening/wordlist-store.ts';
import { createWordlistMemory, NONE } from '../wordlist-memory.ts';
import type { Connections } from './comments.ts';

export interface SqliteWordlistStore extends WordlistStore {
  /** Forgets what is kept in memory of the site's lists. */
  drop(site: string): void;
}

/** WordlistStore on SQLite. Every post asks for its site's lists, so those in use are kept in memory once read. */
export function createWordlistStore({ db, commits }: Connections): SqliteWordlistStore {
  const bodyOf = db.prepare<[string], string>('SELECT body FROM wordlists WHERE site = ?').pluck();
  const known = createWordlistMemory();

  async function find(site: string): Promise<Wordlist | null> {
    const kept = known.get(site);
    if (kept !== undefined) return kept === NONE ? null : kept;
    const body = bodyOf.get(site);
    const list = body === undefined ? null : (JSON.parse(body) as Wordlist);
    known.set(site, list ?? NONE);
    return list;
  }

  return {
    find,
    // Nobody else writes the file: what is in memory stands.
    standing: find,
    replace: (list, expected, audited) => commits.execute('replaceWordlist', { list, expected, ...audited }),
    drop: (site) => known.delete(site),
  };
}
