import { PHASES } from '../../src/screening/index.ts';
import { expectProblem } from '../support/expectations.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** Statistics, in days of each site's own time zone. */

const DAY = 24 * 60 * 60 * 1000;
let service: TestService;
/** 2026-03-22, half past eight in the evening in UTC: the next day in Tehran already. */
const START = Date.UTC(2026, 2, 22, 20, 30);
let now = START;
let desk: Record<string, string>;

interface Stats {
  from: string;
  to: string;
  volume: { day: string; created: number; approved: number; rejected: number; spam: number }[];
  timeToDecision: { p50Seconds: number | null; p90Seconds: number | null };
  moderators: { by: { id: string; name: string }; decisions: number; overturned: number }[];
  phases: { phase: string; held: number; decided: number; overturned: number; rate: number }[];
}

const stats = async (query: string, headers: Record<string, string> = ADMIN) =>
  (await service.call({ path: `/v1/moderation/stats?${query}`, headers })).json as Stats;

async function posted(site: string): Promise<string> {
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(),
  });
  return (answer.json as { comment: { id: string } }).comment.id;
}

const decide = async (id: string, action: string, headers: Record<string, string> = ADMIN) =>
  (
    (
      await service.call({
        method: 'POST',
        path: `/v1/moderation/comments/${id}/decisions`,
        headers,
        body: { action },
      })
    ).json as { decisionId: string }
  ).decisionId;

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'held', { moderation: 'all' });
  await makeSite(service.deps, 'open');
  await makeSite(service.deps, 'tehran');
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'The desk', role: 'moderator', sites: ['held', 'open'] },
  });
  desk = { authorization: `Bearer ${(token.json as { token: string }).token}` };
  await service.call({
    method: 'PATCH',
    path: '/v1/admin/sites/tehran',
    headers: ADMIN,
    body: { timeZone: 'Asia/Tehran' },
  });
});
afterAll(() => service.stop());
beforeEach(() => {
  now = START;
});

const NOTHING_SAID = { held: 0, spam: 0, rejected: 0, decided: 0, overturned: 0, rate: 0 };
const HELD = { held: 10, decided: 5 };

it('tells volume, waits, moderators and phases of the last days', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 10; i++) ids.push(await posted('held'));
  now += 60_000;
  for (const id of ids.slice(0, 4)) await decide(id, 'approve', desk);
  now += 540_000;
  await decide(ids[4] ?? '', 'spam', desk);
  now += DAY;
  await decide(ids[0] ?? '', 'spam');
  await decide(ids[1] ?? '', 'approve');
  const taken = await decide(ids[9] ?? '', 'reject');
  await service.call({ method: 'POST', path: `/v1/moderation/decisions/${taken}/undo`, headers: ADMIN });

  expect(await stats('site=held&days=2', desk)).toEqual({
    from: '2026-03-22',
    to: '2026-03-23',
    volume: [
      { day: '2026-03-22', created: 10, approved: 4, rejected: 0, spam: 1 },
      { day: '2026-03-23', created: 0, approved: 0, rejected: 0, spam: 1 },
    ],
    timeToDecision: { p50Seconds: 60, p90Seconds: 600 },
    moderators: [
      { by: { kind: 'token', id: expect.any(String), name: 'The desk' }, decisions: 5, overturned: 1 },
      { by: { kind: 'token', id: 'root', name: 'root' }, decisions: 2, overturned: 0 },
    ],
    phases: PHASES.map(({ name }) => ({
      ...NOTHING_SAID,
      phase: name,
      p95Ms: expect.any(Number),
      ...(name === 'moderation' && HELD),
    })),
  });
});

it('counts what passed alone and a person called spam against the phases that passed it', async () => {
  const id = await posted('open');
  await posted('open');
  await decide(id, 'spam');
  const { phases, volume } = await stats('site=open&days=1');
  expect(phases.find(({ phase }) => phase === 'moderation')).toMatchObject({
    held: 0,
    decided: 1,
    overturned: 1,
    rate: 1,
  });
  expect(volume).toEqual([{ day: '2026-03-22', created: 2, approved: 2, rejected: 0, spam: 1 }]);
});

it('has days of the site’s own time zone; of several sites each its own', async () => {
  now = Date.UTC(2026, 4, 10, 20, 20);
  await posted('tehran');
  now += 20 * 60_000;
  await posted('tehran');
  await posted('open');
  expect((await stats('site=tehran&days=2')).volume).toEqual([
    { day: '2026-05-10', created: 1, approved: 1, rejected: 0, spam: 0 },
    { day: '2026-05-11', created: 1, approved: 1, rejected: 0, spam: 0 },
  ]);
  expect(await stats('site=open&days=1')).toMatchObject({ from: '2026-05-10', to: '2026-05-10' });
  expect(await stats('days=2')).toMatchObject({
    to: '2026-05-11',
    volume: [
      { day: '2026-05-10', created: 2 },
      { day: '2026-05-11', created: 1 },
    ],
  });
  expect((await stats('days=2', desk)).volume.map(({ created }) => created)).toEqual([0, 1]);
});

it('reaches back a year, over days on which clocks change', async () => {
  now = Date.UTC(2026, 6, 1, 12);
  const { volume, from, to } = await stats('site=held&days=366');
  expect(volume).toHaveLength(366);
  expect([from, to]).toEqual(['2025-07-01', '2026-07-01']);
  expect(volume.find(({ day }) => day === '2026-03-22')?.created).toBe(10);
  expect((await stats('site=held')).volume).toHaveLength(30);
});

it('says null for waits where nobody decided', async () => {
  now = Date.UTC(2027, 0, 1);
  expect(await stats('site=held&days=1')).toMatchObject({
    timeToDecision: { p50Seconds: null, p90Seconds: null },
    moderators: [],
  });
});

it.each([
  ['days=0', '?days', 'out-of-range'],
  ['days=367', '?days', 'out-of-range'],
  ['days=many', '?days', 'invalid'],
  ['site=held&site=open', '?site', 'duplicate'],
])('refuses %s', async (query, place, code) => {
  const answer = await service.call({ path: `/v1/moderation/stats?${query}`, headers: ADMIN });
  expectProblem(answer, 'validation-failed', [[place, code]]);
});

it('are for those who may see the site', async () => {
  expectProblem(
    await service.call({ path: '/v1/moderation/stats?site=tehran', headers: desk }),
    'site-not-found',
  );
  expectProblem(await service.call({ path: '/v1/moderation/stats' }), 'unauthenticated');
});
