import type { Actor } from '../../../src/comments/comment.ts';
import { createKeyring } from '../../../src/keys.ts';
import { runBatch } from '../../../src/moderation/batch-run.ts';
import type { Batch } from '../../../src/moderation/batch-store.ts';
import type { Claim } from '../../../src/moderation/claim-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshId, freshSite, MODERATOR, page, post, tick } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { expectTrue } from '../../support/recount.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

type Command = Record<string, unknown>;
const ROWS = 10_000;
const clock = { now: () => Date.now() };
const keys = createKeyring(Buffer.alloc(32, 7));

describe('batches and claims of two instances', () => {
  let installation: Installation;
  let one: Storage;
  let other: Storage;
  const seen: Command[] = [];

  beforeAll(async () => {
    installation = createMongoInstallation();
    one = await installation.open({
      instance: 'one',
      onCommand: ({ commandName, command }) => {
        if (['find', 'findAndModify'].includes(commandName)) seen.push(structuredClone(command));
      },
    });
    other = await installation.open({ instance: 'other' });
  });
  afterAll(() => installation.dispose());

  const held = (count: number) => {
    const at = page(freshSite(), 'https://a.example/1');
    return Promise.all(Array.from({ length: count }, () => post(one, at)));
  };
  const batchOver = (ids: string[], rest: Partial<Batch> = {}): Batch => ({
    id: freshId(tick()),
    at: 1,
    by: MODERATOR,
    sites: ['s'],
    task: { kind: 'items', action: 'spam', reason: null, note: null },
    state: 'open',
    part: 0,
    ahead: ids.map((id) => ({ id, version: 1 })),
    after: null,
    decided: 0,
    conflicts: 0,
    remaining: 0,
    ...rest,
  });

  it('of many claimers on both exactly one gets each comment', async () => {
    const comments = await held(300);
    const now = Date.now();
    const wanted = (by: Actor): Claim[] =>
      comments.map(({ id, site, version }) => ({ commentId: id, site, by, version, until: now + 60_000 }));
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? one : other).claims.take(wanted({ kind: 'token', id: `t${i}`, name: `T ${i}` }), {
          now,
          most: 15,
        }),
      ),
    );
    expect(taken.map(({ length }) => length)).toEqual(Array(20).fill(15));
    expect(taken.flat().sort()).toEqual(comments.map(({ id }) => id).sort());
  });

  it('what one is at work on the other leaves alone, until it has been silent for a lease', async () => {
    const ids = (await held(3)).map(({ id }) => id);
    const batch = batchOver(ids);
    await one.batches.begin(batch);
    expect(await other.batches.takeOver(batch.id)).toBeNull();
    // Silent for so long: as its process, killed, would be.
    const silent = { $set: { until: new Date(0) } };
    await installation.raw((database) =>
      database.collection<{ _id: string }>('batches').updateOne({ _id: batch.id }, silent),
    );
    const taken = await other.batches.takeOver();
    expect(taken).toEqual(batch);
    // The first one comes back to life and goes on as if nothing had happened: the second's word counts.
    const [late, done] = await Promise.all([
      runBatch({ ...one, clock, keys }, batch),
      runBatch({ ...other, clock, keys }, batch),
    ]);
    expect([late, done?.decided]).toEqual([null, 3]);
    expect((await one.batches.outcomes(batch.id)).map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const id of ids) expect(await one.comments.history(id)).toHaveLength(1);
    await expectTrue(one, ids);
  });

  describe(`at ${ROWS}`, () => {
    beforeAll(async () => {
      const until = new Date(Date.now() + 3_600_000);
      await installation.raw(async (database) => {
        await database.collection<{ _id: string }>('claims').insertMany(
          Array.from({ length: ROWS }, (_, i) => ({
            _id: `comment-${i}`,
            site: 's',
            by: { kind: 'token', id: `many-${i % 100}`, name: 'x' },
            until,
            version: 1,
          })),
        );
        await database.collection<{ _id: string }>('batches').insertMany(
          Array.from({ length: ROWS }, (_, i) => ({
            _id: `batch-${i}`,
            state: i % 5000 === 0 ? 'open' : 'done',
            holder: 'x',
            until,
          })),
        );
      });
    });

    const keysOf = async (collection: string, act: () => Promise<unknown>): Promise<number> => {
      seen.length = 0;
      await act();
      const commands = seen.filter((command) => command[Object.keys(command)[0] ?? ''] === collection);
      expect(commands.length).toBeGreaterThan(0);
      const left = ['lsid', '$db', '$clusterTime', 'txnNumber', '$readPreference', 'writeConcern', 'new'];
      const explained = await installation.raw((database) =>
        Promise.all(
          commands.map((command) =>
            database.command({
              explain: Object.fromEntries(Object.entries(command).filter(([name]) => !left.includes(name))),
              verbosity: 'executionStats',
            }),
          ),
        ),
      );
      const stats = explained.map(({ executionStats }) => executionStats as Record<string, number>);
      expect(JSON.stringify(explained)).not.toMatch(/"stage":"(COLLSCAN|SORT)"/);
      return stats.reduce((sum, { totalKeysExamined = 0 }) => sum + totalKeysExamined, 0);
    };

    it('a person’s claims, and those of comments, are read by their keys', async () => {
      const now = Date.now();
      const ids = Array.from({ length: 100 }, (_, i) => `comment-${i}`);
      expect(await keysOf('claims', () => one.claims.heldBy('many-7', now))).toBeLessThanOrEqual(
        ROWS / 100 + 1,
      );
      expect(await keysOf('claims', () => one.claims.of(ids, now))).toBeLessThanOrEqual(2 * ids.length + 1);
    });

    it('everybody’s claims are read from where those that ran out end', async () => {
      const ended = Date.now() + 3_700_000;
      expect(await keysOf('claims', () => one.claims.running(ended))).toBeLessThanOrEqual(1);
      expect(await one.claims.running(ended)).toEqual([]);
      const running = await one.claims.running(Date.now());
      expect(running.filter(({ site }) => site === 's')).toHaveLength(ROWS);
    });

    it('batches that nobody works on are looked for among the open ones alone', async () => {
      expect(await keysOf('batches', () => one.batches.takeOver())).toBeLessThanOrEqual(10);
      expect(await keysOf('batch-parts', () => one.batches.outcomes('batch-1'))).toBeLessThanOrEqual(2);
    });
  });

  it('a batch that is given up is the other’s within its next look', async () => {
    const ids = (await held(2)).map(({ id }) => id);
    const batch = batchOver(ids);
    await one.batches.begin(batch);
    await one.batches.release(batch.id);
    await eventually(async () => expect((await other.batches.takeOver())?.id).toBe(batch.id));
  });
});
