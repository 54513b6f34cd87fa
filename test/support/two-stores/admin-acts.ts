import { signedHeaders } from '../../../src/webhooks/signature.ts';
import { WEBHOOK_EVENTS } from '../../../src/webhooks/webhook.ts';
import { ADMIN } from '../service.ts';
import type { Acts } from './acts.ts';
import { inQuery, PAGE_IDS, PAGES } from './material.ts';
import { SITES } from './story.ts';

const POLICIES: object[] = [
  ...['all', 'first', 'unsure', 'none', 'none'].map((moderation) => ({ moderation })),
  ...[
    { closed: true },
    { closed: false },
    { votes: 'up' },
    { votes: null },
    { reportsToHold: 1 },
    { maxDepth: 1 },
  ],
  ...[
    { requiredFields: [] },
    { requiredFields: null },
    { duplicateHours: 0 },
    { sort: 'top' },
    { pageSize: 2 },
  ],
  ...[
    { tellReason: true },
    { secondReview: ['links', 'moderation'] },
    { secondReview: [] },
    { banned: 'told' },
  ],
  ...[
    { pages: { ignoreQuery: true } },
    { pages: { ignoreWww: true } },
    { pages: { dropParams: ['x'] } },
    { pages: null },
  ],
  ...[
    { links: { hold: 1, reject: 2 } },
    { notify: { moderators: 'each', replies: true } },
    { reasons: ['abuse', 'x'] },
  ],
  ...[
    { retention: { spamDays: 1, trashDays: 1, emailDays: 1 } },
    { authorUrl: false },
    { reservedNames: ['Sam'] },
  ],
];
const WORD_LISTS = [
  { hold: [], reject: [] },
  { hold: ['casino', '*رایگان*'], reject: ['buy casino'] },
  { hold: ['tea', 'كتاب*'], reject: ['NEAR'] },
  { hold: ['straße', '*den'], reject: ['漢字'] },
];

/** What admins do. */
export const adminActs: Acts = ({ story, material, random, site, some, limit, moment }) => {
  const { ask, askAsStaff } = story;
  const known = () => random.pick(SITES);
  const pair = () => ({ alias: random.pick(PAGES), page: random.pick(PAGES) });
  const line = (): string =>
    JSON.stringify({
      id: String(random.between(1, 12)),
      page: { url: random.pick(PAGES), title: 'Imported' },
      parentId: random.pick([null, null, String(random.between(1, 12))]),
      author: { name: 'Imp', email: random.pick(['imp@example.org', 'mina@example.org']) },
      text: material.words(),
      status: random.pick(['approved', 'approved', 'pending', 'spam', 'trash', 'rejected']),
      createdAt: random.pick(['2019-01-01T00:00:00.000Z', '2020-05-05T05:05:05Z']),
      votes: { up: random.between(0, 3), down: 0 },
    });

  return {
    async setPolicy() {
      const [path, policy] = [`/v1/admin/sites/${known()}`, random.pick(POLICIES)];
      await askAsStaff(() => ({ method: 'PATCH', path, body: { policy } }));
    },
    /** Made, and removed with all that is in it. */
    async makeAndRemoveSite() {
      const path = '/v1/admin/sites';
      const body = {
        id: 'brief',
        name: 'Brief',
        origins: ['https://news.example'],
        policy: { moderation: 'none' },
      };
      const { status } = await ask(() => ({ method: 'POST', path, headers: ADMIN, body }));
      if (status !== 409) return;
      await ask(() => ({ method: 'DELETE', path: `${path}/brief?confirm=brief`, headers: ADMIN }));
    },
    async setWords() {
      const [path, body] = [`/v1/admin/sites/${known()}/wordlist`, random.pick(WORD_LISTS)];
      await askAsStaff(() => ({ method: 'PUT', path, body }));
      const text = material.body();
      await askAsStaff(() => ({ method: 'POST', path: `${path}/test`, body: { text } }));
      await askAsStaff(() => ({ method: 'POST', path: `${path}/preview`, body: { ...body, days: 30 } }));
    },
    async listPages() {
      const at = known();
      const q = random.next() < 0.4 ? `&q=${inQuery(material.query())}` : '';
      const path = `/v1/admin/sites/${at}/pages?sort=${random.pick(['recent', 'comments'])}${q}${limit()}`;
      const page = (await askAsStaff(() => ({ path }))).member('items', 0, 'key');
      const body = random.pick([
        ...[{ closed: true }, { closed: null }, { moderation: 'none' }, { title: 'کتاب' }, { title: null }],
        ...[{ url: random.pick(PAGES) }, { id: random.pick(PAGE_IDS) }, { publishedAt: moment() }],
      ]);
      const pathOf = (side: 0 | 1) => `/v1/admin/sites/${at}/pages/${page?.[side]}`;
      if (page && random.next() < 0.5)
        await askAsStaff((side) => ({ method: 'PATCH', path: pathOf(side), body }));
    },
    async alias() {
      const path = `/v1/admin/sites/${known()}/pages`;
      const many = { aliases: Array.from({ length: 3 }, pair) };
      const kind = random.next();
      const from = random.pick(['https://news.example/old', 'https://news.example/b', 'https://s.example']);
      const to = random.pick(['https://news.example/new', 'https://news.example/old/deeper']);
      const alias = inQuery(random.pick(PAGES));
      if (kind < 0.6) {
        const body = kind < 0.4 ? pair() : many;
        await askAsStaff(() => ({ method: 'POST', path: `${path}/aliases`, body }));
      } else if (kind < 0.8)
        await askAsStaff(() => ({ method: 'DELETE', path: `${path}/aliases?alias=${alias}` }));
      else await askAsStaff(() => ({ method: 'POST', path: `${path}/moves`, body: { from, to } }));
      const list = `${path}/aliases?${limit()}`;
      await askAsStaff(() => ({ path: list }));
    },
    async makeToken() {
      const role = random.pick(['moderator', 'admin']);
      const body = { name: 'A script', role, sites: random.pick([['*'], ['news'], ['fa', 'held']]) };
      const made = await askAsStaff(() => ({ method: 'POST', path: '/v1/admin/tokens', body }));
      const token = made.member('token');
      if (token) story.tokens.push(token);
    },
    async subscribe() {
      // What came before is not sent, and a store may still be about to hand some of it on.
      await story.settle();
      const [way, at] = [random.pick(['ok', 'fail']), random.pick([null, 'news'])];
      const body = { events: WEBHOOK_EVENTS, site: at };
      const urlOf = (side: 0 | 1) => `${story.sides[side].outside}/${way}${story.webhooks.length}`;
      const path = '/v1/admin/webhooks';
      if (story.webhooks.length >= 3) return;
      const made = await ask((side) => ({
        method: 'POST',
        path,
        headers: ADMIN,
        body: { ...body, url: urlOf(side) },
      }));
      const id = made.member('id');
      if (id) story.webhooks.push(id);
    },
    async listDeliveries() {
      const webhook = story.webhooks.at(-1);
      if (!webhook) return;
      await story.settle();
      await askAsStaff(() => ({ path: '/v1/admin/webhooks' }));
      const rest = `deliveries?status=${random.pick(['delivered', 'dead', 'waiting'])}${limit()}`;
      await askAsStaff((side) => ({ path: `/v1/admin/webhooks/${webhook[side]}/${rest}` }));
    },
    async askFilter() {
      if (story.filters.length > 0) return;
      await story.settle();
      const body = {
        name: 'Words',
        mode: 'sync',
        onFailure: 'hold',
        thresholds: { approve: 0.2, spam: 0.8 },
      };
      const urlOf = (side: 0 | 1) => `${story.sides[side].outside}/filter`;
      const path = '/v1/admin/filters';
      const made = await ask((side) => ({
        method: 'POST',
        path,
        headers: ADMIN,
        body: { ...body, url: urlOf(side) },
      }));
      const [id, secret] = [made.member('id'), made.member('secret')];
      if (id && secret) story.filters.push({ id, secret });
    },
    async sayVerdict() {
      const filter = story.filters.at(-1);
      if (!filter) return;
      const { id } = some();
      const verdict = {
        verdict: random.pick(['ham', 'spam', 'unsure', 'x']),
        score: random.pick([0, 0.5, 1, 2]),
      };
      const message = { id: `message-${story.step % 4}`, timestamp: Math.floor(Date.parse(moment()) / 1000) };
      await ask((side) => {
        const body = JSON.stringify({ commentId: id[side], ...verdict });
        const signed = signedHeaders({ ...message, body }, [filter.secret[side]]);
        const headers = { 'content-type': 'application/json', ...signed };
        return { method: 'POST', path: `/v1/filters/${filter.id[side]}/verdicts`, headers, body };
      });
    },
    async importFile() {
      const path = `/v1/admin/sites/${site()}/imports?format=generic&dryRun=${random.pick(['true', 'false', 'false'])}`;
      const body = `${Array.from({ length: random.between(1, 10) }, line).join('\n')}\n`;
      const headers = { 'content-type': 'application/octet-stream' };
      await askAsStaff(() => ({ method: 'POST', path, headers, body }));
    },
    async person() {
      const body = { email: material.email(), site: random.pick([null, known()]) };
      await story.settle();
      await askAsStaff(() => ({ method: 'POST', path: '/v1/admin/privacy/export', body }));
      const mode = random.pick(['anonymise', 'delete']);
      const path = '/v1/admin/privacy/erase';
      if (random.next() < 0.5) await askAsStaff(() => ({ method: 'POST', path, body: { ...body, mode } }));
    },
    async restart() {
      await story.settle();
      await Promise.all(story.sides.map((side) => side.restart()));
    },
    async sweep() {
      await story.settle();
      for (const side of story.sides) await side.sweep();
      // Subscribers are told of what it took away.
      await story.settle();
    },
    settle: () => story.settle(),
  };
};
