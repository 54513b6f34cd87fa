import { randomBytes } from 'node:crypto';
import type { FieldPlaceAndCode } from '../support/expectations.ts';
import { expectProblem } from '../support/expectations.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** Readers report comments; moderators see what was reported, and a decision settles it. */

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  await makeSite(service.deps, 'strict', { reportsToHold: 2, duplicateHours: 0 });
  await makeSite(service.deps, 'quiet', { reports: false });
});
afterAll(() => service.stop());

async function posted(site = 'news', rest: Record<string, unknown> = {}): Promise<string> {
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(rest),
  });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const word = (): string => randomBytes(15).toString('base64url');
const report = (id: string, body: unknown = { reason: 'abuse' }, headers: Record<string, string> = {}) =>
  service.call({ method: 'POST', path: `/v1/comments/${id}/reports`, headers, body });
const byReader = (id: string, reader = word(), body?: unknown) =>
  report(id, body, { 'gatehouse-reader': reader });
const asModerator = async <T>(path: string) => (await service.call({ path, headers: ADMIN })).json as T;
const detail = (id: string) =>
  asModerator<{ status: string; version: number; reports: object[]; history: object[] }>(
    `/v1/moderation/comments/${id}`,
  );
const decide = (id: string, action: string) =>
  service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${id}/decisions`,
    headers: ADMIN,
    body: { action },
  });
const counts = (site: string) => asModerator<Record<string, number>>(`/v1/moderation/counts?site=${site}`);
const queue = (query: string) =>
  asModerator<{ items: { id: string; reports: object[] }[]; total: number; nextCursor: string | null }>(
    `/v1/moderation/queue?status=reported&${query}`,
  );

it('is taken with 202 and an empty object, and shown to moderators with reason, note and moment alone', async () => {
  const id = await posted();
  const answer = await byReader(id, word(), { reason: 'illegal', note: '  یادداشت\r\nدوم ' });
  expect([answer.status, answer.json]).toEqual([202, {}]);
  const { reports, version } = await detail(id);
  expect(reports).toEqual([
    { reason: 'illegal', note: 'یادداشت\nدوم', at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
  ]);
  expect(version).toBe(1);
});

it('counts each reader once: by their word, else by their address', async () => {
  const id = await posted();
  const mine = word();
  for (let i = 0; i < 3; i++) await byReader(id, mine);
  for (let i = 0; i < 3; i++) await report(id);
  await byReader(id);
  expect((await detail(id)).reports).toHaveLength(3);
});

it('counts at most twenty readers of one address, and answers further ones alike', async () => {
  const id = await posted();
  const answers: Answer[] = [];
  for (let i = 0; i < 25; i++) answers.push(await byReader(id));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['202 {}']));
  expect((await detail(id)).reports).toHaveLength(20);
});

it('lists and counts approved comments with open reports, until a decision, and again after its undo', async () => {
  const [one, two] = [await posted('strict'), await posted('strict')];
  await byReader(one);
  await byReader(two);
  expect(await counts('strict')).toMatchObject({ approved: 2, reported: 2, pending: 0 });
  expect((await queue('site=strict')).items.map(({ id }) => id)).toEqual([one, two]);
  expect((await queue('site=strict&sort=newest')).items.map(({ id }) => id)).toEqual([two, one]);
  expect((await queue('site=strict')).items[0]?.reports).toHaveLength(1);
  const { decisionId } = (await decide(one, 'approve')).json as { decisionId: string };
  expect(await counts('strict')).toMatchObject({ approved: 2, reported: 1 });
  expect((await queue('site=strict')).items.map(({ id }) => id)).toEqual([two]);
  expect((await detail(one)).reports).toEqual([]);
  await service.call({
    method: 'POST',
    path: `/v1/moderation/decisions/${decisionId}/undo`,
    headers: ADMIN,
  });
  expect(await queue('site=strict')).toMatchObject({ total: 2 });
  expect((await detail(one)).reports).toHaveLength(1);
});

it('walks the reported by every sort, page and author, each comment once', async () => {
  await makeSite(service.deps, 'walked', { duplicateHours: 0 });
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) {
    const page = { url: `${ORIGIN}/${i % 2 ? 'odd' : 'even'}` };
    ids.push(await posted('walked', { page, author: { name: 'Mina', email: `r${i % 3}@example.org` } }));
    await byReader(ids[i] ?? '');
  }
  const first = (await queue('site=walked')).items[0] as unknown as { author: { key: string } };
  for (const [query, expected] of [
    ['', ids],
    [`&page=${encodeURIComponent(`${ORIGIN}/odd`)}`, ids.filter((_, i) => i % 2)],
    [`&author=${first.author.key}`, ids.filter((_, i) => i % 3 === 0)],
  ] as const) {
    for (const sort of ['oldest', 'newest', 'risk']) {
      const walked: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const slice: Awaited<ReturnType<typeof queue>> = await queue(
          `site=walked&sort=${sort}&limit=2${query}${cursor && `&cursor=${cursor}`}`,
        );
        expect(slice.total).toBe(expected.length);
        walked.push(...slice.items.map(({ id }) => id));
        cursor = slice.nextCursor;
      }
      expect(walked).toEqual(sort === 'newest' ? [...expected].reverse() : expected);
    }
  }
});

it('takes a comment back to pending from the site’s number of reports on', async () => {
  const id = await posted('strict');
  await byReader(id);
  await byReader(id);
  expect(await detail(id)).toMatchObject({
    status: 'pending',
    version: 2,
    history: [{ action: 'hold', by: { kind: 'system' }, from: 'approved', to: 'pending' }],
  });
  expect((await service.call({ path: `/v1/comments/${id}` })).status).toBe(404);
  expect((await byReader(id)).status).toBe(404);
});

it('holds a comment also when its author changes the text', async () => {
  const path = '/v1/sites/strict/comments';
  const { comment, editToken } = (await service.call({ method: 'POST', path, body: commentBody() })).json as {
    comment: { id: string };
    editToken: string;
  };
  await byReader(comment.id);
  await byReader(comment.id);
  const answer = await service.call({
    method: 'PATCH',
    path: `/v1/comments/${comment.id}`,
    headers: { authorization: `Bearer ${editToken}` },
    body: { body: 'Nothing to see here.' },
  });
  expect([answer.status, answer.json]).toMatchObject([200, { comment: { status: 'pending' } }]);
  expect(await detail(comment.id)).toMatchObject({ status: 'pending', revision: 2, reports: [{}, {}] });
  await decide(comment.id, 'approve');
  expect((await service.call({ path: `/v1/comments/${comment.id}` })).status).toBe(200);
});

it('is refused where the site takes none, and unknown for what no reader sees', async () => {
  expectProblem(await byReader(await posted('quiet'), word(), {}), 'reports-off');
  const held = await posted();
  await decide(held, 'spam');
  expectProblem(await byReader(held), 'comment-not-found');
  expectProblem(await byReader('0'.repeat(31)), 'comment-not-found');
  expect(await service.call({ path: '/v1/sites/quiet' })).toMatchObject({ json: { reports: false } });
  expect(await service.call({ path: '/v1/sites/news' })).toMatchObject({ json: { reports: true } });
});

it.each<[string, unknown, FieldPlaceAndCode[]]>([
  ['nothing', {}, [['/reason', 'required']]],
  ['no object', [], [['', 'invalid']]],
  ['an unknown reason', { reason: 'boring' }, [['/reason', 'invalid']]],
  [
    'wrong types',
    { reason: 5, note: 5 },
    [
      ['/reason', 'invalid'],
      ['/note', 'invalid'],
    ],
  ],
  ['half a character', { reason: 'spam', note: '\ud800' }, [['/note', 'invalid']]],
  ['a long note', { reason: 'spam', note: 'ش'.repeat(1001) }, [['/note', 'too-long']]],
])('names every bad field of %s', async (_what, body, fields) => {
  expectProblem(await byReader(await posted(), word(), body), 'validation-failed', fields);
});

it('takes a note of 1,000 characters', async () => {
  const id = await posted();
  expect((await byReader(id, word(), { reason: 'other', note: 'ش'.repeat(1000) })).status).toBe(202);
});

it.each(['short', 'x'.repeat(65), 'with a space in its middle', 'slash/slash/slash/slash', ''])(
  'refuses the reader’s word “%s” by the header’s name, together with bad fields',
  async (reader) => {
    const answer = await byReader(await posted(), reader, {});
    expectProblem(answer, 'validation-failed', [
      ['Gatehouse-Reader:', 'invalid'],
      ['/reason', 'required'],
    ]);
  },
);

it('is told to no reader', async () => {
  const id = await posted();
  const note = `noted ${word()}`;
  await byReader(id, word(), { reason: 'abuse', note });
  for (const path of [
    `/v1/comments/${id}`,
    `/v1/sites/news/comments?page=${encodeURIComponent(`${ORIGIN}/a`)}`,
    `/v1/sites/news/thread?page=${encodeURIComponent(`${ORIGIN}/a`)}`,
  ]) {
    const { status, text } = await service.call({ path });
    expect(status).toBe(200);
    expect(text).not.toContain(note);
    expect(text).not.toMatch(/"reports"|openReports/);
  }
});

it('masks the author’s own address in a note', async () => {
  const id = await posted('news', { author: { name: 'Mina', email: 'mina.secret@example.org' } });
  await byReader(id, word(), { reason: 'abuse', note: 'this is MINA.SECRET@example.org again' });
  expect((await detail(id)).reports).toMatchObject([{ note: 'this is m...@example.org again' }]);
});

it('keeps neither word nor address, and nothing by which two comments’ reports could be joined', async () => {
  const [one, two] = [await posted(), await posted()];
  const mine = word();
  await byReader(one, mine);
  await byReader(two, mine);
  const kept = await service.deps.comments.openReports([one, two]);
  const all = [...(kept.get(one) ?? []), ...(kept.get(two) ?? [])];
  expect(all).toHaveLength(2);
  expect(new Set(all.flatMap(({ reader, address }) => [reader, address])).size).toBe(4);
  expect(JSON.stringify(all)).not.toMatch(new RegExp(`${mine}|127\\.0\\.0\\.1|::1`));
});

it('counts against a class of its own', async () => {
  const limited = await service.another({ config: { rateLimits: { off: false, classes: {} } } });
  const path = `/v1/comments/${await posted()}/reports`;
  for (let i = 0; i < 20; i++) {
    const answer = await limited.call({ method: 'POST', path, body: { reason: 'spam' } });
    expect(answer.headers.ratelimit).toMatch(new RegExp(`^"reports";r=${19 - i};`));
  }
  expectProblem(await limited.call({ method: 'POST', path, body: { reason: 'spam' } }), 'rate-limited');
  await limited.stop();
});

it('from pages of another origin is refused', async () => {
  const answer = await report(await posted(), { reason: 'spam' }, { origin: 'https://elsewhere.example' });
  expectProblem(answer, 'origin-not-allowed');
  const served = await report(await posted(), { reason: 'spam' }, { origin: ORIGIN });
  expect(served.headers['access-control-allow-origin']).toBe(ORIGIN);
});
