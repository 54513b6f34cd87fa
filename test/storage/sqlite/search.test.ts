import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comment } from '../../../src/comments/comment.ts';
import type { QueueFilter, QueueQuery } from '../../../src/comments/comment-store.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/migrations.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { rowOf } from '../../../src/storage/sqlite/rows.ts';
import { hitCountSql, hitsSql } from '../../../src/storage/sqlite/search/hits.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import { buildWriter } from '../../support/build-writer.ts';
import {
  apply,
  comment,
  decide,
  freshSite,
  page,
  post,
  removal,
  revision,
  site,
  tick,
} from '../../support/builders.ts';
import { until } from '../../support/until.ts';

let dataDir: string;
let file: string;
let storage: Storage;

const open = () => openSqlite({ dataDir, writerPath: buildWriter() });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-search-'));
  file = join(dataDir, 'gatehouse.db');
});
afterEach(async () => {
  await storage.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Reads something of the file beside the store. */
function read<T>(sql: string): T {
  const db = openDatabase(file, { readonly: true });
  try {
    return db.prepare<[], T>(sql).pluck().get() as T;
  } finally {
    db.close();
  }
}

const backlog = (): number =>
  read('SELECT (SELECT count(*) FROM search_todo) + (SELECT count(*) FROM search_gone)');
const filled = () => until('the index to be filled', () => backlog() === 0);

/** FTS5's own look at whether its structures agree with each other. */
function expectSound(): void {
  const db = openDatabase(file);
  db.exec("INSERT INTO search (search) VALUES ('integrity-check')");
  db.close();
}

async function ids(sites: string[], q: string, rest: Partial<QueueQuery> = {}): Promise<string[]> {
  const query: QueueQuery = { sites, status: 'all', sort: 'newest', limit: 2000, q, ...rest };
  return (await storage.comments.queue(query)).map(({ id }) => id);
}

/** In which files of the store the words stand, after the log was folded in. */
async function filesWith(word: string): Promise<string[]> {
  const db = openDatabase(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const names = await readdir(dataDir);
  return names.filter((name) => readFileSync(join(dataDir, name)).includes(word));
}

const crowd = (where: ReturnType<typeof page>, count: number): Promise<Comment[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => post(storage, where, { text: `crowd number ${i}` })));

/** A data file as the first release left it, with so many comments. */
function makeFirstVersion(count: number): Comment[] {
  const db = openDatabase(file);
  migrate(db, file, MIGRATIONS.slice(0, 1));
  const where = page('old', 'https://a.example/old', { title: 'Old news' });
  const comments = Array.from({ length: count }, (_, i) =>
    comment(where, { text: `old words ${i % 7}`, createdAt: i < 9 ? tick(0) : tick() }),
  );
  const firstRow = ({ open_reports: _, author_badge: __, ...row }: ReturnType<typeof rowOf>) => row;
  const first = firstRow(rowOf(comments[0] as Comment));
  const names = [...Object.keys(first), 'shown', 'duplicate_hash', 'duplicate_key'];
  const insert = db.prepare(
    `INSERT INTO comments (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
  );
  db.exec('BEGIN');
  for (const one of comments) {
    insert.run({ ...firstRow(rowOf(one)), shown: 0, duplicate_hash: 0, duplicate_key: '' });
  }
  db.prepare('INSERT INTO pages (site, key, url, title) VALUES (?, ?, ?, ?)').run(
    ...['old', where.key, where.url, where.title],
  );
  db.exec('COMMIT');
  db.prepare('INSERT INTO counters VALUES (?, ?, 0, 0, 0, 0, 0)').run('s/old', count);
  db.close();
  return comments;
}

describe('the search index of a data file', () => {
  it('of the first version is filled behind, and every comment is found meanwhile', async () => {
    const comments = makeFirstVersion(2500);
    const expected = comments.filter(({ text }) => text === 'old words 3').map(({ id }) => id);
    storage = await open();
    expect(backlog()).toBeGreaterThan(0);
    expect(await ids(['old'], 'words 3 news')).toEqual([...expected].reverse());
    await filled();
    expect(await ids(['old'], 'words 3 news')).toEqual([...expected].reverse());
    expectSound();
  });

  it('is filled by the next process where this one was stopped before', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    await crowd(where, 200);
    await storage.close();
    expect(backlog()).toBeGreaterThan(0);
    storage = await open();
    expect(await ids([where.site], 'crowd')).toHaveLength(200);
    await filled();
    expect(await ids([where.site], 'crowd')).toHaveLength(200);
  });

  it('is filled anew where it was filled by other rules', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    await crowd(where, 150);
    await filled();
    await storage.close();
    const db = openDatabase(file);
    db.exec("UPDATE meta SET value = 'rules of old' WHERE name = 'search-words'");
    db.close();
    storage = await open();
    expect(backlog()).toBeGreaterThan(0);
    await filled();
    expect(await ids([where.site], 'crowd')).toHaveLength(150);
    expectSound();
  });

  it('tells near copies what was decided by other rules', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    const text = 'Cheap watches and cheaper shoes, all of them at my shop around the corner';
    const alike = () => storage.lessons.alike({ ...likenessOf(where.site, text), except: null, most: 9 });
    await decide(storage, await post(storage, where, { text }), 'spam');
    await until('the decision to be told', async () => (await alike()).length === 1);
    await storage.close();
    const db = openDatabase(file);
    db.exec(
      "UPDATE precedents SET key = -key; UPDATE meta SET value = 'rules of old' WHERE name = 'search-words'",
    );
    db.close();
    storage = await open();
    await until('its copies to be told of it', async () => (await alike()).length === 1);
    const differences: object[] = [];
    for await (const one of storage.verify({ repair: false })) differences.push(one);
    expect(differences).toEqual([]);
  });

  it('finds a comment by the beginnings of the words that stay, whatever goes from beside them', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1', { title: 'Garden news' });
    await crowd(where, 150);
    const one = await post(storage, where, { text: 'gardens, garlic and کتابخانه, کتاب' });
    await filled();
    await apply(storage, one, revision(one, 'garlic and کتابخانه'));
    for (const q of ['g', 'ga', 'gar', 'garl', 'garlic', 'ک', 'کتا', 'کتاب', 'کتابخا'])
      expect([q, (await ids([where.site], q)).includes(one.id)]).toEqual([q, true]);
    // The words of a title, too.
    const standing = { site: where.site, key: where.key };
    await storage.sites.updatePage(standing, { title: 'Greenhouse' }, { expected: where.version });
    await filled();
    for (const q of ['g', 'ga', 'garl', 'gree'])
      expect([q, (await ids([where.site], q)).includes(one.id)]).toEqual([q, true]);
    expect(await ids([where.site], 'gard')).toEqual([]);
    expectSound();
  });

  it('has no beginning left of a comment that goes, of words that came beside others which begin alike', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1', { title: 'Garden' });
    const one = await post(storage, where, { text: 'xylophone کتاب wisteria' });
    await filled();
    const two = await apply(storage, one, revision(one, 'xylophone xylem کتاب کتابخانه wisteria'));
    const standing = { site: where.site, key: where.key };
    await storage.sites.updatePage(standing, { title: 'Garden wish' }, { expected: where.version });
    await filled();
    await apply(storage, two, removal(two));
    for (const part of ['x', 'xy', 'xyl', 'xyle', 'ک', 'کت', 'کتا', 'کتاب', 'w', 'wi', 'wis', 'wish', 'g']) {
      const left = read(`SELECT count(*) FROM search WHERE search MATCH '"${part}" *'`);
      expect([part, left]).toEqual([part, 0]);
    }
    expectSound();
  });

  it('loses no word of those that are filled in beside one that changes', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1', { title: 'Garden news' });
    const others = await crowd(where, 150);
    await filled();
    // All of them lose and get words that begin alike, and more of those come, in the same steps.
    const standing = { site: where.site, key: where.key };
    const [, ...further] = await Promise.all([
      storage.sites.updatePage(standing, { title: 'Gardens nearby' }, { expected: where.version }),
      ...Array.from({ length: 20 }, () => post(storage, where, { text: 'garlic never' })),
    ]);
    await filled();
    const all = [...others, ...(further as Comment[])].map(({ id }) => id).sort();
    for (const q of ['g', 'ga', 'gard', 'gardens', 'n', 'ne', 'near', 'nearby'])
      expect([q, (await ids([where.site], q)).sort()]).toEqual([q, all]);
    for (const q of ['news', 'garden news']) expect(await ids([where.site], q)).toEqual([]);
    await Promise.all(others.map((one) => apply(storage, one, revision(one, 'crowds'))));
    await filled();
    for (const q of ['c', 'cro', 'crowd', 'crowds'])
      expect([q, (await ids([where.site], q)).length]).toEqual([q, others.length]);
    for (const q of ['number', 'nu']) expect(await ids([where.site], q)).toEqual([]);
    expectSound();
  });

  it('is found to lack beginnings of the words that it has, which are put back', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    await crowd(where, 150);
    const one = await post(storage, where, { text: 'garlic and کتابخانه' });
    await filled();
    const db = openDatabase(file);
    // Words that it does not have go, and what they begin with goes with them.
    db.exec(
      `INSERT INTO search (search, rowid, words) SELECT 'delete', n, 'gar کت' FROM comments WHERE id = '${one.id}'`,
    );
    db.close();
    const found = async (repair: boolean) => {
      const all: object[] = [];
      for await (const { what, where } of storage.verify({ repair })) all.push({ what, where });
      return all;
    };
    expect(await ids([where.site], 'garl')).toEqual([one.id]);
    expect(await ids([where.site], 'gar')).toEqual([]);
    for (const repair of [false, true])
      expect(await found(repair)).toEqual([{ what: 'words', where: one.id }]);
    await filled();
    expect(await found(false)).toEqual([]);
    for (const q of ['g', 'ga', 'gar', 'garl', 'garlic', 'ک', 'کت', 'کتا', 'کتابخانه'])
      expect([q, await ids([where.site], q)]).toEqual([q, [one.id]]);
    expectSound();
  });

  it('holds no byte of a word that was erased or revised away', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    await crowd(where, 150);
    const [erased, revised] = [
      await post(storage, where, { text: 'Xylofonqvist ژرفاستان‌پور', author: 'Wqtrzk' }),
      await post(storage, where, { text: 'Brzeczyszczy stays' }),
    ];
    await filled();
    for (const word of ['ylofonqvist', 'ژرفاستان', 'wqtrzk', 'brzeczyszczy'])
      expect([word, await filesWith(word)]).toEqual([word, ['gatehouse.db']]);
    await apply(storage, erased, removal(erased));
    await apply(storage, revised, revision(revised, 'Something else stays'));
    for (const word of ['ofonqvist', 'ژرفاستان', 'wqtrz', 'xylo', 'rzeczyszcz', 'Wqtrzk'])
      expect([word, await filesWith(word)]).toEqual([word, []]);
    expect(await ids([where.site], 'brze')).toEqual([]);
    expect(await ids([where.site], 'else stays')).toEqual([revised.id]);
    expectSound();
  });

  it('gives up the words of a site that is removed', async () => {
    storage = await open();
    const [gone, kept] = [freshSite(), freshSite()];
    for (const id of [gone, kept]) await storage.sites.create(site(id));
    await crowd(page(gone, 'https://a.example/1'), 150);
    await post(storage, page(gone, 'https://a.example/1'), { text: 'Brzeczyszczy was here' });
    await crowd(page(kept, 'https://a.example/1'), 150);
    await filled();
    await storage.sites.remove(gone);
    expect(await ids([kept], 'crowd')).toHaveLength(150);
    expect(await storage.comments.countQueue({ sites: [kept], status: 'all', q: 'crowd' }, 10_000)).toBe(150);
    await filled();
    expect(await filesWith('rzeczyszcz')).toEqual([]);
    expect(await ids([kept], 'crowd')).toHaveLength(150);
    expectSound();
  });

  it('gives comments of one full millisecond and its neighbours in order, each once, both ways', async () => {
    storage = await open();
    const where = page(freshSite(), 'https://a.example/1');
    const moment = tick();
    const posted = await Promise.all(
      Array.from({ length: 1300 }, (_, i) =>
        post(storage, where, {
          text: 'same moment',
          createdAt: moment + (i % 100 === 0 ? 1 : i % 101 === 0 ? -1 : 0),
        }),
      ),
    );
    await filled();
    const expected = posted.map(({ id }) => id).sort();
    for (const sort of ['oldest', 'newest'] as const) {
      const met: string[] = [];
      for (let from: string | undefined; ; from = met.at(-1)) {
        const next = await ids([where.site], 'moment', {
          ...{ sort, limit: 97 },
          ...(from !== undefined && { from: { id: from } }),
        });
        if (next.length === 0) break;
        met.push(...next);
      }
      expect(met).toEqual(sort === 'oldest' ? expected : [...expected].reverse());
    }
    const span = { since: moment, until: moment };
    const filter: QueueFilter = { sites: [where.site], status: 'all', q: 'moment', ...span };
    const within = posted.filter(({ createdAt }) => createdAt === moment);
    expect(await storage.comments.countQueue(filter, 10_000)).toBe(within.length);
    expect(await ids([where.site], 'moment', span)).toHaveLength(within.length);
  });

  it('is asked in its own order, and tells a hit’s status without its row', async () => {
    storage = await open();
    const db = openDatabase(file, { readonly: true });
    const planOf = (sql: string): string =>
      (
        db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array((sql.match(/\?/g) ?? []).length).fill('1')) as {
          detail: string;
        }[]
      )
        .map(({ detail }) => detail)
        .join('; ');
    for (const sort of ['oldest', 'newest'] as const) {
      for (const sql of [hitsSql(sort, true), hitCountSql(sort, true)]) {
        expect(planOf(sql)).toMatch(/SCAN search VIRTUAL TABLE INDEX \S+; /);
        expect(planOf(sql)).toContain('SEARCH comments USING COVERING INDEX search_states (n=?');
        expect(planOf(sql)).not.toContain('TEMP B-TREE');
      }
      expect(planOf(hitsSql(sort, false))).not.toContain('TEMP B-TREE');
    }
    const terms = planOf('SELECT term FROM search_terms WHERE term >= ? AND term < ? LIMIT 1');
    expect(terms).toMatch(/^SCAN search_terms VIRTUAL TABLE INDEX [1-9]/);
    db.close();
  });
});
