import type { Standing } from '../../../src/authors/standing.ts';
import { auditDocOf } from '../../../src/storage/mongo/acting.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { entry } from '../../support/acts.ts';
import { authorKey, freshSite, MODERATOR, site, tick, token } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { filter } from '../../support/filters.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

/** Between an act and the word of it, by which others let go of what they keep in memory, an instance may die. */

let installation: Installation;
beforeAll(() => {
  installation = createMongoInstallation();
});
afterAll(() => installation.dispose());

const stampsOf = (id: string): Promise<number> =>
  installation.raw(async (database) => {
    const stamp = await database
      .collection<{ _id: string; n: number }>('stamps')
      .findOne({ _id: `site/${id}` });
    return stamp?.n ?? 0;
  });

async function prepare(store: Storage) {
  const id = freshSite();
  const [revoked, asked, unasked] = [token(), filter({ sites: [id] }), filter({ sites: [id] })];
  const key = authorKey(id, 'Ada');
  await store.sites.create(site(id));
  await store.tokens.create(revoked);
  await store.filters.create(asked);
  await store.filters.create(unasked);
  await store.wordlists.replace({ site: id, hold: ['one'], reject: [], version: 1, changedAt: 1 }, 0);
  const said = { reason: null, until: null, by: MODERATOR, at: tick() };
  await store.authors.setStanding({ site: id, key, standing: 'trusted', version: 2, ...said }, 1);
  const seen = async () => ({
    name: (await store.sites.find(id))?.name,
    token: await store.tokens.findByHash(revoked.hash),
    hold: (await store.wordlists.find(id))?.hold,
    filters: (await store.filters.all()).filter(({ sites }) => sites.includes(id)).map((one) => one.enabled),
    standing: (await store.authors.standings(id)).get(key)?.standing,
  });
  return { id, key, revoked, asked, unasked, seen };
}

/** As `prepare` made it, after acts of an instance that was killed before it told of them. */
function leave({ id, key, revoked, asked, unasked }: Awaited<ReturnType<typeof prepare>>): Promise<void> {
  return installation.raw(async (database) => {
    const acts = () => [auditDocOf(entry(id))];
    const change = (name: string, _id: string, set: object) =>
      database.collection<{ _id: string }>(name).updateOne({ _id }, { $set: { ...set, acts: acts() } });
    await change('sites', id, { name: 'Other', version: 2 });
    await change('wordlists', id, { hold: ['two'], version: 2 });
    await change('filters', asked.id, { enabled: false, version: asked.version + 1 });
    await change('standings', key, { standing: 'banned' satisfies Standing, version: 3 });
    for (const [name, _id] of [['tokens', revoked.id] as const, ['filters', unasked.id] as const])
      await change(name, _id, { going: true });
  });
}

it('is told of by another that goes on', async () => {
  const living = await installation.open();
  const made = await prepare(living);
  expect(await made.seen()).toMatchObject({ name: site(made.id).name, hold: ['one'], standing: 'trusted' });
  await leave(made);
  await eventually(async () =>
    expect(await made.seen()).toEqual({
      ...{ name: 'Other', token: null, hold: ['two'], filters: [false], standing: 'banned' },
    }),
  );
});

it('has told before the act is over', async () => {
  const store = await installation.open();
  const one = site(freshSite());
  await store.sites.create(one);
  for (let version = 1; version <= 5; version += 1) {
    const before = await stampsOf(one.id);
    expect(before).toBeGreaterThan(0);
    await store.sites.replace({ ...one, version: version + 1 }, version, { act: entry(one.id) });
    expect(await stampsOf(one.id)).toBeGreaterThan(before);
  }
});

it('or only fails there: it keeps nothing of what stood before', async () => {
  let fails = false;
  const failing = await installation.open({
    failpoint(name) {
      if (fails && name === 'act: written') throw new Error('stopped');
    },
  });
  const one = site(freshSite());
  await failing.sites.create(one);
  expect((await failing.sites.find(one.id))?.name).toBe(one.name);
  fails = true;
  const act = entry(one.id);
  await expect(failing.sites.replace({ ...one, name: 'Other', version: 2 }, 1, { act })).rejects.toThrow(
    'stopped',
  );
  expect((await failing.sites.find(one.id))?.name).toBe('Other');
});
