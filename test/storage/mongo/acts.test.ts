import type { AuditEntry } from '../../../src/moderation/audit.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AUDITED_ACTS, entry } from '../../support/acts.ts';
import { alias, freshId, freshSite, MODERATOR, page, post, tick } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const STEPS = ['act: written', 'act: in the audit'];

/** Fails at the step named last, as an instance does that dies there. */
const stopper = {
  at: null as string | null,
  failpoint(name: string) {
    if (name === stopper.at) throw new Error(`stopped at ${name}`);
  },
};

describe('an instance that dies', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = createMongoInstallation();
  });
  afterAll(() => installation.dispose());

  const carriers = () =>
    installation.raw(async (database) => {
      const names = (await database.listCollections().toArray()).map(({ name }) => name);
      const waiting = { $or: [{ acts: { $exists: true } }, { going: true }, { batch: { $type: 'object' } }] };
      const counts = names
        .filter((name) => name !== 'batch-parts')
        .map((name) => database.collection(name).countDocuments(waiting));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    });

  it('leaves every act whole wherever it dies: another writes its entry, once', async () => {
    stopper.at = null;
    const dying = await installation.open({ failpoint: stopper.failpoint });
    const left: { name: string; act: AuditEntry; happened: (store: Storage) => Promise<boolean> }[] = [];
    for (const step of STEPS) {
      for (const { name, prepare } of AUDITED_ACTS) {
        stopper.at = null;
        const { run, happened } = await prepare(dying);
        stopper.at = step;
        const act = entry(null, { by: { ...MODERATOR, id: freshId(tick()) } });
        await expect(run(dying, act)).rejects.toThrow(`stopped at ${step}`);
        left.push({ name: `${name}, ${step}`, act, happened });
      }
    }
    await dying.close();

    const next = await installation.open();
    await eventually(async () => expect(await carriers()).toBe(0));
    for (const { name, act, happened } of left) {
      const found = await next.audit.list({ sites: null, by: act.by.id, limit: 10 });
      expect([name, found]).toEqual([name, [act]]);
      expect([name, await happened(next)]).toEqual([name, true]);
    }
    await next.close();
  });

  it.each(STEPS)('while it removes an alias leaves the page to be itself again: %s', async (step) => {
    stopper.at = null;
    const dying = await installation.open({ failpoint: stopper.failpoint });
    const [at, old] = [page(freshSite(), 'https://a.example/new'), 'https://a.example/old'];
    await post(dying, page(at.site, old));
    await dying.sites.addAlias(alias(at.site, old, 'https://a.example/new'), at);
    stopper.at = step;
    const act = entry(null, { by: { ...MODERATOR, id: freshId(tick()) } });
    await expect(dying.sites.removeAlias(page(at.site, old), { act })).rejects.toThrow(`stopped at ${step}`);
    await dying.close();

    const next = await installation.open();
    const joined = () =>
      installation.raw((database) =>
        database.collection('pages').countDocuments({ site: at.site, joined: { $exists: true } }),
      );
    await eventually(async () => expect(await joined()).toBe(0));
    await eventually(async () =>
      expect(await next.sites.aliases({ site: at.site, limit: 10 })).toEqual({ items: [], total: 0 }),
    );
    const itself = await next.sites.findPage(at.site, urlReference(old));
    expect(itself?.url).toBe(old);
    await next.close();
  });

  it('beside one that goes on leaves its acts to that one', async () => {
    stopper.at = null;
    const living = await installation.open();
    const dying = await installation.open({ failpoint: stopper.failpoint });
    const [making] = AUDITED_ACTS;
    const ready = await making?.prepare(living);
    const act = entry(null, { by: { ...MODERATOR, id: freshId(tick()) } });
    stopper.at = 'act: written';
    await expect(ready?.run(dying, act)).rejects.toThrow('stopped');
    await eventually(async () =>
      expect(await living.audit.list({ sites: null, by: act.by.id, limit: 10 })).toEqual([act]),
    );
    await Promise.all([living.close(), dying.close()]);
  });
});
