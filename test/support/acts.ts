import type { StandingRecord } from '../../src/authors/standing.ts';
import type { AuditEntry } from '../../src/moderation/audit.ts';
import type { Batch } from '../../src/moderation/batch-store.ts';
import type { Moderator } from '../../src/staff/moderator.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { newDelivery } from '../../src/webhooks/delivery.ts';
import type { Webhook } from '../../src/webhooks/webhook.ts';
import { alias, authorKey, freshId, freshSite, MODERATOR, page, site, tick, token } from './builders.ts';
import { filter } from './filters.ts';
import { moderator } from './staff-builders.ts';

/** An entry of the audit. */
export function entry(siteId: string | null, rest: Partial<AuditEntry> = {}): AuditEntry {
  const at = rest.at ?? tick();
  return {
    id: freshId(at),
    at,
    by: MODERATOR,
    action: 'token-created',
    site: siteId,
    commentId: null,
    from: null,
    to: null,
    reason: null,
    note: null,
    decisionId: null,
    batchId: null,
    ...rest,
  };
}

/** One way to change something that the audit tells of. */
export interface AuditedAct {
  name: string;
  /** Makes what it is to change, and gives how: `run` tells whether anything was, `happened` whether it stands. */
  prepare(store: Storage): Promise<{
    run(store: Storage, act: AuditEntry): Promise<boolean>;
    happened(store: Storage): Promise<boolean>;
  }>;
}

function webhook(): Webhook {
  const at = tick();
  const rest = { secret: 'sealed', previous: null, after: 0, createdBy: MODERATOR, version: 1 };
  const times = { createdAt: at, updatedAt: at };
  return {
    ...{ id: freshId(at), url: 'https://hooks.example/', events: [], site: null },
    ...{ enabled: true, gone: false, ...rest, ...times },
  };
}

const delivery = () =>
  newDelivery('one', { type: 'webhook.test', at: 1 }, { event: freshId(tick()), now: 1 });

const banned = (siteId: string, key: string): StandingRecord => ({
  ...{
    site: siteId,
    key,
    standing: 'banned',
    until: null,
    reason: null,
    by: MODERATOR,
    at: tick(),
    version: 2,
  },
});

/** A batch that has nothing to decide. */
export function emptyBatch(): Batch {
  const at = tick();
  const progress = {
    state: 'open',
    part: 0,
    ahead: [],
    after: null,
    decided: 0,
    conflicts: 0,
    remaining: 0,
  } as const;
  const task = { kind: 'items', action: 'spam', reason: null, note: null } as const;
  return { id: freshId(at), at, by: MODERATOR, sites: [], task, ...progress, ahead: [] };
}

/** An admin beside others. A change that takes one away first ends an earlier one that was cut off, so one is made. */
async function admin(store: Storage): Promise<Moderator> {
  const [one, other, third] = [0, 1, 2].map(() => moderator({ role: 'admin' })) as [
    Moderator,
    Moderator,
    Moderator,
  ];
  for (const each of [one, other, third]) await store.staff.createModerator(each);
  await store.staff.removeModerator(third.id, third.version);
  return one;
}

const siteActs: AuditedAct[] = [
  {
    name: 'making a site',
    async prepare() {
      const one = site(freshSite());
      return {
        run: (store, act) => store.sites.create(one, { act }),
        happened: async (store) => (await store.sites.find(one.id)) !== null,
      };
    },
  },
  {
    name: 'changing a site',
    async prepare(store) {
      const one = site(freshSite());
      await store.sites.create(one);
      return {
        run: async (other, act) =>
          (await other.sites.replace({ ...one, name: 'Other', version: 2 }, 1, { act })).replaced,
        happened: async (other) => (await other.sites.find(one.id))?.name === 'Other',
      };
    },
  },
  {
    name: 'removing a site',
    async prepare(store) {
      const one = site(freshSite());
      await store.sites.create(one);
      return {
        run: (other, act) => other.sites.remove(one.id, { act }),
        happened: async (other) => (await other.sites.find(one.id)) === null,
      };
    },
  },
  {
    name: 'a new identity secret',
    async prepare() {
      const id = freshSite();
      const next = { secret: 'sealed', previous: null };
      return {
        run: (store, act) => store.identities.keepSecret(id, next, { expected: null, act }),
        happened: async (store) => (await store.identities.secretOf(id)) !== null,
      };
    },
  },
  {
    name: 'rotating an identity secret',
    async prepare(store) {
      const id = freshSite();
      await store.identities.keepSecret(id, { secret: 'one', previous: null }, { expected: null });
      const next = { secret: 'two', previous: { secret: 'one', until: 1 } };
      return {
        run: (other, act) => other.identities.keepSecret(id, next, { expected: 'one', act }),
        happened: async (other) => (await other.identities.secretOf(id))?.secret === 'two',
      };
    },
  },
  {
    name: 'setting word lists',
    async prepare(store) {
      const id = freshSite();
      await store.sites.create(site(id));
      const lists = { site: id, hold: ['one'], reject: [], version: 1, changedAt: 1 };
      return {
        run: async (other, act) => (await other.wordlists.replace(lists, 0, { act })).replaced,
        happened: async (other) => (await other.wordlists.find(id))?.version === 1,
      };
    },
  },
  {
    name: 'changing word lists',
    async prepare(store) {
      const id = freshSite();
      await store.sites.create(site(id));
      const lists = { site: id, hold: ['one'], reject: [], version: 1, changedAt: 1 };
      await store.wordlists.replace(lists, 0);
      return {
        run: async (other, act) =>
          (await other.wordlists.replace({ ...lists, version: 2 }, 1, { act })).replaced,
        happened: async (other) => (await other.wordlists.find(id))?.version === 2,
      };
    },
  },
];

const pageActs: AuditedAct[] = [
  {
    name: 'changing a page',
    async prepare(store) {
      const at = page(freshSite(), 'https://a.example/1');
      await store.sites.ensurePage(at);
      return {
        run: async (other, act) =>
          (await other.sites.updatePage(at, { closed: true }, { expected: 1, act })).result === 'updated',
        happened: async (other) => (await other.sites.findPagesByKey(at.site, [at.key]))[0]?.closed === true,
      };
    },
  },
  {
    name: 'adding an alias',
    async prepare() {
      const id = freshSite();
      const target = page(id, 'https://a.example/1');
      const one = alias(id, 'https://a.example/2', 'https://a.example/1');
      return {
        run: async (store, act) => (await store.sites.addAlias(one, target, { act })).result === 'added',
        happened: async (store) => (await store.sites.aliases({ site: id, limit: 5 })).total === 1,
      };
    },
  },
  {
    name: 'removing an alias',
    async prepare(store) {
      const id = freshSite();
      const one = alias(id, 'https://a.example/2', 'https://a.example/1');
      await store.sites.addAlias(one, page(id, 'https://a.example/1'));
      return {
        run: (other, act) => other.sites.removeAlias(page(id, one.alias), { act }),
        happened: async (other) => (await other.sites.aliases({ site: id, limit: 5 })).total === 0,
      };
    },
  },
];

const peopleActs: AuditedAct[] = [
  {
    name: 'making a token',
    async prepare() {
      const one = token();
      return {
        run: (store, act) => store.tokens.create(one, { act }).then(() => true),
        happened: async (store) => (await store.tokens.find(one.id)) !== null,
      };
    },
  },
  {
    name: 'removing a token',
    async prepare(store) {
      const one = token();
      await store.tokens.create(one);
      return {
        run: (other, act) => other.tokens.remove(one.id, { act }),
        happened: async (other) => (await other.tokens.find(one.id)) === null,
      };
    },
  },
  {
    name: 'making an account',
    async prepare() {
      const one = moderator();
      return {
        run: (store, act) => store.staff.createModerator(one, { act }),
        happened: async (store) => (await store.staff.findModerator(one.id)) !== null,
      };
    },
  },
  {
    name: 'changing an account',
    async prepare(store) {
      const one = moderator();
      await store.staff.createModerator(one);
      const change = { id: one.id, expected: one.version, set: { name: 'Ada' }, sessions: 'all' } as const;
      return {
        run: async (other, act) => (await other.staff.changeModerator({ ...change, act })).kind === 'done',
        happened: async (other) => (await other.staff.findModerator(one.id))?.name === 'Ada',
      };
    },
  },
  {
    name: 'disabling an admin',
    async prepare(store) {
      const one = await admin(store);
      const set = { state: 'disabled' } as const;
      const change = { id: one.id, expected: one.version, set, sessions: [] };
      return {
        run: async (other, act) => (await other.staff.changeModerator({ ...change, act })).kind === 'done',
        happened: async (other) => (await other.staff.findModerator(one.id))?.state === 'disabled',
      };
    },
  },
  {
    name: 'removing an account',
    async prepare(store) {
      const one = moderator();
      await store.staff.createModerator(one);
      return {
        run: async (other, act) =>
          (await other.staff.removeModerator(one.id, one.version, { act })).kind === 'done',
        happened: async (other) => (await other.staff.findModerator(one.id)) === null,
      };
    },
  },
  {
    name: 'removing an admin',
    async prepare(store) {
      const one = await admin(store);
      return {
        run: async (other, act) =>
          (await other.staff.removeModerator(one.id, one.version, { act })).kind === 'done',
        happened: async (other) => (await other.staff.findModerator(one.id)) === null,
      };
    },
  },
  {
    name: 'banning an author with what is to become of their comments',
    async prepare() {
      const id = freshSite();
      const key = authorKey(id, 'reader');
      const batch = emptyBatch();
      return {
        run: async (store, act) => (await store.authors.setStanding(banned(id, key), 1, { act, batch })).set,
        happened: async (store) =>
          (await store.authors.findStanding(key))?.standing === 'banned' &&
          (await store.batches.find(batch.id)) !== null,
      };
    },
  },
];

const receiverActs: AuditedAct[] = [
  {
    name: 'making a filter',
    async prepare() {
      const one = filter();
      return {
        run: (store, act) => store.filters.create(one, { act }),
        happened: async (store) => (await store.filters.find(one.id)) !== null,
      };
    },
  },
  {
    name: 'changing a filter',
    async prepare(store) {
      const one = filter();
      await store.filters.create(one);
      const next = { ...one, enabled: false, version: one.version + 1 };
      return {
        run: async (other, act) => (await other.filters.replace(next, one.version, { act })).replaced,
        happened: async (other) => (await other.filters.find(one.id))?.enabled === false,
      };
    },
  },
  {
    name: 'removing a filter',
    async prepare(store) {
      const one = filter();
      await store.filters.create(one);
      return {
        run: (other, act) => other.filters.remove(one.id, { act }),
        happened: async (other) => (await other.filters.find(one.id)) === null,
      };
    },
  },
  {
    name: 'making a subscriber',
    async prepare() {
      const one = webhook();
      return {
        run: (store, act) => store.webhooks.create(one, { act }).then(() => true),
        happened: async (store) => (await store.webhooks.find(one.id)) !== null,
      };
    },
  },
  {
    name: 'changing a subscriber',
    async prepare(store) {
      const one = webhook();
      await store.webhooks.create(one);
      return {
        run: (other, act) => other.webhooks.replace({ ...one, gone: true, version: 2 }, 1, { act }),
        happened: async (other) => (await other.webhooks.find(one.id))?.gone === true,
      };
    },
  },
  {
    name: 'removing a subscriber',
    async prepare(store) {
      const one = webhook();
      await store.webhooks.create(one);
      return {
        run: (other, act) => other.webhooks.remove(one.id, { act }),
        happened: async (other) => (await other.webhooks.find(one.id)) === null,
      };
    },
  },
  {
    name: 'sending a delivery again',
    async prepare(store) {
      const one = delivery();
      await store.outbox.add(one);
      return {
        run: async (other, act) => (await other.outbox.redeliver(one.id, 77, { act })) !== null,
        happened: async (other) => (await other.outbox.find(one.id))?.nextAt === 77,
      };
    },
  },
  {
    name: 'adding a delivery',
    async prepare() {
      const one = delivery();
      return {
        run: (store, act) => store.outbox.add(one, { act }).then(() => true),
        happened: async (store) => (await store.outbox.find(one.id)) !== null,
      };
    },
  },
];

/** Every method of a port that carries an act out. */
export const AUDITED_ACTS: AuditedAct[] = [...siteActs, ...pageActs, ...peopleActs, ...receiverActs];
