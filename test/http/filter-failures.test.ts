import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { useFilters } from '../support/asked-filters.ts';
import type { Behaviour } from '../support/filters.ts';
import { makeFilter, says } from '../support/filters.ts';
import { ADMIN } from '../support/service.ts';

/** Outside filters that fail while a comment is posted, and how all of them fare. */
const { service, listen, freshSite, post, admin, stored } = useFilters();

/** An address where nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

describe('a filter that fails', () => {
  const never: Behaviour = () => undefined;
  const halting: Behaviour = (_, response) => {
    response.writeHead(200).write('{"verdict":');
  };
  const raw =
    (status: number, body: string): Behaviour =>
    (_, response) => {
      response.writeHead(status).end(body);
    };

  it.each<[string, Behaviour, string]>([
    ['says nothing', never, 'filter-timeout'],
    ['stops in the middle of its answer', halting, 'filter-timeout'],
    ['answers 500', raw(500, '{"verdict":"ham"}'), 'filter-status'],
    ['answers 204', raw(204, ''), 'filter-status'],
    [
      'leads elsewhere',
      (_, response) => void response.writeHead(302, { location: '/' }).end(),
      'filter-status',
    ],
    ['answers what is no JSON', raw(200, '<p>ham'), 'filter-answer'],
    [
      'answers what is no UTF-8',
      (_, response) => void response.end(Buffer.from([0xff, 0xfe])),
      'filter-answer',
    ],
    ['answers an unknown verdict', raw(200, '{"verdict":"eggs"}'), 'filter-answer'],
    ['answers a score beyond 1', raw(200, '{"verdict":"ham","score":2}'), 'filter-answer'],
    [
      'answers too much',
      raw(200, JSON.stringify({ verdict: 'ham', reason: 'x'.repeat(70_000) })),
      'filter-answer',
    ],
    ['breaks the connection off', (_, response) => void response.destroy(), 'filter-refused'],
  ])('%s: the comment is held, with the reason', async (_, behave, code) => {
    const site = await freshSite();
    const server = await listen(behave);
    const deadlineMs = code === 'filter-timeout' ? 200 : 20_000;
    await makeFilter(service(), { url: server.url, sites: [site], deadlineMs });
    expect(await stored(await post(site))).toMatchObject({
      status: 'pending',
      said: { outcome: 'error', code },
    });
  });

  it('is not there: the comment is held, or published where its admin said so', async () => {
    const url = await closedPort();
    for (const [onFailure, status] of [
      ['hold', 'pending'],
      ['publish', 'approved'],
    ]) {
      const site = await freshSite();
      await makeFilter(service(), { url, sites: [site], onFailure });
      expect(await stored(await post(site))).toMatchObject({
        status,
        said: { outcome: 'error', code: 'filter-refused' },
      });
    }
  });

  it('again and again is left in peace: comments no longer wait for it', async () => {
    const site = await freshSite();
    const server = await listen(never);
    const { id, name } = await makeFilter(service(), { url: server.url, sites: [site], deadlineMs: 100 });
    for (let n = 0; n < 7; n++)
      expect(
        (await stored(await post(site, { author: { name: 'M', email: `m${n}@a.example` } }))).status,
      ).toBe('pending');
    expect(server.heard).toHaveLength(5);
    expect((await admin('GET', `/${id}`)).json).toMatchObject({
      health: { state: 'open', asked: 5, failed: 5, lastFailure: 'filter-timeout' },
    });
    const { text } = await service().call({ path: '/metrics' });
    expect(text).toContain(`gatehouse_filter_questions{filter="${name}"} 5`);
    expect(text).toContain(`gatehouse_filter_circuit_open{filter="${name}"} 1`);
    // Whoever mends it need not wait until it is tried again by itself.
    const { url } = await listen(says({ verdict: 'ham' }));
    await admin('PATCH', `/${id}`, { url, deadlineMs: 20_000 });
    expect((await stored(await post(site))).status).toBe('approved');
    expect((await admin('GET', `/${id}`)).json).toMatchObject({ health: { state: 'closed' } });
  });

  it('answers, but wrongly, again and again: each comment is sent to it, and says what came', async () => {
    const site = await freshSite();
    const server = await listen((_request, response) => response.writeHead(500).end());
    await makeFilter(service(), { url: server.url, sites: [site] });
    const asked: string[] = [];
    for (let n = 0; n < 7; n++) {
      const { said } = await stored(await post(site, { author: { name: 'M', email: `w${n}@a.example` } }));
      asked.push(said?.code ?? '');
    }
    expect(asked).toEqual(Array(7).fill('filter-status'));
  });
});

it('statistics say how a filter fares: what it marked, what people made of it, and how long it took', async () => {
  const site = await freshSite();
  const server = await listen(says({ verdict: 'spam' }));
  const { name } = await makeFilter(service(), { url: server.url, sites: [site] });
  for (const action of ['approve', 'spam']) {
    const answer = await post(site, { author: { name: 'M', email: `${action}@a.example` } });
    const { id } = (answer.json as { comment: { id: string } }).comment;
    const path = `/v1/moderation/comments/${id}/decisions`;
    await service().call({ method: 'POST', path, headers: ADMIN, body: { action } });
  }
  const stats = await service().call({ path: `/v1/moderation/stats?site=${site}`, headers: ADMIN });
  const { phases } = stats.json as { phases: { phase: string; p95Ms: number | null }[] };
  const score = phases.find(({ phase }) => phase === `filter:${name}`);
  expect(score).toMatchObject({ held: 0, spam: 2, rejected: 0, decided: 2, overturned: 1, rate: 0.5 });
  expect(score?.p95Ms).toBeGreaterThan(0);
});
