import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { emptyBatch, entry } from '../../support/acts.ts';
import { authorKey, freshSite, MODERATOR, tick } from '../../support/builders.ts';

it('a ban begins its batch in one step: who opens the file next finds it open, and the entry of the act', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const open = () => openSqlite({ dataDir, inline: true });
  const first = await open();
  const site = freshSite();
  const batch = emptyBatch();
  const act = entry(site, { action: 'author-banned' });
  const said = {
    standing: 'banned',
    until: null,
    reason: null,
    by: MODERATOR,
    at: tick(),
    version: 2,
  } as const;
  const record = { site, key: authorKey(site, 'reader'), ...said };
  expect(await first.authors.setStanding(record, 1, { act, batch })).toEqual({ set: true });
  // It is at work on it.
  expect(await first.batches.takeOver()).toBeNull();
  // One that comes too late brings neither.
  const late = { act: entry(site), batch: emptyBatch() };
  expect(await first.authors.setStanding(record, 1, late)).toEqual({ set: false, version: 2 });
  await first.close();

  const second = await open();
  expect(await second.batches.takeOver()).toEqual(batch);
  expect(await second.batches.find(late.batch.id)).toBeNull();
  expect(await second.audit.list({ sites: [site], limit: 5 })).toEqual([act]);
  await second.close();
  await rm(dataDir, { recursive: true });
});
