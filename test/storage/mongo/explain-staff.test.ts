import type { Comment } from '../../../src/comments/comment.ts';
import type { QueueQuery } from '../../../src/comments/comment-store.ts';
import type { AuditEntry } from '../../../src/moderation/audit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AUDIT_QUERIES, auditEntries } from '../../support/audit-entries.ts';
import { authorKey, report, site } from '../../support/builders.ts';
import { fill, PAGES, SITES } from '../../support/skewed-comments.ts';
import { createCostMeter } from './costs.ts';
import { createMongoInstallation, type Installation, untilAtRest } from './opened.ts';

const ROWS = 10_000;
const LIMIT = 50;

describe('reported comments and the audit of a large store', () => {
  let installation: Installation;
  let store: Storage;
  let reported: Comment[];
  let entries: AuditEntry[];
  const meter = createCostMeter(() => installation);

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({ onCommand: meter.onCommand });
    for (const id of SITES) await store.sites.create(site(id));
    const comments = await fill(store, ROWS);
    reported = comments.filter(
      (one, i) => one.status === 'approved' && i % 7 !== 0 && (i % 8 === 0 || i % 9 === 0),
    );
    for (let start = 0; start < reported.length; start += 500) {
      const some = reported.slice(start, start + 500);
      await Promise.all(some.map((one) => store.comments.change(one.id, report(one, 'a reader'))));
    }
    entries = auditEntries(ROWS);
    const docs = entries.map(({ id, site: of, ...rest }) => ({ _id: id, site: of ?? '', ...rest }));
    await installation.raw((database) =>
      database.collection<(typeof docs)[number]>('audit').insertMany(docs),
    );
    await untilAtRest(installation);
  });
  afterAll(() => installation.dispose());

  const narrowed: [string, Partial<QueueQuery>][] = [
    ['of a site', {}],
    ['of all sites', { sites: SITES }],
    ['of a page', { pageKey: PAGES[0]?.key }],
    ['of an author', { authorKey: authorKey('one', 'author-0') }],
    ['since a moment', { since: 1 }],
  ];
  const queues = narrowed.flatMap(([name, query]) =>
    (['oldest', 'newest', 'risk'] as const).map((sort) => [name, sort, query] as const),
  );

  it.each(queues)('the reported %s by %s read no more keys than they must', async (_name, sort, rest) => {
    const risky = reported.filter((one) => one.risk > 0 && one.site === 'one');
    const middle = risky[risky.length >> 1] as Comment;
    const query: QueueQuery = { sites: ['one'], status: 'reported', sort, limit: LIMIT, ...rest };
    for (const from of [undefined, { id: middle.id, value: middle.risk }, { id: middle.id, value: 0 }]) {
      const cost = await meter.costOf(() => store.comments.queue({ ...query, from }));
      expect(cost.returned).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + query.sites.length);
      expect(cost.sorted).toBe(false);
    }
  });

  it('a count of the reported reads keys only, and no more than its cap', async () => {
    const cost = await meter.costOf(() =>
      store.comments.countQueue({ sites: ['one'], status: 'reported', since: 1 }, 1000),
    );
    expect(cost.keys).toBeLessThanOrEqual(1001);
  });

  const scopes: [string, string[] | null][] = [
    ['one site', ['one']],
    ['several sites', SITES],
    ['all sites', null],
  ];
  const questions = scopes.flatMap(([scope, sites]) =>
    AUDIT_QUERIES.map(([name, query]) => [scope, name, sites, query] as const),
  );

  it.each(questions)('the audit of %s, %s, reads no more keys than it must', async (_s, _n, sites, query) => {
    for (const before of [undefined, entries[ROWS / 2]?.id]) {
      const cost = await meter.costOf(
        () => store.audit.list({ sites, limit: LIMIT, before, ...query }),
        'audit',
      );
      expect(cost.returned).toBeGreaterThan(0);
      expect(cost.keys).toBeLessThanOrEqual(2 * LIMIT + (sites?.length ?? 1));
      expect(cost.sorted).toBe(false);
    }
  });

  it('what is not folded costs an audit nothing once it is folded', async () => {
    const cost = await meter.costOf(() => store.audit.list({ sites: null, limit: LIMIT }));
    expect(cost.keys).toBe(0);
  });
});
