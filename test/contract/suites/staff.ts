import type { Moderator } from '../../../src/staff/moderator.ts';
import type { ModeratorOutcome } from '../../../src/staff/staff-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, tick } from '../../support/builders.ts';
import { moderator, session } from '../../support/staff-builders.ts';

/** Moderators' accounts. The store begins empty, and the tests run in order. */
export function staffContract(store: () => Storage): void {
  const kinds = (outcomes: ModeratorOutcome[]) => outcomes.map(({ kind }) => kind).sort();
  const made = async (rest: Partial<Moderator> = {}): Promise<Moderator> => {
    const one = moderator(rest);
    expect(await store().staff.createModerator(one)).toBe(true);
    return one;
  };
  const change = (
    one: Moderator,
    set: Parameters<Storage['staff']['changeModerator']>[0]['set'],
    expected = one.version,
  ) => store().staff.changeModerator({ id: one.id, expected, set, sessions: 'all' });

  it('of ten first accounts at once one is made, and it is signed in', async () => {
    expect(await store().staff.hasModerators()).toBe(false);
    const tries = Array.from({ length: 10 }, () => ({ one: moderator({ role: 'admin' }), begun: session() }));
    const answers = await Promise.all(
      tries.map(({ one, begun }) => store().staff.createModerator(one, { session: begun, first: true })),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    const first = tries[answers.indexOf(true)];
    expect(await store().staff.findSession(first?.begun.hash ?? '')).toEqual({
      session: first?.begun,
      moderator: first?.one,
    });
    expect(await store().staff.hasModerators()).toBe(true);
    expect((await store().staff.listModerators({ scope: null, limit: 5 })).total).toBe(1);
    expect(await store().staff.createModerator(moderator(), { first: true })).toBe(false);
  });

  it('the last active admin is neither disabled, nor demoted, nor removed', async () => {
    const [admin] = (await store().staff.listModerators({ scope: null, limit: 1 })).items as [Moderator];
    await made({ role: 'admin', state: 'disabled' });
    await made({ role: 'admin', state: 'invited', password: null });
    await made();
    expect(await change(admin, { state: 'disabled' })).toEqual({ kind: 'last-admin' });
    expect(await change(admin, { role: 'moderator' })).toEqual({ kind: 'last-admin' });
    expect(await store().staff.removeModerator(admin.id, admin.version)).toEqual({ kind: 'last-admin' });
    expect(await store().staff.findModerator(admin.id)).toEqual(admin);
    expect(await change(admin, { name: 'Ada' })).toMatchObject({ kind: 'done' });
    expect(await change(admin, { role: 'moderator' })).toEqual({ kind: 'stale', version: 2 });
  });

  it('of many active admins who all go at once one stays', async () => {
    const others = [];
    for (let i = 0; i < 9; i++) others.push(await made({ role: 'admin' }));
    const all = await store().staff.listModerators({ scope: null, limit: 200 });
    const admins = all.items.filter(({ role, state }) => role === 'admin' && state === 'active');
    expect(admins).toHaveLength(10);
    const outcomes = await Promise.all(
      admins.map((one, i) => {
        if (i % 3 === 0) return store().staff.removeModerator(one.id, one.version);
        return change(one, i % 3 === 1 ? { state: 'disabled' } : { role: 'moderator' });
      }),
    );
    expect(kinds(outcomes)).toEqual([...Array(9).fill('done'), 'last-admin']);
    const left = await store().staff.listModerators({ scope: null, limit: 200 });
    expect(left.items.filter(({ role, state }) => role === 'admin' && state === 'active')).toHaveLength(1);
  });

  it('the last active admin of all sites stays one, whoever is an admin of some', async () => {
    const { items } = await store().staff.listModerators({ scope: null, limit: 200 });
    const last = items.find(({ role, state }) => role === 'admin' && state === 'active') as Moderator;
    const some = await made({ role: 'admin', sites: ['news'] });
    expect(await change(last, { state: 'disabled' })).toEqual({ kind: 'last-admin' });
    expect(await change(last, { role: 'moderator' })).toEqual({ kind: 'last-admin' });
    expect(await change(last, { sites: ['news'] })).toEqual({ kind: 'last-admin' });
    expect(await store().staff.removeModerator(last.id, last.version)).toEqual({ kind: 'last-admin' });
    const second = await made({ role: 'admin', sites: ['*'] });
    const outcomes = await Promise.all([last, second].map((one) => change(one, { sites: ['news'] })));
    expect(kinds(outcomes)).toEqual(['done', 'last-admin']);
    expect(await change(some, { role: 'moderator' })).toMatchObject({ kind: 'done' });
  });

  it('are found by id, by address and by link as they were made', async () => {
    const link = { kind: 'invitation', hash: `link ${freshSite()}`, expiresAt: tick() } as const;
    const one = moderator({
      state: 'invited',
      password: null,
      link,
      locale: 'fa',
      totp: { secret: 'sealed', lastStep: 7 },
      totpOffer: 'sealed too',
      name: 'مینا',
    });
    expect(await store().staff.findModerator(one.id)).toBeNull();
    expect(await store().staff.createModerator(one)).toBe(true);
    expect(await store().staff.findModerator(one.id)).toEqual(one);
    expect(await store().staff.findModeratorByEmail(one.emailKey)).toEqual(one);
    expect(await store().staff.findModeratorByLink(link.hash)).toEqual(one);
    expect(await store().staff.findModeratorByEmail('nobody')).toBeNull();
    expect(await store().staff.findModeratorByLink('nothing')).toBeNull();
  });

  it('have an address each: of ten made with one at once one is made', async () => {
    const { emailKey } = moderator();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => store().staff.createModerator(moderator({ emailKey }))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    const other = await made();
    expect(await change(other, { emailKey, email: 'sealed' })).toEqual({ kind: 'taken' });
    expect(await store().staff.findModerator(other.id)).toEqual(other);
    expect(await change(other, { emailKey: other.emailKey })).toMatchObject({ kind: 'done' });
  });

  it('change where the version still stands: of ten at once one wins', async () => {
    const one = await made({ name: 'One' });
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, i) => change(one, { name: `N${i}` })));
    expect(kinds(outcomes)).toEqual(['done', ...Array(9).fill('stale')]);
    expect(outcomes).toContainEqual({ kind: 'stale', version: 2 });
    const won = outcomes.find(({ kind }) => kind === 'done');
    const now = await store().staff.findModerator(one.id);
    expect(won).toEqual({ kind: 'done', moderator: now });
    expect(now).toEqual({ ...one, name: now?.name, version: 2 });
    expect(await change(moderator(), { name: 'Nobody' })).toEqual({ kind: 'gone' });
    expect(await store().staff.removeModerator(moderator().id, 1)).toEqual({ kind: 'gone' });
  });

  it('are gone once removed, with sessions and link, and leave the address to others', async () => {
    const hash = `link ${freshSite()}`;
    const one = moderator({ link: { kind: 'reset', hash, expiresAt: tick() } });
    const begun = session();
    await store().staff.createModerator(one, { session: begun });
    expect(await store().staff.removeModerator(one.id, 2)).toEqual({ kind: 'stale', version: 1 });
    expect(await store().staff.removeModerator(one.id, 1)).toEqual({ kind: 'done', moderator: one });
    expect(await store().staff.findModerator(one.id)).toBeNull();
    expect(await store().staff.findSession(begun.hash)).toBeNull();
    expect(await store().staff.findModeratorByLink(hash)).toBeNull();
    await made({ emailKey: one.emailKey });
  });

  it('list newest first, page by page, only those whose sites all lie in scope', async () => {
    const [a, b, c] = [freshSite(), freshSite(), freshSite()];
    const all: Moderator[] = [];
    for (const sites of [[a], [a, b], [b], [a, c], ['*'], [b, a]]) all.push(await made({ sites }));
    const inScope = [all[5], all[2], all[1], all[0]];
    const first = await store().staff.listModerators({ scope: [a, b], limit: 3 });
    expect(first).toEqual({ items: inScope.slice(0, 3), total: 4 });
    const before = first.items.at(-1)?.id;
    expect(await store().staff.listModerators({ scope: [a, b], before, limit: 3 })).toEqual({
      items: inScope.slice(3),
      total: 4,
    });
    const newest = await store().staff.listModerators({ scope: null, limit: 2 });
    expect(newest.items).toEqual([all[5], all[4]]);
    const next = await store().staff.listModerators({ scope: null, before: newest.items[1]?.id, limit: 2 });
    expect(next).toEqual({ items: [all[3], all[2]], total: newest.total });
    expect(await store().staff.listModerators({ scope: [], limit: 6 })).toEqual({ items: [], total: 0 });
  });
}
