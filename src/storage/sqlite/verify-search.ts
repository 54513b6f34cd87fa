import type { Database } from 'better-sqlite3';
import { BEGINNING, fingerprintOf, weightOf } from './search/fingerprint.ts';
import { beginningsOf, begunBy, tokensOf } from './search/tokens.ts';
import type { Found } from './verify-found.ts';

interface Row {
  id: string;
  n: number;
  site: string;
  text: string | null;
  author_name: string | null;
  author_url: string | null;
  title: string | null;
}

interface Wrong {
  /** A comment's id, or its number where there is none. */
  where: string;
  site: string;
  /** The fingerprint of the words it should be found by, and of their beginnings; null: none. */
  due: number | null;
  /** The words it is found by; their beginnings go with them, and what is told to go and is not there is an error. */
  has: string[];
}

/** Comments that a search finds by other words than theirs, or not at all; and words of what is not there. */
export function* wrongWords(db: Database): Generator<Found> {
  const kept = keptWords(db);
  const wrong = new Map<number, Wrong>();
  for (const row of comments(db)) {
    const { id, n, site, author_name: name, author_url: url } = row;
    const due = fingerprintOf(tokensOf(site, { text: row.text, author: { name, url } }, row.title));
    const stands = kept.get(n) ?? 0;
    kept.delete(n);
    if (stands !== due) wrong.set(n, { where: id, site, due, has: [] });
  }
  const idOf = db.prepare<[number], { id: string; site: string }>(
    'SELECT id, site FROM comments WHERE n = ?',
  );
  for (const n of kept.keys()) {
    const { id, site } = idOf.get(n) ?? { id: String(n), site: '' };
    wrong.set(n, { where: id, site, due: null, has: [] });
  }
  // What comments wait to be filled in with is under way, and so is what is about to be taken out.
  for (const n of waiting(db)) wrong.delete(n);
  gatherWords(db, wrong);
  for (const [n, { where, site, due, has }] of wrong) {
    yield {
      // Both true would be no difference: words that are others than its own count as none.
      difference: { what: 'words', where, kept: due === null, due: due !== null },
      mending: { what: 'words', site, n, has, due },
    };
  }
}

interface Term {
  term: string;
  doc: number;
}

/** In the order of the words. */
const terms = (db: Database): Iterable<Term> =>
  db.prepare<[], Term>('SELECT term, doc FROM search_terms').iterate();

interface Held {
  /** A word, or a beginning of one. */
  part: string;
  isWord: boolean;
  doc: number;
}

/**
 * All that the index holds. It keeps beginnings of up to four characters apart from the words and has no list of them:
 * each is asked for that a word has, as a search does.
 */
function* held(db: Database): Generator<Held> {
  const begunSo = db.prepare<[string], number>('SELECT rowid FROM search WHERE search MATCH ?').pluck();
  let [last, before]: [string, string[]] = ['', []];
  for (const { term, doc } of terms(db)) {
    // A beginning is new where the word before has another.
    if (term !== last) {
      const beginnings = beginningsOf(term);
      for (const part of beginnings.filter((one, at) => one !== before[at]))
        for (const doc of begunSo.iterate(begunBy(part))) yield { part, isWord: false, doc };
      [last, before] = [term, beginnings];
    }
    yield { part: term, isWord: true, doc };
  }
}

/** By number, the fingerprint of what the index has. */
function keptWords(db: Database): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { part, isWord, doc } of held(db))
    sums.set(doc, (sums.get(doc) ?? 0) + (isWord ? weightOf(part) : weightOf(part, BEGINNING)));
  return sums;
}

/** The index has no way from a comment to its words: another walk through all of it. */
function gatherWords(db: Database, wrong: Map<number, Wrong>): void {
  if (wrong.size === 0) return;
  for (const { term, doc } of terms(db)) wrong.get(doc)?.has.push(term);
}

const comments = (db: Database): Iterable<Row> =>
  db
    .prepare<[], Row>(
      `SELECT c.id, n, c.site, text, author_name, author_url, title FROM comments AS c
       LEFT JOIN pages ON pages.site = c.site AND pages.key = c.page_key WHERE deleted_at IS NULL`,
    )
    .iterate();

const waiting = (db: Database): number[] =>
  db.prepare<[], number>('SELECT n FROM search_todo UNION ALL SELECT n FROM search_gone').pluck().all();
