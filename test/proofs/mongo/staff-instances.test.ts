import { createApi } from '../../support/api-client.ts';
import type { Installation } from '../../support/built-service.ts';
import { createInstallation } from '../../support/built-service.ts';
import { expectJson } from '../../support/http-client.ts';

/** What staff do at one process counts at the other. */

let installation: Installation;
beforeAll(() => {
  installation = createInstallation();
});
afterAll(() => installation.dispose());

test('nobody goes by the name of a moderator whose account another process made a second ago', async () => {
  const [one, other] = [await installation.start(), await installation.start()];
  const [here, there] = [createApi(one), createApi(other)];
  await here.createSite('guarded', { policy: { moderation: 'none' } });
  const status = async (body: string): Promise<string> => {
    const page = { url: 'https://guarded.example/1' };
    const author = { name: 'Gerda Newmod', email: 'reader@readers.example' };
    return (await there.posted('guarded', { page, author, body })).comment.status;
  };
  expect(await status('Before')).toBe('approved');
  const account = {
    name: 'Gerda Newmod',
    email: 'gerda@staff.example',
    role: 'moderator',
    sites: ['guarded'],
  };
  expectJson(await here.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body: account }), 201);
  // The contract's second is the measure here.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await status('A second later')).toBe('pending');
});
