import type { ImportView } from '../../src/moving/present-import.ts';
import { type Api, createApi, type Posted } from '../support/api-client.ts';
import { createInstallation, type Installation } from '../support/built-service.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { expectNoDifferences } from '../support/kill-checks.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { until } from '../support/until.ts';

/**
 * kill -9 while an alias takes a page's comments along, with readers who go on commenting on it: whoever starts next
 * finishes it, nothing that was acknowledged is lost, and nothing stands twice.
 */
const isSqlite = storeUnderTest() === 'sqlite';
const SITE = 'joined';
const OLD = `https://${SITE}.example/old`;
const NEW = `https://${SITE}.example/new`;
const MANY = isSqlite ? 6000 : 3000;
const THERE = 20;
const KILLS = isLongRun ? 10 : 1;

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

/** A thread under the one address, and a few comments under the other. */
function lines(): string {
  return Array.from({ length: MANY + THERE }, (_, i) =>
    JSON.stringify({
      id: `c-${i}`,
      page: { url: i < MANY ? OLD : NEW, title: i < MANY ? 'Old' : 'New' },
      parentId: i < 200 || i >= MANY ? null : `c-${i % 200}`,
      author: { name: `Name ${i % 97}`, email: `name${i % 97}@example.org` },
      text: `Comment number ${i}`,
      status: 'approved',
      createdAt: new Date(Date.UTC(2015, 0, 1) + i * 60_000).toISOString(),
    }),
  ).join('\n');
}

async function fill(api: Api): Promise<void> {
  await api.createSite(SITE, { policy: { moderation: 'none' } });
  const path = `/v1/admin/sites/${SITE}/imports`;
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const sent = await api.asAdmin({ method: 'POST', path: `${path}?format=generic`, headers, body: lines() });
  const { importId } = jsonOf<ImportView>(sent);
  await until('the import to be done', async () => {
    const { state } = jsonOf<ImportView>(await api.asAdmin({ path: `${path}/${importId}` }));
    return state === 'done';
  });
}

const countOn = async (api: Api, url: string): Promise<number> => {
  const answer = await api.send({ path: `/v1/sites/${SITE}/counts?page=${encodeURIComponent(url)}` });
  const { counts } = expectJson<{ counts: [{ count: number }] }>(answer, 200);
  return counts[0].count;
};

const shownAt = async (api: Api, page: string) => {
  const { items, total } = await api.walkList(SITE, { page, format: 'flat', sort: 'oldest' });
  return { ids: items.map(({ id }) => id), total };
};

const join = (api: Api) =>
  api.asAdmin({
    method: 'POST',
    path: `/v1/admin/sites/${SITE}/pages/aliases`,
    headers: { 'Idempotency-Key': 'join' },
    body: { alias: OLD, page: NEW },
  });

/** Comments on the old address, every other in answer to one of its thread, until the service is gone; those acknowledged. */
async function keepCommenting(api: Api, parentId: string): Promise<string[]> {
  const kept: string[] = [];
  for (let i = 0; ; i++) {
    const comment = {
      page: { url: OLD },
      parentId: i % 2 ? parentId : null,
      author: { name: 'A reader', email: `reader-${i}@readers.example` },
      body: `Meanwhile ${i}`,
    };
    const answer = await api.post(SITE, comment).catch(() => null);
    if (answer === null) return kept;
    kept.push(expectJson<Posted>(answer, 201).comment.id);
  }
}

test.each(Array.from({ length: KILLS }, (_, i) => i + 1))(
  'an alias that is killed on its way is finished, and every comment is there once (%i)',
  async () => {
    const service = await installation.start();
    const api = createApi(service);
    await fill(api);
    const due = new Set<string>();
    for (const url of [OLD, NEW]) for (const id of (await shownAt(api, url)).ids) due.add(id);
    expect(due.size).toBe(MANY + THERE);
    const [first = ''] = due;
    const commenting = keepCommenting(api, first);
    const joining = join(api).catch(() => undefined);
    let arrived = 0;
    while (arrived <= THERE) arrived = await countOn(api, NEW);
    await service.kill9();
    expect(arrived).toBeLessThan(MANY);
    expect(await joining).toBeUndefined();
    for (const id of await commenting) due.add(id);

    const next = await installation.start();
    const again = createApi(next);
    // On MongoDB by whoever holds the fold's lease next.
    await until('all to have arrived', async () => (await countOn(again, OLD)) >= due.size);
    for (const url of [OLD, NEW]) {
      const { ids, total } = await shownAt(again, url);
      const kept = ids.filter((id) => due.has(id));
      expect({ url, total, ids: kept.sort() }).toEqual({ url, total: ids.length, ids: [...due].sort() });
      // One may have been stored and not answered any more.
      expect(ids.length - kept.length).toBeLessThanOrEqual(1);
    }
    // On MongoDB another instance's key counts as abandoned after a while.
    const repeated = await until('the key to be taken up', async () => {
      const answer = await join(again);
      return answer.text.includes('idempotency-key-in-progress') ? null : answer;
    });
    expectJson(repeated, 201);
    await next.stop();
    await expectNoDifferences(installation);
  },
);
