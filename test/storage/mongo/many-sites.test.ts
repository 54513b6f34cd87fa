import { slotOf } from '../../../src/comments/tallies.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, page, post, site, tick } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

const MANY = 300;
const URL = 'https://a.example/1';

describe('what is asked of many sites at once', () => {
  const reads: string[] = [];
  let installation: Installation;
  let store: Storage;
  const sites = [freshSite(), ...Array.from({ length: MANY - 2 }, () => freshSite()), freshSite()];
  const [first = '', last = ''] = [sites[0], sites.at(-1)];
  const meter = createCostMeter(() => installation);

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({
      onCommand: (event) => {
        const { commandName, command } = event;
        if (['find', 'aggregate'].includes(commandName)) reads.push(`${command[commandName]}`);
        return meter.onCommand(event);
      },
    });
    for (const id of [first, last]) {
      await store.sites.create(site(id));
      await post(store, page(id, URL));
    }
    await eventually(async () => expect(await isFolded(installation)).toBe(true));
  });
  afterAll(() => installation.dispose());

  async function readsOf(collections: string[], act: () => Promise<unknown>): Promise<number> {
    reads.length = 0;
    await act();
    return reads.filter((collection) => collections.includes(collection)).length;
  }

  it('is one look for all of them where each is asked for a page', async () => {
    const of = ['aliases', 'page-references', 'pages'];
    let found: (string | undefined)[] = [];
    const looks = await readsOf(of, async () => {
      const pages = await Promise.all(sites.map((id) => store.sites.findPage(id, urlReference(URL))));
      found = pages.flatMap((one) => one?.site ?? []);
    });
    expect(found).toEqual([first, last]);
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(MANY / 10);
  });

  it('are a few ranges of one index where their tallies are summed up', async () => {
    const slot = slotOf(tick());
    const ask = (): ReturnType<Storage['stats']['tallies']> =>
      store.stats.tallies({ sites, bounds: [0, slot + 1000] });
    expect((await ask()).volumes).toEqual([expect.objectContaining({ created: 2 })]);
    expect(await readsOf(['tallies'], ask)).toBeLessThan(MANY / 10);
    const cost = await meter.costOf(ask, 'tallies');
    expect(cost.returned).toBeGreaterThan(0);
    // Volumes and the rest are asked for apart; where a range ends is seen by one key beyond it.
    expect(cost.keys).toBeLessThanOrEqual(2 * (cost.returned + MANY));
    expect(cost.sorted).toBe(false);
  });
});
