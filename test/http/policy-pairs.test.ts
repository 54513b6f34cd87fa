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
