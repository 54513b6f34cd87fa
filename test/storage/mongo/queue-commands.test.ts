import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/clock.ts';
import { type Deps, storesOf } from '../../../src/deps.ts';
import { createKeyring } from '../../../src/keys.ts';
import { listQueue, type QueueRequest, type QueueSlice } from '../../../src/moderation/queue.ts';
import { ROOT } from '../../../src/staff/principal.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { page, post, postApproved, site } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { createMongoInstallation, type Installation, untilAtRest } from './opened.ts';

describe('a page of the queue', () => {
  /** The commands of the read that is measured, and not what the store asks by itself meanwhile. */
  const reading = new AsyncLocalStorage<string[]>();
  let installation: Installation;
  let store: Storage;
  let deps: Deps;

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({
      onCommand: ({ commandName, command }) => {
        if (['find', 'aggregate', 'count'].includes(commandName))
          reading.getStore()?.push(`${command[commandName]}`);
      },
    });
    const keys = createKeyring(randomBytes(32));
    const part: Partial<Deps> = {
      ...storesOf(store),
      keys,
      clock: systemClock,
      publicUrl: 'https://c.example',
    };
    deps = part as Deps;
    for (const name of ['one', 'two', 'three']) {
      await store.sites.create(site(name));
      const pages = [1, 2, 3].map((i) => page(name, `https://a.example/${i}`));
      const ofAll = pages.flatMap((at) => [1, 2, 3, 4].map((i) => ({ at, author: `reader ${i}` })));
      await Promise.all(ofAll.map(({ at, author }) => postApproved(store, at, { author })));
      await Promise.all(ofAll.map(({ at, author }) => post(store, at, { author })));
    }
    await untilAtRest(installation);
  });
  afterAll(() => installation.dispose());

  /** What `expected` says of a read once what can be kept in memory is: after a second without word it is not trusted. */
  async function expectOf(
    request: Partial<QueueRequest>,
    expected: (read: { slice: QueueSlice; commands: string[] }) => void,
  ): Promise<void> {
    const read = () => listQueue(deps, ROOT, { status: 'pending', sort: 'oldest', limit: 50, ...request });
    await eventually(async () => {
      await read();
      const commands: string[] = [];
      const slice = await reading.run(commands, read);
      expected({ slice, commands: commands.sort() });
    });
  }

  it('of three sites is seven commands, however many pages and authors it shows', async () => {
    await expectOf({}, ({ slice, commands }) => {
      expect(slice.items).toHaveLength(36);
      expect(slice.items.every(({ author }) => author?.standing === 'known')).toBe(true);
      // The page itself; what is not folded and what is due; names.
      const ofComments = Array(4).fill('comments');
      expect(commands).toEqual(['claims', ...ofComments, 'counters', 'journal']);
    });
  });

  it('that is searched finds out once what answers the page and its count', async () => {
    await expectOf({ q: 'said', sort: 'newest' }, ({ slice, commands }) => {
      expect({ items: slice.items.length, total: slice.total }).toEqual({ items: 36, total: 36 });
      expect(commands.filter((one) => one === 'terms')).toHaveLength(1);
      expect(commands.length).toBeLessThanOrEqual(13);
    });
  });

  it('with comments that readers see takes two more: what is not folded of their replies', async () => {
    await expectOf({ status: 'all', sort: 'newest' }, ({ slice, commands }) => {
      expect(slice.total).toBe(72);
      expect(commands.length).toBeLessThanOrEqual(10);
    });
  });

  it('with a near copy takes one more: where there is none nothing is looked up', async () => {
    const at = page('one', 'https://a.example/1');
    const text = 'The road by the lake was closed for two weeks in the spring, and nobody knew.';
    for (const end of ['', '!']) await post(store, at, { text: `${text}${end}`, author: 'reader 1' });
    await untilAtRest(installation);
    await expectOf({}, ({ slice, commands }) => {
      expect(slice.items.filter(({ similar }) => similar === 1)).toHaveLength(2);
      // Of no collection: it brings the keys that it asks for.
      expect(commands).toEqual(['1', 'claims', ...Array(4).fill('comments'), 'counters', 'journal']);
    });
  });
});
