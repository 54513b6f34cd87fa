import type { ModeratedComment } from '../../support/api-client.ts';
import { createApi } from '../../support/api-client.ts';
import type { Installation, Service } from '../../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation } from '../../support/built-service.ts';
import { expectJson } from '../../support/http-client.ts';
import { inParallel } from '../../support/in-parallel.ts';

/** Moderators at two processes share one queue. */

const SITE = 'claimed';
const COMMENTS = 1000;
const CLAIMERS = 20;
const EACH_TIME = 25;

let installation: Installation;
beforeAll(() => {
  installation = createInstallation({
    env: { RATE_LIMITS: 'comments=100000/60,author=100000/60,moderation=100000/60' },
  });
});
afterAll(() => installation.dispose());

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

async function claimerAt(service: Service, number: number): Promise<string> {
  const answer = await createApi(service).send({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: bearer(ADMIN_TOKEN),
    body: { name: `Claimer ${number}`, role: 'moderator', sites: [SITE] },
  });
  return expectJson<{ token: string }>(answer, 201).token;
}

/** Claims until nothing is left; the ids. */
async function claimAll(service: Service, token: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const answer = await createApi(service).send({
      method: 'POST',
      path: '/v1/moderation/claims',
      headers: bearer(token),
      body: { site: SITE, limit: EACH_TIME },
    });
    const { items } = expectJson<{ items: ModeratedComment[] }>(answer, 200);
    if (items.length === 0) return ids;
    ids.push(...items.map(({ id }) => id));
  }
}

test('twenty claimers at two processes share a thousand comments, none has another’s, and a restart takes none away', async () => {
  const [one, other] = [await installation.start(), await installation.start()];
  const api = createApi(one);
  await api.createSite(SITE);
  const posted = await inParallel([...Array(COMMENTS).keys()], 24, (i) =>
    createApi(i % 2 ? one : other).posted(SITE, {
      page: { url: `https://${SITE}.example/${i % 10}` },
      author: { name: 'A reader', email: `reader-${i}@readers.example` },
      body: `Comment ${i}`,
    }),
  );
  const tokens = await inParallel([...Array(CLAIMERS).keys()], 4, (i) => claimerAt(one, i));
  const taken = await Promise.all(tokens.map((token, i) => claimAll(i % 2 ? one : other, token)));
  const all = taken.flat();
  expect(new Set(all).size).toBe(all.length);
  expect(all.sort()).toEqual(posted.map(({ comment }) => comment.id).sort());

  await Promise.all([one.kill9(), other.stop()]);
  const again = await installation.start();
  expect(await claimAll(again, await claimerAt(again, CLAIMERS))).toEqual([]);
});
