import type { Spoken, StandingRecord } from '../../../src/authors/standing.ts';
import type { ClaimEvent, LogEvent, NumberedEvent } from '../../../src/moderation/event-log.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  apply,
  decide,
  decision,
  edit,
  freshId,
  freshSite,
  MODERATOR,
  page,
  post,
  removal,
  report,
  tick,
  undo,
} from '../../support/builders.ts';
import type { OpenedStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

function claim(site: string, ids: string[]): ClaimEvent {
  const at = tick();
  return { id: freshId(at), type: 'claim', at, site, ids, by: MODERATOR, until: at + 600_000 };
}

/** What happened is told in order, numbered without a gap, and once. */
export function eventsContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  async function all(after: number): Promise<NumberedEvent[]> {
    const found: NumberedEvent[] = [];
    for (let from = after; ; from = found.at(-1)?.number ?? from) {
      const some = await store().events.after(from, 100);
      if (some.length === 0) return found;
      found.push(...some);
    }
  }

  /** The events of a site, once there are so many. */
  const eventsOf = (site: string, count: number, after: number): Promise<LogEvent[]> =>
    until(`${count} events`, async () => {
      const found = (await all(after)).map(({ event }) => event).filter((event) => event.site === site);
      return found.length >= count && found;
    });

  it('a log that was never put back from a backup has no epoch', () => {
    expect(store().events.epoch).toBe('');
  });

  it('each change of a comment is an event, in the order of the changes', async () => {
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    const on = await post(store(), at);
    const approval = decision(on, 'approve', { batchId: 'b1' });
    const approved = await apply(store(), on, approval);
    await apply(store(), on, report(on, 'reader'));
    const edited = await apply(store(), on, edit(approved, 'other', { screened: 'approved' }));
    const spam = decision(on, 'spam');
    await apply(store(), on, spam);
    await apply(store(), on, undo(on, spam.decisionId));
    await apply(store(), on, removal(edited));
    const events = await eventsOf(at.site, 7, last);
    expect(events.map(({ type }) => type)).toEqual([
      'created',
      'decided',
      'reported',
      'edited',
      'decided',
      'undone',
      'deleted',
    ]);
    expect(events[1]).toEqual({
      id: approval.decisionId,
      type: 'decided',
      at: approval.at,
      site: at.site,
      commentId: on.id,
      from: 'pending',
      to: 'approved',
      version: 2,
      revision: 1,
      act: {
        action: 'approve',
        by: MODERATOR,
        reason: null,
        note: null,
        decisionId: approval.decisionId,
        batchId: 'b1',
      },
    });
  });

  it('the changes of a comment come as they followed each other, whatever their moments say', async () => {
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    const [on, beside] = [await post(store(), at), await post(store(), at)];
    // That of a batch is when it began; clocks of instances differ.
    const batch = decision(on, 'spam', { batchId: 'b1' });
    const early = decision(beside, 'approve');
    await apply(store(), on, decision(on, 'approve'));
    await apply(store(), on, batch);
    await apply(store(), beside, early);
    await apply(store(), on, decision(on, 'trash'));
    const events = await eventsOf(at.site, 6, last);
    const versions = events.flatMap((event) =>
      'commentId' in event && event.commentId === on.id ? [event.version] : [],
    );
    expect(versions).toEqual([1, 2, 3, 4]);
  });

  it('a claim is given back as it was told, and told once', async () => {
    const { last } = await store().events.ends();
    const one = claim(freshSite(), ['c1', 'c2']);
    const other = { ...claim(one.site, ['c1']), by: null, until: null };
    await store().events.append(one);
    await eventsOf(one.site, 1, last);
    await store().events.append(other);
    expect(await eventsOf(one.site, 2, last)).toEqual([one, other]);
  });

  it('two hundred changes at once are each told once, numbered without a gap', async () => {
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    const posts = await Promise.all(Array.from({ length: 100 }, () => post(store(), at)));
    const acts = posts.map((on) => decide(store(), on, 'spam'));
    await Promise.all([
      ...acts,
      ...Array.from({ length: 50 }, () => store().events.append(claim(at.site, []))),
    ]);
    await eventsOf(at.site, 250, last);
    const numbered = await all(last);
    expect(numbered.map(({ number }) => number)).toEqual(numbered.map((_, i) => last + 1 + i));
    expect(new Set(numbered.map(({ event }) => event.id)).size).toBe(numbered.length);
    const { first, last: end } = await store().events.ends();
    expect(end).toBe(last + numbered.length);
    expect(first).toBeGreaterThan(0);
  });

  it('listeners are told, until they leave', async () => {
    let told = 0;
    const leave = store().events.onNews(() => {
      told += 1;
    });
    const { last } = await store().events.ends();
    // The first look may find what was there before.
    const at = page(freshSite(), 'https://a.example/1');
    const on = await post(store(), at);
    await until('the event', async () => {
      const known = told;
      const [found] = (await all(last)).filter(({ event }) => event.id === on.id);
      return found && known > 0;
    });
    leave();
    const before = told;
    await post(store(), at);
    await eventsOf(at.site, 2, last);
    expect(told).toBe(before);
  });

  it('numbers go on after the store was closed and opened again', async () => {
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    await post(store(), at);
    await eventsOf(at.site, 1, last);
    const before = await all(last);
    await opened().reopen();
    expect(await all(last)).toEqual(before);
    await post(store(), at);
    await eventsOf(at.site, 2, last);
    const numbers = (await all(last)).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, i) => last + 1 + i));
  });

  it('a standing that is set, changed or taken back is an event; another reason for the same one is none', async () => {
    const { last } = await store().events.ends();
    const [site, key] = [freshSite(), freshId(tick())];
    const say = async (
      version: number,
      standing: StandingRecord['standing'],
      { until = null, ...brings }: { until?: number | null; spoken?: Spoken } = {},
    ) => {
      const at = tick();
      const what = { site, key, standing, until, reason: `${version}`, by: MODERATOR, at, version };
      expect(await store().authors.setStanding(what, version - 1, brings)).toEqual({ set: true });
      return at;
    };
    await say(2, 'held');
    await say(3, 'held');
    const at = await say(4, 'banned', { until: tick() + 1_000_000_000, spoken: 'new' });
    await say(5, null, { spoken: 'known' });
    const lost = {
      site,
      key,
      standing: 'trusted',
      until: null,
      reason: null,
      by: MODERATOR,
      at,
      version: 3,
    } as const;
    expect(await store().authors.setStanding(lost, 2)).toEqual({ set: false, version: 5 });
    const events = await eventsOf(site, 3, last);
    expect(events).toEqual([
      { id: expect.any(String), type: 'standing', at: expect.any(Number), site, key, from: null, to: 'held' },
      { id: expect.any(String), type: 'standing', at, site, key, from: 'held', to: 'banned' },
      {
        id: expect.any(String),
        type: 'standing',
        at: expect.any(Number),
        site,
        key,
        from: 'banned',
        to: 'known',
      },
    ]);
    expect((await store().authors.standings(site)).get(key)).not.toHaveProperty('untold');
  });

  it('a consumer begins at the end of the log, moves on and never back, also after the store was opened again', async () => {
    const name = freshId(tick());
    expect(await store().events.position(name)).toBeNull();
    await store().events.advance(name, 5);
    expect(await store().events.position(name)).toBeNull();
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    await post(store(), at);
    await eventsOf(at.site, 1, last);
    expect(await store().events.join(name)).toBe(last + 1);
    expect(await store().events.position(name)).toBe(last + 1);
    await post(store(), at);
    await eventsOf(at.site, 2, last);
    expect(await store().events.join(name)).toBe(last + 2);
    expect(await store().events.position(name)).toBe(last + 1);
    await store().events.advance(name, last + 2);
    await store().events.advance(name, last);
    await opened().reopen();
    expect(await store().events.position(name)).toBe(last + 2);
  });

  it('are read a part at a time, lowest first', async () => {
    const { last } = await store().events.ends();
    const at = page(freshSite(), 'https://a.example/1');
    for (let i = 0; i < 5; i++) await post(store(), at);
    await eventsOf(at.site, 5, last);
    const parts = await Promise.all([store().events.after(last, 2), store().events.after(last + 2, 2)]);
    expect(parts.map((part) => part.map(({ number }) => number - last))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
}
