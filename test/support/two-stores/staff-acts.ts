import type { Acts } from './acts.ts';
import { inQuery } from './material.ts';

const ACTIONS = ['approve', 'approve', 'approve', 'reject', 'spam', 'trash', 'restore'];
const STATUSES = ['pending', 'reported', 'spam', 'approved', 'rejected', 'trash', 'all', 'all', 'all'];
const EXISTING = ['keep', 'keep', 'reject', 'spam', 'trash'];

/** What moderators do. */
export const staffActs: Acts = ({ story, material, random, site, some, limit, moment }) => {
  const { askAsStaff } = story;
  const chance = (share: number): boolean => random.next() < share;
  const why = () => ({
    reason: random.pick([null, null, 'abuse', 'spam', 'nonsense', '']),
    note: random.pick([null, 'a note', 'دو\nخط', 'x'.repeat(1001), 'mina@example.org']),
  });
  /** Each part now and then. */
  const queryOf = (parts: Record<string, [share: number, value: () => string]>): string =>
    Object.entries(parts)
      .flatMap(([name, [share, value]]) => (chance(share) ? [`&${name}=${inQuery(value())}`] : []))
      .join('');

  return {
    async queue() {
      const query = queryOf({
        site: [0.6, site],
        status: [0.9, () => random.pick(STATUSES)],
        q: [0.4, material.query],
        page: [0.1, material.address],
        phase: [
          0.1,
          () => random.pick(['moderation', 'links', 'wordlist', 'contacts', 'similar', 'filter:Words']),
        ],
        reason: [0.1, () => random.pick(['abuse', 'spam', 'other'])],
        standing: [0.1, () => random.pick(['new', 'known', 'trusted', 'held', 'banned'])],
        claimed: [0.1, () => random.pick(['mine', 'free'])],
        since: [0.1, moment],
        until: [0.1, moment],
        sort: [0.5, () => random.pick(['oldest', 'newest', 'risk'])],
      });
      const [alike, author] = [chance(0.12) ? some() : null, chance(0.15) ? story.authors.at(-1) : null];
      const path = `/v1/moderation/queue?${query}${limit()}`;
      const more = (side: 0 | 1) =>
        `${alike ? `&similarTo=${alike.id[side]}` : ''}${author ? `&author=${author[side]}` : ''}`;
      await askAsStaff((side) => ({ path: `${path}${more(side)}` }));
    },
    async goOn() {
      if (story.places.length === 0) return;
      const { query, cursor } = random.pick(story.places.slice(-20));
      const by = query.startsWith('/v1/sites') ? story.ask : askAsStaff;
      await by((side) => ({ path: `${query}&cursor=${cursor[side]}` }));
    },
    async look() {
      const { id } = some();
      const kind = random.pick(['', '', '/similar?limit=3']);
      if (kind !== '') await story.settle();
      await askAsStaff((side) => ({ path: `/v1/moderation/comments/${id[side]}${kind}` }));
    },
    async decide() {
      const { id, version } = some();
      const seen = random.pick([null, null, version, version, 1, 99, 0, '1']);
      const body = { action: random.pick(ACTIONS), version: seen, ...why() };
      const headers = { ...(chance(0.05) && { 'idempotency-key': `d${story.step % 3}` }) };
      const pathOf = (side: 0 | 1) => `/v1/moderation/comments/${id[side]}/decisions`;
      await askAsStaff((side) => ({ method: 'POST', path: pathOf(side), headers, body }));
    },
    async decideMany() {
      const told = [...new Set(Array.from({ length: random.between(1, 6) }, some))];
      const rest = { action: random.pick(ACTIONS), ...why() };
      const itemsOf = (side: 0 | 1) => told.map(({ id, version }) => ({ id: id[side], version }));
      const path = '/v1/moderation/decisions';
      await askAsStaff((side) => ({ method: 'POST', path, body: { ...rest, items: itemsOf(side) } }));
    },
    async decideMatch() {
      const match = {
        site: site(),
        status: random.pick(STATUSES),
        until: moment(),
        ...(chance(0.4) && { q: material.query() }),
      };
      const body = { action: random.pick(ACTIONS), limit: random.pick([1, 2, 10_000, 0]), match, ...why() };
      await askAsStaff(() => ({ method: 'POST', path: '/v1/moderation/decisions', body }));
    },
    async undo() {
      const decision = story.decisions.at(-random.between(1, 5));
      if (decision)
        await askAsStaff((side) => ({
          method: 'POST',
          path: `/v1/moderation/decisions/${decision[side]}/undo`,
        }));
    },
    async undoBatch() {
      const batch = story.batches.at(-random.between(1, 3));
      if (batch)
        await askAsStaff((side) => ({ method: 'POST', path: `/v1/moderation/batches/${batch[side]}/undo` }));
    },
    async claim() {
      const { id } = some();
      const path = '/v1/moderation/claims';
      const body = {
        site: chance(0.6) ? site() : undefined,
        limit: random.pick([1, 3, 100, 0]),
        leaseSeconds: random.pick([null, 1, 60]),
      };
      const method = random.pick(['POST', 'POST', 'PATCH', 'DELETE']);
      if (method === 'DELETE') await askAsStaff((side) => ({ method, path: `${path}?id=${id[side]}` }));
      else await askAsStaff(() => ({ method, path, body: method === 'POST' ? body : { leaseSeconds: 30 } }));
    },
    async revise() {
      const { id, version } = some();
      const author = random.pick([
        null,
        { name: 'Renamed' },
        { url: null },
        { name: null },
        { url: 'tea.example' },
      ]);
      const body = { body: material.body(), author, version };
      await askAsStaff((side) => ({ method: 'PATCH', path: `/v1/moderation/comments/${id[side]}`, body }));
    },
    async actOn() {
      const { id } = some();
      const kind = random.pick(['replies', 'email', 'recheck', 'highlight']);
      const bodies: Record<string, object | undefined> = {
        replies: { body: material.body(), approveParent: random.pick([null, true]) },
        highlight: { pinned: chance(0.5) },
      };
      const pathOf = (side: 0 | 1) => `/v1/moderation/comments/${id[side]}/${kind}`;
      await askAsStaff((side) => ({ method: 'POST', path: pathOf(side), body: bodies[kind] }));
    },
    async listAuthors() {
      const query = queryOf({
        site: [0.6, site],
        standing: [0.3, () => random.pick(['new', 'known', 'trusted', 'held', 'banned'])],
        q: [0.4, material.query],
        sort: [0.6, () => random.pick(['recent', 'comments', 'rejected'])],
      });
      const path = `/v1/moderation/authors?${query}${limit()}`;
      await askAsStaff(() => ({ path }));
    },
    async judge() {
      // Who wrote just now is not in a list yet.
      const author = story.authors.at(chance(0.5) ? -1 : -random.between(2, 6));
      const standing = random.pick(['trusted', 'held', 'banned', null]);
      const body = {
        standing,
        existing: random.pick(EXISTING),
        version: random.pick([null, null, 1, 2]),
        ...why(),
      };
      if (!author) return;
      if (chance(0.5)) await askAsStaff((side) => ({ path: `/v1/moderation/authors/${author[side]}` }));
      await askAsStaff((side) => ({ method: 'PATCH', path: `/v1/moderation/authors/${author[side]}`, body }));
    },
    async tell() {
      const query = chance(0.6) ? `site=${site()}` : '';
      const paths = ['counts', `stats?days=${random.pick([1, 7, 30, 367])}&`, `audit?${limit()}&`, 'sites'];
      const path = random.pick(paths);
      await askAsStaff(() => ({ path: `/v1/moderation/${path}${path.endsWith('&') ? query : ''}` }));
    },
  };
};
