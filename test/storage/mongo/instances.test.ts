import { systemClock } from '../../../src/clock.ts';
import { createIdSource } from '../../../src/ids.ts';
import { SERVICE } from '../../../src/moderation/record.ts';
import { replaceWordlists } from '../../../src/screening/edit-wordlists.ts';
import { updateSite } from '../../../src/sites/manage.ts';
import type { Invalidation, Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  comment,
  decide,
  decision,
  freshSite,
  page,
  post,
  postApproved,
  site,
  submission,
  token,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { expectTrue } from '../../support/recount.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

describe('two instances on one database', () => {
  let installation: Installation;
  let one: Storage;
  let other: Storage;
  const heard: Invalidation[] = [];

  beforeAll(async () => {
    installation = createMongoInstallation();
    one = await installation.open({ instance: 'one' });
    other = await installation.open({ instance: 'other' });
    other.onInvalidation((change) => void heard.push(change));
  });
  afterAll(() => installation.dispose());
  beforeEach(() => {
    heard.length = 0;
  });

  const hears = (change: Invalidation) => eventually(() => expect(heard).toContainEqual(change));

  it('decide on one version: of fifty at once exactly one wins', async () => {
    const held = await post(one, page(freshSite(), 'https://a.example/1'));
    const tries = Array.from({ length: 50 }, (_, i) =>
      decision(held, i % 2 ? 'approve' : 'spam', { version: 1 }),
    );
    const results = await Promise.all(
      tries.map((command, i) => (i % 2 ? one : other).comments.change(held.id, command)),
    );
    expect(results.filter((result) => result.refused === undefined)).toHaveLength(1);
    expect(results.filter((result) => result.refused === 'conflict')).toHaveLength(49);
    await expectTrue(other, [held.id]);
  });

  it('store one of many equal comments', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const duplicateKey = `equal ${at.site}`;
    const tries = Array.from({ length: 30 }, () =>
      submission(at, comment(at), { duplicateKey, duplicateSince: 0 }),
    );
    const results = await Promise.all(tries.map((what, i) => (i % 2 ? one : other).comments.submit(what)));
    expect(results.filter((result) => result.kind === 'stored')).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'duplicate')).toHaveLength(29);
  });

  it('keep counts and visibility true while both change one thread', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const root = await postApproved(one, at);
    const middle = await postApproved(other, at, { parent: root });
    const leaf = await postApproved(one, at, { parent: middle });
    for (let round = 0; round < 10; round++) {
      const flips = [root, middle, leaf].flatMap((on) => [decision(on, 'spam'), decision(on, 'approve')]);
      await Promise.all(
        flips.map((command, i) =>
          (i % 2 ? one : other).comments.change(command.decisionId.slice(18), command),
        ),
      );
      await expectTrue(
        round % 2 ? one : other,
        [root, middle, leaf].map((on) => on.id),
      );
    }
  });

  it('hear of each other’s changes within a second', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const shown = await postApproved(one, at);
    await hears({ kind: 'page', site: at.site, pageKey: at.key });
    heard.length = 0;
    await decide(one, shown, 'spam');
    await hears({ kind: 'page', site: at.site, pageKey: at.key });
    await one.tokens.create(token());
    await hears({ kind: 'tokens' });
  });

  it('forget what the other changed: sites, tokens, aliases', async () => {
    const made = site(freshSite());
    await one.sites.create(made);
    expect(await other.sites.find(made.id)).toEqual(made);
    await one.sites.replace({ ...made, name: 'Other', version: 2 }, 1);
    await eventually(async () => expect((await other.sites.find(made.id))?.name).toBe('Other'));

    expect(await other.sites.ids()).toContain(made.id);
    await one.sites.remove(made.id);
    await eventually(async () => expect(await other.sites.ids()).not.toContain(made.id));

    const key = token();
    await one.tokens.create(key);
    expect(await other.tokens.findByHash(key.hash)).toEqual(key);
    await one.tokens.remove(key.id);
    await eventually(async () => expect(await other.tokens.findByHash(key.hash)).toBeNull());
  });

  it('change what stands, not what they remember: a site, and its word lists, that the other changed a moment ago', async () => {
    const made = site(freshSite());
    await one.sites.create(made);
    const [here, there] = [one, other].map((storage) => ({
      ...storage,
      ids: createIdSource(),
      clock: systemClock,
    })) as [
      Parameters<typeof replaceWordlists>[0] & Storage,
      Parameters<typeof replaceWordlists>[0] & Storage,
    ];
    let { version } = made;
    for (let round = 0; round < 10; round++) {
      await there.sites.find(made.id);
      const first = await updateSite(here, made.id, { name: `Name ${round}`, version });
      const second = await updateSite(there, made.id, {
        policy: { pageSize: 10 + round },
        version: first.version,
      });
      expect([second.name, second.policy.pageSize]).toEqual([`Name ${round}`, 10 + round]);
      await expect(updateSite(here, made.id, { name: 'Late', version: first.version })).rejects.toMatchObject(
        {
          code: 'conflict',
          extra: { current: { version: second.version } },
        },
      );
      version = second.version;

      await there.wordlists.find(made.id);
      await replaceWordlists(here, made, { hold: [`word${round}`], reject: [], by: SERVICE });
      await replaceWordlists(there, made, { hold: [], reject: [], by: SERVICE });
      expect(await one.wordlists.standing(made.id)).toMatchObject({ hold: [], version: 2 * round + 2 });
    }
  });

  it('take away what one stores at a site that the other has removed, and nothing of one that came again', async () => {
    const made = site(freshSite());
    await one.sites.create(made);
    await one.sites.remove(made.id);
    // As an instance does that has not heard of it yet.
    const at = page(made.id, 'https://a.example/1');
    const late = await postApproved(other, at);
    await eventually(async () => {
      expect(await one.comments.findMany([late.id])).toEqual([]);
      expect(await one.sites.findPage(made.id, `u:${at.url}`)).toBeNull();
    });
    // While that is taken away the name is taken.
    await eventually(async () => expect(await one.sites.create(made)).toBe(true));
    const shown = await postApproved(other, at);
    await eventually(async () => expect(await isFolded(installation)).toBe(true));
    expect(await one.comments.findMany([shown.id])).toHaveLength(1);
    await expectTrue(one, [shown.id]);
  });

  it('finish what one that died was in the middle of: the removal of a site, the move behind an alias', async () => {
    const [gone, kept] = [site(freshSite()), site(freshSite())];
    await one.sites.create(gone);
    await one.sites.create(kept);
    const [old, at] = [page(kept.id, 'https://a.example/old'), page(kept.id, 'https://a.example/new')];
    const left = await postApproved(one, page(gone.id, 'https://a.example/1'));
    const moving = await postApproved(one, old);
    await postApproved(one, at);
    await installation.raw(async (database) => {
      const sites = database.collection<{ _id: string }>('sites');
      await sites.updateOne({ _id: gone.id }, { $set: { removing: true, removingAt: new Date(0) } });
      const { id, ...rest } = alias(kept.id, old.url ?? '', at.url ?? '');
      const aliases = database.collection<{ _id: string }>('aliases');
      await aliases.insertOne({ _id: `${kept.id} ${old.url}`, id, ...rest, moving: true } as { _id: string });
    });
    await eventually(async () => {
      expect(await other.comments.findMany([left.id])).toEqual([]);
      expect((await other.comments.findMany([moving.id]))[0]?.pageKey).toBe(at.key);
    });
    await eventually(async () => expect(await other.sites.create(gone)).toBe(true));
  });

  it('show a page by its key as the other has just named it', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    await post(one, at);
    const titleOf = async () => (await other.sites.findPagesByKey(at.site, [at.key]))[0]?.title;
    expect(await titleOf()).toBeNull();
    await post(one, { ...at, title: 'News' });
    await eventually(async () => expect(await titleOf()).toBe('News'));
  });

  it('lead a comment to its page where the other has just made an alias', async () => {
    const at = page(freshSite(), 'https://a.example/new');
    const old = page(at.site, 'https://a.example/old');
    const first = await postApproved(other, old);
    await one.sites.addAlias(alias(at.site, old.url ?? '', at.url ?? ''), at);
    // The other still holds the old way in memory: the lease holder moves what it stores there.
    const late = await postApproved(other, old);
    await eventually(async () => {
      const now = await one.comments.findMany([first.id, late.id]);
      expect(now.map((what) => what.pageKey)).toEqual([at.key, at.key]);
    });
    await expectTrue(one, [first.id, late.id]);
  });

  it('count hits on one limit together, each hit once', async () => {
    const key = freshSite();
    const now = Date.now();
    const hits = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 ? one : other).limits.hit(key, 60_000, now)),
    );
    expect(hits.map((hit) => hit.hits).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    expect(new Set(hits.map((hit) => hit.resetAt)).size).toBe(1);
  });

  it('take an idempotency key once', async () => {
    const key = freshSite();
    const request = { fingerprint: 'f', plan: 'p', owner: 'o', at: Date.now() };
    const results = await Promise.all(
      [one, other, one, other].map((store) => store.idempotency.begin(key, request)),
    );
    expect(results.filter((result) => result.begun)).toHaveLength(1);
  });
});
