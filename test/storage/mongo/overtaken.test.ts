import { decide, freshSite, page, postApproved, site } from '../../support/builders.ts';
import { pause, until } from '../../support/until.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

/** Longer than a batch is believed in without a look. Milliseconds. */
const STANDS_STILL_MS = 2100;

/** An instance stands still in the middle of a batch, as a process does that is stopped and goes on later. */
describe('an instance that another overtook in a batch, and that goes on once its site was removed', () => {
  let installation: Installation;
  beforeEach(() => {
    installation = createMongoInstallation();
  });
  afterEach(() => installation.dispose());

  /** Documents of the site in what is counted and learnt. */
  const left = (name: string): Promise<number[]> =>
    installation.raw(async (database) => {
      const ofSite = { $regex: `(^|/)${name}(/|$)` } as never;
      return Promise.all([
        database.collection('counters').countDocuments({ _id: ofSite }),
        database.collection('tallies').countDocuments({ _id: ofSite }),
        database.collection('lessons').countDocuments({ site: name }),
      ]);
    });

  it.each(['fold: journalled', 'fold: inbox cleared'])('brings nothing of it back: %s', async (step) => {
    let goOn = (): void => undefined;
    const still = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isDue = false;
    let stoodAt: number | null = null;
    const stopped = await installation.open({
      instance: 'stopped',
      failpoint(name) {
        if (!isDue || name !== step) return;
        stoodAt ??= performance.now();
        return still;
      },
    });
    const leases = <T>(work: (all: ReturnType<typeof collectionOf>) => Promise<T>): Promise<T> =>
      installation.raw((database) => work(collectionOf(database)));
    await until('it to fold', () => leases(async (all) => all.findOne({ _id: 'fold', holder: 'stopped' })));
    const other = await installation.open({ instance: 'other' });
    const at = page(freshSite(), 'https://a.example/1');
    await other.sites.create(site(at.site));
    isDue = true;
    await decide(other, await postApproved(other, at), 'spam');
    await until('it to stand still', () => stoodAt !== null);
    await leases((all) => all.updateOne({ _id: 'fold' }, { $set: { until: new Date(0) } }));
    await until('the other to end the batch', () => isFolded(installation));
    await other.sites.remove(at.site);
    expect(await left(at.site)).toEqual([0, 0, 0]);
    await pause(Math.max(0, (stoodAt ?? 0) + STANDS_STILL_MS - performance.now()));
    goOn();
    // Ends behind the batch.
    await stopped.close();
    expect(await left(at.site)).toEqual([0, 0, 0]);
  });
});

const collectionOf = (database: Parameters<Parameters<Installation['raw']>[0]>[0]) =>
  database.collection<{ _id: string; holder: string; until: Date }>('leases');
