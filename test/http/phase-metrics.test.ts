import type { Clock } from '../../src/clock.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** What monitoring is told of how well phases do. */
const HOUR = 3_600_000;
let now = Date.UTC(2026, 2, 22, 12);
const clock: Clock = { now: () => now };
let service: TestService;

beforeAll(async () => {
  service = await startService({ clock });
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'blog');
});
afterAll(() => service.stop());

async function post(site: string, rest: Record<string, unknown> = {}): Promise<string> {
  const body = commentBody(rest);
  const { json } = await service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body });
  return (json as { comment: { id: string } }).comment.id;
}

async function decide(id: string, action: string): Promise<string> {
  const path = `/v1/moderation/comments/${id}/decisions`;
  const { json } = await service.call({ method: 'POST', path, headers: ADMIN, body: { action } });
  return (json as { decisionId: string }).decisionId;
}

/** Lines of /metrics as a process shows them that nobody has asked yet: an answer is kept for a minute. */
async function metricsOf(name: string): Promise<string[]> {
  const fresh = await service.another({ clock });
  const { text } = await fresh.call({ path: '/metrics' });
  await fresh.stop();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`));
}

const comments = async (phase: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await metricsOf('gatehouse_phase_comments')).flatMap((line) => {
      const [, one, result = '', value] = /phase="(.*)",result="(.*)"\} (.*)$/.exec(line) ?? [];
      return one === phase ? [[result, Number(value)]] : [];
    }),
  );

it('says of every phase what it said of the last day’s comments on all sites, and what people made of that', async () => {
  expect(await comments('trap')).toEqual({ held: 0, spam: 0, rejected: 0, decided: 0, overturned: 0 });
  const trapped = await post('news', { website2: 'x' });
  await post('blog', { website2: 'x' });
  await post('blog', { body: 'با ۰۹۱۲۳۴۵۶۷۸۹ تماس بگیر' });
  const wrong = await decide(trapped, 'approve');
  expect(await comments('trap')).toEqual({ held: 0, spam: 2, rejected: 0, decided: 1, overturned: 1 });
  expect(await comments('contacts')).toMatchObject({ held: 1, spam: 0, decided: 0, overturned: 0 });
  await service.call({ method: 'POST', path: `/v1/moderation/decisions/${wrong}/undo`, headers: ADMIN });
  expect(await comments('trap')).toMatchObject({ spam: 2, decided: 0, overturned: 0 });
  now += 25 * HOUR;
  expect(await comments('trap')).toMatchObject({ spam: 0 });
});

it('says how long phases took, of which each process knows its own', async () => {
  await post('news');
  const { text } = await service.call({ path: '/metrics' });
  const shown = text.split('\n').filter((line) => line.startsWith('gatehouse_phase_p95_seconds{'));
  expect(shown.map((line) => /phase="([^"]+)"/.exec(line)?.[1])).toEqual(
    expect.arrayContaining(['trap', 'wordlist', 'similar', 'learner']),
  );
  for (const line of shown) expect(Number(line.split(' ')[1])).toBeGreaterThanOrEqual(0);
  expect(await metricsOf('gatehouse_phase_p95_seconds')).toEqual([]);
  const stats = await service.call({ path: '/v1/moderation/stats?site=news', headers: ADMIN });
  const { phases } = stats.json as { phases: { phase: string; p95Ms: number | null }[] };
  expect(phases.filter(({ p95Ms }) => p95Ms === null)).toEqual([]);
});
