import type { Database } from 'better-sqlite3';
import { COUNTER_FIELDS } from '../../comments/counts.ts';
import type { Difference } from '../../comments/difference.ts';
import { openForReading } from './connection.ts';
import type { GroupCommit } from './group-commit.ts';
import { assertSound } from './soundness.ts';
import { wrongAliases } from './verify-aliases.ts';
import { wrongEntries } from './verify-directories.ts';
import type { Found } from './verify-found.ts';
import { wrongLikeness } from './verify-likeness.ts';
import { wrongMarks } from './verify-marks.ts';
import { lostPages, lostReferences } from './verify-pages.ts';
import { wrongPrecedents } from './verify-precedents.ts';
import { wrongWords } from './verify-search.ts';
import { COMMENT_CHECKS, COUNTER_CHECKS, type CommentCheck } from './verify-sql.ts';
import { wrongTallies } from './verify-tallies.ts';

export interface VerifyParts {
  file: string;
  commits: GroupCommit;
}

/**
 * Pages that are made again before their lists. Keys after words: of a comment whose words were
 * wrong both are filled in anew.
 */
const BEHIND = [
  wrongTallies,
  wrongAliases,
  lostPages,
  lostReferences,
  wrongEntries,
  wrongMarks,
  wrongWords,
  wrongLikeness,
  wrongPrecedents,
];
/** Differences that are mended in one go. */
const CHUNK = 200;
/** What follows from the parent's: each pass of mending reaches one level more of a thread, which has so many at most. */
const BY_LEVEL = new Set<CommentCheck['what']>(['ancestors', 'open']);
const MOST_PASSES = 1000;

/**
 * Compares what is kept with the rows, check by check, each over one state of the file. What is found comes
 * out as it is found; nothing but a part of it is ever in memory. SQLite's own check comes first, and throws what it
 * finds: nothing can be told of rows that a damaged file gives, and nothing mended by them.
 */
export async function* verify(
  { file, commits }: VerifyParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const db = openForReading(file);
  // Sums of a large site are too many to hold.
  db.pragma('temp_store = FILE');
  async function* settle(check: () => Iterable<Found>): AsyncGenerator<Difference> {
    for (const part of inParts(check())) {
      if (repair)
        await commits.execute(
          'mend',
          part.map(({ mending }) => mending),
        );
      for (const { difference } of part) yield { ...difference, repaired: repair };
    }
  }
  try {
    assertSound(db);
    for (const check of COMMENT_CHECKS) {
      for (let passes = 0, found = -1; found !== 0 && passes < MOST_PASSES; passes++) {
        found = 0;
        for await (const difference of settle(() => wrongComments(db, check))) {
          found += 1;
          yield difference;
        }
        if (!repair || !BY_LEVEL.has(check.what)) break;
      }
    }
    for (const sql of COUNTER_CHECKS) yield* settle(() => wrongCounters(db, sql));
    for (const check of BEHIND) yield* settle(() => inOneState(db, check));
  } finally {
    db.close();
  }
}

/** A check of several statements, over one state of the file. */
function* inOneState(db: Database, check: (db: Database) => Iterable<Found>): Generator<Found> {
  db.exec('BEGIN');
  try {
    yield* check(db);
  } finally {
    db.exec('COMMIT');
  }
}

function* inParts(all: Iterable<Found>): Generator<Found[]> {
  let part: Found[] = [];
  for (const one of all) {
    part.push(one);
    if (part.length < CHUNK) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

const IS_FLAG = new Set<CommentCheck['what']>(['ancestors', 'open', 'shown']);

function* wrongComments(db: Database, { what, sql }: CommentCheck): Generator<Found> {
  const rows = db.prepare<[], { id: string; site: string; kept: number; due: number }>(sql).iterate();
  for (const { id, site, kept, due } of rows) {
    const isFlag = IS_FLAG.has(what);
    yield {
      difference: { what, where: id, kept: isFlag ? kept === 1 : kept, due: isFlag ? due === 1 : due },
      mending: { what, id, site, kept, due },
    };
  }
}

function* wrongCounters(db: Database, sql: string): Generator<Found> {
  for (const row of db.prepare<[], Record<string, number> & { scope: string }>(sql).iterate()) {
    const { scope } = row;
    const site = scope.split('/')[1] ?? '';
    for (const field of COUNTER_FIELDS) {
      const [kept = 0, due = 0] = [row[`kept_${field}`], row[`due_${field}`]];
      if (kept === due) continue;
      yield {
        difference: { what: 'counter', where: `${scope} ${field}`, kept, due },
        mending: { what: 'counter', scope, site, field, by: due - kept },
      };
    }
  }
}
