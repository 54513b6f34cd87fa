import { MOST_SESSIONS, type Moderator, type Session } from '../../../src/staff/moderator.ts';
import type { SignIn } from '../../../src/staff/staff-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, tick } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { moderator, session } from '../../support/staff-builders.ts';

/** Moderators' sessions, and the links that begin one. */
export function sessionsContract(store: () => Storage): void {
  const made = async (rest: Partial<Moderator> = {}): Promise<Moderator> => {
    const one = moderator(rest);
    expect(await store().staff.createModerator(one)).toBe(true);
    return one;
  };
  const signIn = (one: Moderator, rest: Partial<SignIn> = {}): Promise<boolean> =>
    store().staff.signIn({
      id: one.id,
      session: session(),
      password: one.password ?? '',
      totpStep: null,
      ...rest,
    });
  const signedIn = async (one: Moderator): Promise<Session> => {
    const begun = session();
    expect(await signIn(one, { session: begun })).toBe(true);
    return begun;
  };
  const isOn = async ({ hash }: Session): Promise<boolean> =>
    (await store().staff.findSession(hash)) !== null;

  it('begin by a sign-in and are found with their account, whose version stays', async () => {
    const one = await made();
    const begun = await signedIn(one);
    const account = { ...one, lastSeenAt: begun.seenAt };
    expect(await store().staff.findSession(begun.hash)).toEqual({ session: begun, moderator: account });
    expect(await store().staff.findSession('nothing')).toBeNull();
    expect(await store().staff.findModerator(one.id)).toEqual(account);
  });

  it('begin only for an active account whose password is still the one compared with', async () => {
    const one = await made();
    expect(await signIn(one, { password: 'another' })).toBe(false);
    expect(await signIn(await made({ state: 'disabled' }))).toBe(false);
    expect(await signIn(moderator())).toBe(false);
    const set = { password: 'new' };
    await store().staff.changeModerator({ id: one.id, expected: 1, set, sessions: 'all' });
    expect(await signIn(one)).toBe(false);
    expect(await signIn(one, { password: 'new' })).toBe(true);
  });

  it('of one code used by ten at once one begins, and no older code begins one after it', async () => {
    const one = await made({ totp: { secret: 'sealed', lastStep: 10 } });
    expect(await signIn(one)).toBe(false);
    expect(await signIn(one, { totpStep: 10 })).toBe(false);
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(one, { totpStep: 12 })));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await signIn(one, { totpStep: 11 })).toBe(false);
    expect((await store().staff.findModerator(one.id))?.totp).toEqual({ secret: 'sealed', lastStep: 12 });
    expect(await signIn(await made(), { totpStep: 12 })).toBe(false);
  });

  it('a code that was taken while the clock was ahead keeps nobody out once that is set back', async () => {
    const one = await made({ totp: { secret: 'sealed', lastStep: 5000 } });
    expect(await signIn(one, { totpStep: 4998 })).toBe(false);
    expect(await signIn(one, { totpStep: 12 })).toBe(true);
    expect(await signIn(one, { totpStep: 12 })).toBe(false);
  });

  it('remember when they were last used, and their account too; never an earlier moment', async () => {
    const one = await made();
    const begun = await signedIn(one);
    const at = tick();
    store().staff.touchSession({ id: one.id, hash: begun.hash, at });
    await eventually(async () => {
      const seen = await store().staff.findSession(begun.hash);
      expect([seen?.session.seenAt, seen?.moderator.lastSeenAt]).toEqual([at, at]);
    });
    store().staff.touchSession({ id: one.id, hash: begun.hash, at: at - 5 });
    store().staff.touchSession({ id: one.id, hash: begun.hash, at: at + 5 });
    await eventually(async () =>
      expect((await store().staff.findSession(begun.hash))?.session.seenAt).toBe(at + 5),
    );
    expect((await store().staff.findModerator(one.id))?.version).toBe(1);
  });

  it('end one by one, all but some, or all, in one step with the change that ends them', async () => {
    const one = await made();
    const [a, b, c, d] = [await signedIn(one), await signedIn(one), await signedIn(one), await signedIn(one)];
    const other = await signedIn(await made());
    await store().staff.endSession({ id: one.id, hash: a.hash });
    expect([await isOn(a), await isOn(b)]).toEqual([false, true]);
    await store().staff.endSession({ id: one.id, hash: other.hash });
    expect(await isOn(other)).toBe(true);
    const change = { id: one.id, set: { password: 'new' } };
    await store().staff.changeModerator({ ...change, expected: 9, sessions: [] });
    expect(await isOn(b)).toBe(true);
    await store().staff.changeModerator({ ...change, expected: 1, sessions: [c.hash] });
    expect([await isOn(b), await isOn(c), await isOn(d)]).toEqual([false, true, false]);
    await store().staff.changeModerator({ ...change, expected: 2, set: { state: 'disabled' }, sessions: [] });
    expect(await isOn(c)).toBe(false);
    expect(await isOn(other)).toBe(true);
  });

  it(`of one account are ${MOST_SESSIONS} at most; a further one ends the oldest`, async () => {
    const one = await made();
    const begun: Session[] = [];
    for (let i = 0; i <= MOST_SESSIONS; i++) begun.push(await signedIn(one));
    const on = await Promise.all(begun.map(isOn));
    expect(on).toEqual([false, ...Array(MOST_SESSIONS).fill(true)]);
  });

  it('begin by a link once, however many use it at once; every other session of the account ends', async () => {
    const hash = `link ${freshSite()}`;
    const link = { kind: 'reset', hash, expiresAt: tick() } as const;
    const one = await made({ link, totp: { secret: 'sealed', lastStep: 1 }, totpOffer: 'offered' });
    const before = session();
    await signIn(one, { session: before, totpStep: 2 });
    const tries = Array.from({ length: 10 }, (_, i) => ({
      ...{ id: one.id, hash, password: `new ${i}`, session: session() },
    }));
    const answers = await Promise.all(tries.map((one) => store().staff.redeemLink(one)));
    const won = answers.findIndex((answer) => answer !== null);
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    const { password, session: begun } = tries[won] as (typeof tries)[0];
    const expected = { ...one, password, link: null, totp: null, totpOffer: null, version: 2 };
    expect(answers[won]).toEqual({ ...expected, lastSeenAt: begun.seenAt });
    expect(await store().staff.findSession(begun.hash)).toEqual({ session: begun, moderator: answers[won] });
    expect(await isOn(before)).toBe(false);
    expect(await store().staff.findModeratorByLink(hash)).toBeNull();
  });

  it('do not begin by a link that was replaced, or whose account is disabled or gone', async () => {
    const link = (hash: string) => ({ kind: 'invitation', hash, expiresAt: tick() }) as const;
    const [first, second, third] = [freshSite(), freshSite(), freshSite()];
    const one = await made({ state: 'invited', password: null, link: link(first) });
    const redeem = (id: string, hash: string) =>
      store().staff.redeemLink({ id, hash, password: 'new', session: session() });
    const set = { link: link(second) };
    await store().staff.changeModerator({ id: one.id, expected: 1, set, sessions: 'all' });
    expect(await redeem(one.id, first)).toBeNull();
    expect(await store().staff.findModeratorByLink(first)).toBeNull();
    expect(await redeem(one.id, second)).toMatchObject({ state: 'active', password: 'new', link: null });
    const disabled = await made({ state: 'disabled', link: link(third) });
    expect(await redeem(disabled.id, third)).toBeNull();
    expect(await redeem(moderator().id, third)).toBeNull();
  });
}
