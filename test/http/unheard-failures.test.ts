import { storeUnavailable } from '../../src/errors.ts';
import { ADMIN, commentBody, makeSite, startService, type TestService } from '../support/service.ts';
import { pause } from '../support/until.ts';

/**
 * The process ends where a failure is heard by nobody, whoever else is answered by it. Of what is asked of the store at
 * the same time all is listened to from the beginning. A test fails by itself where something was not.
 */

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { moderation: 'all' });
});
afterAll(() => service.stop());

it('a page of the queue of which counts and pages can’t be read is refused, and the process goes on', async () => {
  await service.call({ method: 'POST', path: '/v1/sites/news/comments', body: commentBody() });
  const failing = await service.another({
    deps: (deps) => ({
      ...deps,
      comments: { ...deps.comments, counts: () => Promise.reject(storeUnavailable()) },
      sites: {
        ...deps.sites,
        async findPagesByKey() {
          await pause(20);
          throw storeUnavailable();
        },
      },
    }),
  });
  const answer = await failing.call({ path: '/v1/moderation/queue?site=news&q=words', headers: ADMIN });
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  await failing.stop();
});
