import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** `null` is missing, so what may be left out may be null, and then counts as it does when it is left out. */
let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

const call = async (method: string, path: string, body: object) => {
  const answer = await service.call({ method, path, headers: ADMIN, body });
  if (answer.status > 201) throw new Error(answer.text);
  return answer.json as Record<string, unknown> & { id: string; version: number };
};

describe('null for a member that may be left out', () => {
  it('makes a site of the usual language and time zone', async () => {
    const site = { id: 'plain', name: 'Plain', origins: ['https://plain.example'], policy: null };
    expect(await call('POST', '/v1/admin/sites', { ...site, locale: null, timeZone: null })).toMatchObject({
      locale: 'en',
      timeZone: 'UTC',
    });
  });

  it('makes a filter as usual', async () => {
    const nothing = { kind: null, mode: null, deadlineMs: null, onFailure: null, thresholds: null };
    const filter = { name: 'Nothing said', url: 'http://127.0.0.1:9/', ...nothing };
    const made = await call('POST', '/v1/admin/filters', {
      ...filter,
      events: null,
      sites: null,
      enabled: null,
    });
    expect(made).toMatchObject({
      kind: 'webhook',
      mode: 'sync',
      deadlineMs: 2000,
      onFailure: 'hold',
      events: ['comment.check', 'comment.decided'],
      sites: ['*'],
      enabled: true,
    });
    expect(
      await call('PATCH', `/v1/admin/filters/${made.id}`, { enabled: false, version: null }),
    ).toMatchObject({ enabled: false, version: 2 });
  });

  it('applies a change to what is current where the version is null', async () => {
    await call('PATCH', '/v1/admin/sites/news', { name: 'News', version: null });
    await call('PUT', '/v1/admin/sites/news/wordlist', { hold: ['x'], reject: [], version: null });
    const hook = await call('POST', '/v1/admin/webhooks', {
      url: 'http://127.0.0.1:9/',
      events: ['comment.created'],
    });
    await call('PATCH', `/v1/admin/webhooks/${hook.id}`, { enabled: false, version: null });
    const person = { name: 'Mina', email: 'mina@staff.example', role: 'moderator', sites: ['news'] };
    const { id } = await call('POST', '/v1/admin/moderators', person);
    await call('PATCH', `/v1/admin/moderators/${id}`, { name: 'Mina K', version: null });
  });

  it('keeps what an author wrote', async () => {
    const posted = await call('POST', '/v1/sites/news/comments', commentBody());
    const { author } = posted.comment as { author: { key: string } };
    const judged = await call('PATCH', `/v1/moderation/authors/${author.key}`, {
      standing: 'held',
      existing: null,
    });
    expect(judged).toMatchObject({ decided: 0, batchId: null });
  });
});
