import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from 'mongoose';
import * as authors from '../../src/storage/mongo/author-schemas.ts';
import * as desk from '../../src/storage/mongo/desk-schemas.ts';
import * as filters from '../../src/storage/mongo/filter-schemas.ts';
import * as imports from '../../src/storage/mongo/import-schemas.ts';
import * as lessons from '../../src/storage/mongo/lesson-schemas.ts';
import * as people from '../../src/storage/mongo/people-schemas.ts';
import * as general from '../../src/storage/mongo/schemas.ts';
import * as sites from '../../src/storage/mongo/site-schemas.ts';
import * as staff from '../../src/storage/mongo/staff-schemas.ts';
import * as subscriptions from '../../src/storage/mongo/subscription-schema.ts';
import * as votes from '../../src/storage/mongo/vote-schema.ts';
import * as webhooks from '../../src/storage/mongo/webhook-schemas.ts';
import { openDatabase } from '../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';

/** What docs/privacy.md says is kept is what the schemas keep: nothing is added without a word on whose it is. */

const text = readFileSync(join(__dirname, '../../docs/privacy.md'), 'utf8');
const table = text.split('## Where everything lies')[1]?.split('\n## ')[0] ?? '';
const rows = table.split('\n').filter((line) => line.startsWith('| `') || line.startsWith('| |'));

/** The names in a column of the table, in order. */
const namesIn = (column: number): string[] =>
  rows.flatMap((row) =>
    [...(row.split('|')[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
  );

/** Tables that SQLite keeps by itself for a search index. */
const OF_INDEX = /^search_(data|idx|content|docsize|config)$/;

it('names every table of the SQLite file, once', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-privacy-'));
  try {
    await (await openSqlite({ dataDir, inline: true })).close();
    const db = openDatabase(join(dataDir, 'gatehouse.db'), { readonly: true });
    const found = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    db.close();
    expect(namesIn(1).sort()).toEqual(found.filter((name) => !OF_INDEX.test(name)).sort());
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it('names every collection of MongoDB, once', () => {
  const modules = [
    ...[authors, desk, filters, imports, lessons, people, general, sites, staff],
    ...[subscriptions, votes, webhooks],
  ];
  const schemas = modules
    .flatMap((module) => Object.values(module))
    .filter((one): one is Schema => one instanceof Schema);
  const found = schemas.map((schema) => schema.get('collection'));
  expect(found.length).toBeGreaterThan(40);
  expect(namesIn(2).sort()).toEqual([...new Set(found)].sort());
});

it('says of each what is in it of a person', () => {
  for (const row of rows) expect(row.split('|')[3]?.trim()).not.toBe('');
});
