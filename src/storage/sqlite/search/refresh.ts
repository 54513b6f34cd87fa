import type { Database } from 'better-sqlite3';

/**
 * Rises with every change of foldWords, searchWords, likenessOf or what else tells a comment's words and keys: the
 * index is told what to remove, so what it holds must be what the code would give again. And where an index that was
 * filled before may be wrong: under 2 it lost beginnings of words, of those that stayed beside one that went and of
 * those that came in the same step; under 3 it kept some of what had gone.
 */
const RULES = 4;
const NAME = 'search-words';

/** The rules of this program on this Node.js: which characters are letters, and how they fold, is Unicode's. */
const wordsNow = (): string => `${RULES}/${process.versions.unicode}`;

/**
 * Before any other connection is open: where the index was filled by other rules, or not at all, it is
 * emptied, and everything is noted to be filled in behind.
 */
export function refreshSearch(db: Database): void {
  const known = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(NAME);
  if (known === wordsNow()) return;
  const refresh = db.transaction(() => {
    db.exec(`
      INSERT INTO search (search) VALUES ('delete-all');
      DELETE FROM likeness;
      DELETE FROM likeness_of;
      DELETE FROM precedents;
      UPDATE meta SET value = '0' WHERE name = 'precedents';
      DELETE FROM search_gone;
      DELETE FROM search_todo;
      INSERT INTO search_todo SELECT n, NULL, 0 FROM comments WHERE deleted_at IS NULL;
    `);
    db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(NAME, wordsNow());
  });
  refresh.exclusive();
}
