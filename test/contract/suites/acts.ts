import type { AuditEntry } from '../../../src/moderation/audit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AUDITED_ACTS, entry } from '../../support/acts.ts';
import { freshId, MODERATOR, tick } from '../../support/builders.ts';

/** Acts that are no comment's: each stands in the audit with what it changed. */
export function actsContract(store: () => Storage): void {
  const fresh = (): AuditEntry => entry(null, { by: { ...MODERATOR, id: freshId(tick()) } });
  const recorded = (act: AuditEntry) => store().audit.list({ sites: null, by: act.by.id, limit: 10 });

  it.each(AUDITED_ACTS)('$name is in the audit once, as it was given', async ({ prepare }) => {
    const { run, happened } = await prepare(store());
    const act = fresh();
    expect(await run(store(), act)).toBe(true);
    expect(await happened(store())).toBe(true);
    expect(await recorded(act)).toEqual([act]);
  });

  // What can be done only once; the others change nothing the second time either, but don't say so.
  const AGAIN = AUDITED_ACTS.filter(
    ({ name }) => !/^(making a (token|subscriber)|(adding|sending) a delivery.*)$/.test(name),
  );
  it.each(AGAIN)('$name that comes to nothing is not in the audit', async ({ prepare }) => {
    const { run } = await prepare(store());
    const acts = [fresh(), fresh()];
    const done = [];
    for (const act of acts) done.push(await run(store(), act));
    expect(done).toEqual([true, false]);
    expect(await Promise.all(acts.map(recorded))).toEqual([[acts[0]], []]);
  });

  it('of many at once that change one thing, the one that did is in the audit', async () => {
    for (const { name, prepare } of AGAIN.filter((one) => /^(chang|remov)ing/.test(one.name))) {
      const { run } = await prepare(store());
      const acts = Array.from({ length: 8 }, fresh);
      const done = await Promise.all(acts.map((act) => run(store(), act)));
      const found = await Promise.all(acts.map(recorded));
      expect([name, done.filter(Boolean).length]).toEqual([name, 1]);
      expect([name, found.map((entries) => entries.length === 1)]).toEqual([name, done]);
    }
  });
}
