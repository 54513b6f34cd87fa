import type { EventReader } from '../support/event-reader.ts';
import { readEvents } from '../support/event-reader.ts';
import { makePerson, signedIn } from '../support/people.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, makeSite, startService } from '../support/service.ts';

/** Streams of people who may see less than a moment ago. The look at who listens that comes every so often never comes. */
let service: TestService;
const opened: EventReader[] = [];

beforeAll(async () => {
  const every = globalThis.setInterval;
  jest
    .spyOn(globalThis, 'setInterval')
    .mockImplementation((work, ms) => every(ms === 3000 ? () => undefined : work, ms));
  service = await startService();
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'blog');
});
afterAll(async () => {
  for (const reader of opened) reader.close();
  await service.stop();
  jest.restoreAllMocks();
});

/** Somebody who is signed in and listens. */
async function listener() {
  const { account, email } = await makePerson(service, { sites: ['news', 'blog'] });
  const headers = await signedIn(service, email);
  const reader = await readEvents(service.port, { headers });
  opened.push(reader);
  expect(reader.status).toBe(200);
  const path = `/v1/admin/moderators/${account.id}`;
  const change = (method: string, body?: object) => service.call({ method, path, headers: ADMIN, body });
  return { reader, headers, change };
}

it.each([
  ['see one site less', 'PATCH', { sites: ['news'] }],
  ['were disabled', 'PATCH', { state: 'disabled' }],
  ['were removed', 'DELETE', undefined],
])('a stream of people who %s ends at once, and others go on', async (_, method, body) => {
  const [{ reader, change }, other] = [await listener(), await listener()];
  expect((await change(method, body)).status).toBeLessThan(300);
  await reader.ended();
  expect(other.reader.hasEnded()).toBe(false);
});

it('a stream whose session was signed out ends at once', async () => {
  const { reader, headers } = await listener();
  const path = '/v1/sessions/current';
  expect((await service.call({ method: 'DELETE', path, headers })).status).toBe(204);
  await reader.ended();
});
