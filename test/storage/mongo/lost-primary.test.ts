import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { connect, type Database, ensureIndexes, RELAXED } from '../../../src/storage/mongo/database.ts';
import { createFold } from '../../../src/storage/mongo/fold.ts';
import { JOURNAL_ID } from '../../../src/storage/mongo/journal.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import { pageId, referenceId } from '../../../src/storage/mongo/page-writes.ts';
import { createStamps } from '../../../src/storage/mongo/stamps.ts';
import type { Invalidation, Storage } from '../../../src/storage/storage.ts';
import { freshSite, page, post, site, token } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { freshDatabase } from '../../support/lane.ts';
import { until } from '../../support/until.ts';

/** What the primary of a replica set takes to its grave, since no other member has it yet. */

const ALONE = { writeConcern: RELAXED };
const HELD_BACK = 'stopReplProducer';

let server: RunningMongod;
let uri: string;
let database: Database;
let primary: number;
let others: number[];

beforeAll(async () => {
  server = await startMongod({ replicaSet: true, testCommands: true });
});
afterAll(() => server.stop());
beforeEach(async () => {
  uri = freshDatabase(server.uri);
  database = await connect(uri);
  primary = await until('a primary', async () => {
    const index = await server.primary();
    return index >= 0 && { index };
  }).then(({ index }) => index);
  others = [0, 1, 2].filter((index) => index !== primary);
});
afterEach(async () => {
  await database.connection.close();
  await server.restart(primary);
});

/** From now on the primary writes alone, and stays what it is: the others hear that it is there. */
async function holdBack(): Promise<void> {
  for (const index of others) {
    const set = await server.ask(index, { configureFailPoint: HELD_BACK, mode: 'alwaysOn' });
    const timesEntered = Number(set?.count) + 1;
    await server.ask(index, { waitForFailPoint: HELD_BACK, timesEntered, maxTimeMS: 30_000 });
  }
}

/** The primary dies with what it had alone; one of the others is the next. */
async function bury(): Promise<void> {
  await server.kill(primary);
  for (const index of others) await server.ask(index, { configureFailPoint: HELD_BACK, mode: 'off' });
}

it('had word of a change alone, and other instances hear of it all the same', async () => {
  await database.connection.createCollection(database.stamps.collectionName);
  const stamps = createStamps(database, () => undefined);
  await holdBack();
  stamps.publish([{ kind: 'tokens' }]);
  await until('the stamp', () => database.stamps.findOne({ _id: 'tokens' }));
  await bury();
  await until('the stamp on the others', () => database.stamps.findOne({ _id: 'tokens' }).catch(() => null));
  await stamps.stop();
});

describe('what it alone had of changes and an instance has read', () => {
  let reader: Storage;
  const heard: Invalidation[] = [];
  const name = freshSite();
  const at = page(name, 'https://a.example/1', { title: 'True' });
  const key = token();

  async function seenBy({ sites, tokens, wordlists, filters, authors }: Storage) {
    return {
      site: (await sites.find(name))?.name,
      ids: await sites.ids(),
      token: await tokens.findByHash(key.hash),
      page: (await sites.findPage(name, `u:${at.url}`))?.title,
      byKey: (await sites.findPagesByKey(name, [at.key]))[0]?.title,
      words: await wordlists.find(name),
      filters: await filters.all(),
      standings: await authors.standings(name),
    };
  }

  it('is read anew from the next one', async () => {
    reader = await openMongo({ uri });
    reader.onInvalidation((change) => void heard.push(change));
    const writer = await openMongo({ uri });
    await writer.sites.create({ ...site(name), name: 'True' });
    await post(writer, at);
    const truth = await seenBy(writer);
    await writer.close();
    await eventually(() => expect(heard).toContainEqual({ kind: 'page', site: name, pageKey: at.key }));

    await holdBack();
    const lost = { _id: 'lost', site: name, name: 'Lost', sites: [name], version: 1 } as never;
    const { id: _id, ...rest } = key;
    await database.tokens.insertOne({ _id, ...rest }, ALONE);
    for (const collection of [database.sites, database.filters, database.standings])
      await collection.insertOne(lost, ALONE);
    await database.wordlists.insertOne({ _id: name, hold: ['lost'], reject: [], version: 1 } as never, ALONE);
    await database.sites.updateOne({ _id: name }, { $set: { name: 'Lost' } }, ALONE);
    await database.pages.updateOne({ _id: pageId(name, at.key) }, { $set: { title: 'Lost' } }, ALONE);
    const seen = await seenBy(reader);
    for (const [what, value] of Object.entries(truth))
      expect({ [what]: seen[what as keyof typeof seen] }).not.toEqual({ [what]: value });

    heard.length = 0;
    await bury();
    // While nothing is heard nothing is taken from memory; what is heard next is of another site.
    const stamp = { $inc: { n: 1 }, $currentDate: { at: true as const } };
    await until('the next primary', () =>
      database.stamps.updateOne({ _id: 'site/another' }, stamp, { upsert: true }).catch(() => null),
    );
    await eventually(() => expect(heard).not.toEqual([]));
    expect(await seenBy(reader)).toEqual(truth);
    await reader.close();
  });

  it('is no page that a comment still to come is led by', async () => {
    reader = await openMongo({ uri });
    const unmade = page(name, 'https://a.example/2');
    await reader.sites.create(site(name));
    await holdBack();
    const { key: pageKey, url } = unmade;
    const named = { site: name, key: pageKey };
    await database.pages.insertOne({ _id: pageId(name, pageKey), ...named, url } as never, ALONE);
    await database.references.insertOne({ _id: referenceId(name, `u:${url}`), ...named } as never, ALONE);
    // It looks for the page first of all, and the write then waits for the others in vain.
    const vain = post(reader, unmade).catch(() => null);
    await until('the comment', () => database.comments.findOne({ page: pageKey }));
    await bury();
    await vain;
    await eventually(async () => void (await post(reader, unmade)));
    expect(await database.pages.findOne({ _id: pageId(name, pageKey) })).toMatchObject(named);
    expect(await database.references.findOne({ _id: referenceId(name, `u:${url}`) })).toMatchObject(named);
    await reader.close();
  });
});

it('began a batch of counts alone, and nobody takes a step of it', async () => {
  const done = { seq: 1, state: 'done' as const, entries: [], counters: [], replies: [], tallies: [] };
  await database.journal.insertOne({ _id: JOURNAL_ID, ...done, events: [], taken: [], lastNumber: 0 });
  const unused = {} as never;
  const fold = createFold({
    ...{ database, instance: 'one', failpoint: () => undefined, restamp: () => undefined },
    ...{ carry: unused, moves: unused, pages: unused, removal: unused },
  });
  await ensureIndexes(database);
  await holdBack();
  const counters = [{ scope: 's/lost', by: { pending: 1 } }];
  const begun = { seq: 2, state: 'applying' as const, counters };
  await database.journal.updateOne({ _id: JOURNAL_ID }, { $set: begun }, ALONE);
  expect(await fold.step()).toBe(0);
  expect(await database.counters.countDocuments()).toBe(0);
  await bury();
});
