import { ADMIN, startService, type TestService } from '../support/service.ts';

/** Members of a policy that are each as they may be, and together leave nothing that can pass. */

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const call = (method: string, path: string, body: object) =>
  service.call({ method, path: `/v1/admin/${path}`, headers: ADMIN, body });

const fieldsOf = (json: unknown): string[] =>
  (json as { errors: { pointer: string; code: string }[] }).errors
    .map(({ pointer, code }) => `${pointer} ${code}`)
    .sort();

it('a member that contradicts what stands is refused, and what is not named is left alone', async () => {
  const made = { id: 'pairs', name: 'Pairs', origins: ['https://pairs.example'] };
  const policy = { learner: { approve: 0.4 }, bodyMin: 50 };
  expect((await call('POST', 'sites', { ...made, policy: { bodyMin: 9, limits: { body: 8 } } })).status).toBe(
    422,
  );
  expect((await call('POST', 'sites', { ...made, policy })).status).toBe(201);
  const refused = async (patch: object) =>
    fieldsOf((await call('PATCH', 'sites/pairs', { policy: patch })).json);
  expect(await refused({ learner: { spam: 0.4 } })).toEqual(['/policy/learner/spam out-of-range']);
  expect(await refused({ learner: { approve: 0.97 } })).toEqual(['/policy/learner/approve out-of-range']);
  expect(await refused({ limits: { body: 49 }, learner: { approve: 0.98 } })).toEqual([
    '/policy/learner/approve out-of-range',
    '/policy/limits/body out-of-range',
  ]);
  const site = await service.deps.sites.standing('pairs');
  expect(site).toMatchObject({ version: 1 });
  // As a site of before this was looked at may have it.
  if (site)
    await service.deps.sites.replace({ ...site, version: 2, policy: { ...site.policy, bodyMin: 20_000 } }, 1);
  expect((await call('PATCH', 'sites/pairs', { policy: { pageSize: 30 } })).status).toBe(200);
  expect(await refused({ limits: null })).toEqual(['/policy/limits/body out-of-range']);
  expect((await call('PATCH', 'sites/pairs', { policy: { bodyMin: null, learner: null } })).status).toBe(200);
});

it('of a rate limit a patch may name one half; a limit that would stay a half is refused where the other is wanted', async () => {
  const made = { id: 'halves', name: 'Halves', origins: ['https://halves.example'] };
  const half = { ...made, policy: { rateLimits: { votes: { windowSeconds: 60 } } } };
  const without = await call('POST', 'sites', half);
  expect(fieldsOf(without.json)).toEqual(['/policy/rateLimits/votes/limit required']);
  const comments = { limit: 60, windowSeconds: 30 };
  expect((await call('POST', 'sites', { ...made, policy: { rateLimits: { comments } } })).status).toBe(201);
  const patched = async (rateLimits: object) =>
    (await call('PATCH', 'sites/halves', { policy: { rateLimits } })).json;
  expect(await patched({ comments: { limit: 5 } })).toMatchObject({
    policy: { rateLimits: { comments: { limit: 5, windowSeconds: 30 } } },
  });
  expect(fieldsOf(await patched({ comments: { limit: null } }))).toEqual([
    '/policy/rateLimits/comments/limit required',
  ]);
  expect(fieldsOf(await patched({ votes: {}, edits: { limit: 3, windowSeconds: null } }))).toEqual([
    '/policy/rateLimits/edits/windowSeconds required',
    '/policy/rateLimits/votes/limit required',
    '/policy/rateLimits/votes/windowSeconds required',
  ]);
  await patched({ comments: false });
  expect(fieldsOf(await patched({ comments: { limit: 5 } }))).toEqual([
    '/policy/rateLimits/comments/windowSeconds required',
  ]);
});
