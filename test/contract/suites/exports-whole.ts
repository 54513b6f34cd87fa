import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring, type Keyring } from '../../../src/keys.ts';
import { exportGeneric } from '../../../src/moving/export-generic.ts';
import { noTally } from '../../../src/moving/export-site.ts';
import type { Import } from '../../../src/moving/import.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { buildWriter } from '../../support/build-writer.ts';
import { decide, decision, freshSite, site as newSite, undo } from '../../support/builders.ts';
import { IMPORT_KEYS, importFile } from '../../support/imports.ts';
import { MINA } from '../../support/moved-site.ts';
import { makeUsedSite, POLICY } from '../../support/used-site.ts';
import { textOf } from './exports.ts';

/** Three installations: what each makes of an address or a reader means nothing to the others. */
const KEYS: Keyring[] = [
  IMPORT_KEYS,
  createKeyring(Buffer.alloc(32, 21)),
  createKeyring(Buffer.alloc(32, 22)),
];

interface Place {
  store: Storage;
  keys: Keyring;
  site: string;
}

/** A whole site on its way from an SQLite file into a store, and from there into another file. */
export function wholeExportsContract(store: () => Storage): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-whole-'));
  let file: Storage;
  let home: Place;
  let text: string;
  let away: Place;

  async function exported({ store: from, keys, site: id }: Place, emails = true): Promise<string> {
    const site = await from.sites.find(id);
    if (!site) throw new Error('no site');
    return textOf(exportGeneric({ ...from, keys }, { site, emails }, noTally()));
  }

  /** A site that nobody has set up, named as by a command that was told no name. */
  async function emptySite(into: Storage, keys: Keyring): Promise<Place> {
    const id = freshSite();
    const bare = {
      ...newSite(id),
      name: id,
      origins: ['https://news.example'],
      locale: 'en',
      timeZone: 'UTC',
    };
    await into.sites.create(bare);
    return { store: into, keys, site: id };
  }

  const bring = ({ store: into, keys, site }: Place, lines: string): Promise<Import> =>
    importFile(into, { site, format: 'generic', file: lines }, keys);

  async function differences(of: Storage): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const one of of.verify({ repair: false })) found.push(one);
    return found;
  }

  beforeAll(async () => {
    file = await openSqlite({ dataDir: folder, writerPath: buildWriter() });
    home = { store: file, keys: IMPORT_KEYS, site: freshSite() };
    await makeUsedSite(file, home.site);
    text = await exported(home);
    away = await emptySite(store(), KEYS[1] as Keyring);
    await bring(away, text);
  });
  afterAll(async () => {
    await file.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('go and come back as the same bytes, and leave nothing for the self-check to find', async () => {
    expect(await exported(away)).toBe(text);
    const back = await emptySite(file, KEYS[2] as Keyring);
    const { result } = await bring(back, text);
    expect(result.problems).toEqual([]);
    expect(await exported(back)).toBe(text);
    for (const one of [store(), file]) expect(await differences(one)).toEqual([]);
    const again = await bring(away, text);
    expect(again.result).toMatchObject({ comments: { added: 0, skipped: 0 }, problems: [] });
    expect(await exported(away)).toBe(text);
  });

  it('carry settings and people’s acts, and neither readers nor ids that mean something', async () => {
    expect(await away.store.sites.find(away.site)).toMatchObject({
      ...{ name: 'روزنامه «خانه»', locale: 'fa-IR', timeZone: 'Asia/Tehran', policy: POLICY, version: 2 },
    });
    for (const secret of ['address of r1', '"r1"', 'sealed-ada']) expect(text).not.toContain(secret);
    // What a moderator noted of somebody's address is masked; readers of the file see none of them.
    expect(text).toContain('"note":"wrote from ');
    expect(text.toLowerCase()).not.toContain(`wrote from ${MINA}`);
    expect((await exported(home, false)).toLowerCase()).not.toContain(MINA);
    const [moderated] = (await away.store.exports.walk({ site: away.site, after: '', limit: 1000 }))
      .map(({ comment }) => comment)
      .filter(({ risk, deletedAt }) => risk === 0.8 && deletedAt === null);
    const id = moderated?.id ?? '';
    const history = await away.store.comments.history(id);
    expect(history.map(({ action, by, undone }) => [action, by.id, by.name, undone])).toEqual([
      ['approve', 'imported/m1', 'Mina', false],
      ['spam', 'imported/m2', 'Otto', true],
      ['undo', 'imported/m1', 'Mina', false],
      ['highlight', 'imported/m1', 'Mina', false],
      ['reveal', 'imported/m1', 'Mina', false],
    ]);
    expect(history[2]?.undoes).toBe(history[1]?.decisionId);
    expect(moderated?.screening[2]?.filter).toMatchObject({ id: 'imported/filter-1', reason: 'two\nlines' });
  });

  it('can be decided on, and taken back, as at home', async () => {
    const there = await emptySite(store(), KEYS[2] as Keyring);
    await bring(there, text);
    const all = await there.store.exports.walk({ site: there.site, after: '', limit: 1000 });
    const [reported] = all.filter(({ comment }) => comment.openReports === 2);
    if (!reported) throw new Error('nothing is reported');
    const { comment } = reported;
    const spam = decision(comment, 'spam');
    await there.store.comments.change(comment.id, spam);
    await there.store.comments.change(comment.id, undo(comment, spam.decisionId));
    expect(await there.store.comments.find(comment.id)).toMatchObject({ status: 'approved', openReports: 2 });
    const [first] = await there.store.comments.history(comment.id);
    expect(first).toMatchObject({ action: 'approve', closedReports: 1, note: 'fine' });
    expect(await decide(there.store, comment, 'restore')).toMatchObject({ status: 'approved' });
    expect(await differences(there.store)).toEqual([]);
  });

  it('leave the settings of a site that somebody has changed, and say so', async () => {
    const there = await emptySite(file, KEYS[1] as Keyring);
    const site = await there.store.sites.find(there.site);
    if (!site) throw new Error('no site');
    await there.store.sites.replace({ ...site, name: 'Mine', version: 2 }, 1);
    const { result } = await bring(there, text);
    expect(result.problems).toEqual([{ line: 2, legacyId: null, code: 'settings-kept' }]);
    expect(await there.store.sites.find(there.site)).toMatchObject({ name: 'Mine', locale: 'en' });
    const bad = `${JSON.stringify({ type: 'site', name: 'x', locale: 'en', timeZone: 'UTC', policy: { sort: 'none' } })}\n`;
    const other = await emptySite(file, KEYS[1] as Keyring);
    expect((await bring(other, bad)).result.problems).toEqual([
      { line: 1, legacyId: null, code: 'invalid-settings' },
    ]);
    // What was said when the site was made is somebody's word, too.
    const set = await emptySite(file, KEYS[1] as Keyring);
    const bare = await set.store.sites.find(set.site);
    if (!bare) throw new Error('no site');
    const policy = { ...bare.policy, moderation: 'none' as const };
    await set.store.sites.remove(set.site);
    await set.store.sites.create({ ...bare, id: `${set.site}-x`, policy });
    const kept = { ...set, site: `${set.site}-x` };
    expect((await bring(kept, text)).result.problems).toMatchObject([{ code: 'settings-kept' }]);
    expect(await kept.store.sites.find(kept.site)).toMatchObject({
      policy: { moderation: 'none', closeAfterDays: 90 },
      timeZone: 'Asia/Tehran',
    });
    // Each is right, and together no text could pass.
    const strict = { ...set, site: `${set.site}-y` };
    await set.store.sites.create({ ...bare, id: strict.site, policy: { ...bare.policy, bodyMin: 50 } });
    const short = {
      type: 'site',
      name: 'x',
      locale: 'en',
      timeZone: 'UTC',
      policy: { limits: { body: 40 } },
    };
    expect((await bring(strict, `${JSON.stringify(short)}\n`)).result.problems).toMatchObject([
      { code: 'settings-kept' },
    ]);
    expect(await strict.store.sites.find(strict.site)).toMatchObject({
      policy: { bodyMin: 50, limits: { body: 10_000 } },
    });
  });
}
