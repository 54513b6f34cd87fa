import { randomUUID } from 'node:crypto';
import type { MadeFilter } from '../support/filters.ts';
import { makeFilter, sendVerdict } from '../support/filters.ts';
import { inParallel } from '../support/in-parallel.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** Filters' verdicts that come later, `POST /v1/filters/{filterId}/verdicts`. */
let service: TestService;
let filter: MadeFilter;
const NOW = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  await makeSite(service.deps, 'blog');
  filter = await makeFilter(service, { sites: ['news'], mode: 'async', onFailure: 'publish' });
});
afterAll(() => service.stop());

async function post(site = 'news'): Promise<{ id: string; editToken: string }> {
  const sent = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(),
  });
  const { comment, editToken } = sent.json as { comment: { id: string }; editToken: string };
  return { id: comment.id, editToken };
}

const decide = (id: string, action: string) =>
  service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${id}/decisions`,
    headers: ADMIN,
    body: { action },
  });

async function moderated(id: string) {
  const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  return json as {
    status: string;
    version: number;
    decidedBy: unknown;
    risk: number;
    screening: { phase: string; outcome: string; detail: string | null; filter?: object }[];
    history: { action: string; by: { kind: string; id: string } }[];
  };
}

const spam = (commentId: string, rest: object = {}) => ({ commentId, verdict: 'spam', ...rest });

describe('a verdict', () => {
  it('replaces what the filter’s phase said, and gives the status anew', async () => {
    const { id } = await post();
    const waiting = (await moderated(id)).screening.at(-1);
    expect(waiting).toMatchObject({
      phase: `filter:${filter.name}`,
      outcome: 'waiting',
      code: 'filter-queued',
    });
    const answer = await sendVerdict(
      service,
      filter,
      spam(id, { score: 0.93, labels: ['casino'], reason: 'تبلیغ' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ applied: true, comment: { id, status: 'spam', version: 2 } });
    const stored = await moderated(id);
    const by = { kind: 'filter', id: filter.id, name: filter.name };
    expect(stored).toMatchObject({ status: 'spam', version: 2, decidedBy: by, risk: 0.93 });
    expect(stored.screening.at(-1)).toMatchObject({
      outcome: 'spam',
      detail: 'تبلیغ',
      filter: { labels: ['casino'] },
    });
    expect(stored.history).toMatchObject([{ action: 'verdict', by }]);
    const shown = await service.call({ path: `/v1/comments/${id}` });
    expect(shown.status).toBe(404);
  });

  it('changes nothing where a person has decided, and says so', async () => {
    const { id } = await post();
    await decide(id, 'approve');
    const answer = await sendVerdict(service, filter, spam(id));
    expect(answer.json).toEqual({
      applied: false,
      cause: 'decided',
      comment: { id, status: 'approved', version: 2 },
    });
  });

  it('on an older text or a deleted comment is not applied', async () => {
    const { id, editToken } = await post();
    const own = { authorization: `Bearer ${editToken}` };
    await service.call({
      method: 'PATCH',
      path: `/v1/comments/${id}`,
      headers: own,
      body: { body: 'Other words' },
    });
    expect((await sendVerdict(service, filter, spam(id, { revision: 1 }))).json).toMatchObject({
      cause: 'stale',
    });
    await service.call({ method: 'DELETE', path: `/v1/comments/${id}`, headers: own });
    expect((await sendVerdict(service, filter, spam(id))).json).toMatchObject({
      applied: false,
      cause: 'deleted',
    });
  });

  it('that is older than the one that counts is stale, however late it comes', async () => {
    const { id } = await post();
    await sendVerdict(service, filter, spam(id), { at: NOW() });
    const older = { commentId: id, verdict: 'ham' };
    expect((await sendVerdict(service, filter, older, { at: NOW() - 60 })).json).toMatchObject({
      cause: 'stale',
    });
    expect((await moderated(id)).status).toBe('spam');
  });

  it('under the same id changes nothing and gets the first answer, with another body it is refused', async () => {
    const { id } = await post();
    const message = randomUUID();
    const first = await sendVerdict(service, filter, spam(id), { id: message });
    await decide(id, 'approve');
    const again = await sendVerdict(service, filter, spam(id), { id: message, at: NOW() + 1 });
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await moderated(id)).status).toBe('approved');
    const other = await sendVerdict(service, filter, { commentId: id, verdict: 'ham' }, { id: message });
    expect([other.status, other.json]).toMatchObject([422, { code: 'idempotency-key-reused' }]);
  });

  it('sent fifty times at once is applied once', async () => {
    const { id } = await post();
    const message = randomUUID();
    const answers = await inParallel([...Array(50).keys()], 50, () =>
      sendVerdict(service, filter, spam(id), { id: message }),
    );
    // Those that came while it was being applied are told to come again.
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect((await moderated(id)).version).toBe(2);
  });
});

describe('the checks come in the contract’s order', () => {
  const codeOf = ({ status, json }: { status: number; json: unknown }) => [
    status,
    (json as { code: string }).code,
  ];

  it('first whether there is such a filter, and whether it is on', async () => {
    const gone = { id: 'none', secret: filter.secret };
    expect(codeOf(await sendVerdict(service, gone, '{'))).toEqual([404, 'not-found']);
    const off = await makeFilter(service, { sites: ['news'], enabled: false });
    expect(codeOf(await sendVerdict(service, off, '{'))).toEqual([404, 'not-found']);
  });

  it('then the size, before the signature', async () => {
    const large = `"${'x'.repeat(256 * 1024)}"`;
    expect(codeOf(await sendVerdict(service, filter, large, { secrets: [] }))).toEqual([413, 'too-large']);
  });

  it.each([
    ['none', { secrets: [] }],
    ['one by another secret', { secrets: [`whsec_${Buffer.alloc(32).toString('base64')}`] }],
    ['one that is six minutes old', { at: NOW() - 360 }],
    ['one from six minutes ahead', { at: NOW() + 360 }],
  ])('then the signature: %s', async (_, sent) => {
    expect(codeOf(await sendVerdict(service, filter, '{', sent))).toEqual([401, 'bad-signature']);
  });

  it('over the raw bytes: other white space is another message', async () => {
    const { id } = await post();
    const body = JSON.stringify(spam(id));
    const signed = await service.call({
      method: 'POST',
      path: `/v1/filters/${filter.id}/verdicts`,
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'x',
        'webhook-timestamp': String(NOW()),
        'webhook-signature': 'v1,AAAA',
      },
      body: `${body} `,
    });
    expect(codeOf(signed)).toEqual([401, 'bad-signature']);
  });

  it('an id that is too long is told of by its own header', async () => {
    const { id } = await post();
    const { status, json } = await sendVerdict(service, filter, spam(id), { id: 'x'.repeat(256) });
    expect([status, json]).toMatchObject([422, { errors: [{ header: 'webhook-id', code: 'too-long' }] }]);
  });

  it('then the syntax, then the fields, all at once', async () => {
    expect(codeOf(await sendVerdict(service, filter, '{'))).toEqual([400, 'malformed-json']);
    const bad = { verdict: 'maybe', score: 2, reason: 'x'.repeat(1001), labels: [7] };
    const { status, json } = await sendVerdict(service, filter, bad);
    expect([status, json]).toMatchObject([
      422,
      {
        errors: [
          { pointer: '/commentId', code: 'required' },
          { pointer: '/verdict', code: 'invalid' },
          { pointer: '/score', code: 'out-of-range' },
          { pointer: '/labels/0', code: 'invalid' },
          { pointer: '/reason', code: 'too-long' },
        ],
      },
    ]);
  });

  it('then the comment, which has to be the filter’s business', async () => {
    expect(codeOf(await sendVerdict(service, filter, spam('nothing')))).toEqual([404, 'comment-not-found']);
    const { id } = await post('blog');
    expect(codeOf(await sendVerdict(service, filter, spam(id)))).toEqual([404, 'comment-not-found']);
    const own = await post();
    expect(codeOf(await sendVerdict(service, filter, spam(own.id, { revision: 2 })))).toEqual([
      422,
      'validation-failed',
    ]);
  });

  it('counts them by the filter', async () => {
    const limited = await service.another({
      config: { rateLimits: { off: false, classes: { verdicts: { limit: 1, windowSeconds: 60 } } } as never },
    });
    const first = await sendVerdict(limited, filter, spam('nothing'));
    expect(first.headers['ratelimit-policy']).toBe('"verdicts";q=1;w=60');
    expect(codeOf(await sendVerdict(limited, filter, spam('nothing')))).toEqual([429, 'rate-limited']);
    await limited.stop();
  });
});

describe('during a rotation', () => {
  it('both secrets are accepted, and afterwards only the new one', async () => {
    const one = await makeFilter(service, { sites: ['news'] });
    const path = `/v1/admin/filters/${one.id}/secret`;
    const rotated = await service.call({ method: 'POST', path, headers: ADMIN });
    const { secret } = rotated.json as { secret: string };
    expect(secret).not.toBe(one.secret);
    for (const each of [one.secret, secret]) {
      const { id } = await post();
      expect((await sendVerdict(service, { id: one.id, secret: each }, spam(id))).json).toMatchObject({
        applied: true,
      });
    }
    const day = 24 * 60 * 60 * 1000;
    const tomorrow = await service.another({ clock: { now: () => Date.now() + day + 1000 } });
    const at = NOW() + day / 1000 + 1;
    const { id } = await post();
    expect((await sendVerdict(tomorrow, { id: one.id, secret: one.secret }, spam(id), { at })).status).toBe(
      401,
    );
    expect((await sendVerdict(tomorrow, { id: one.id, secret }, spam(id), { at })).status).toBe(200);
    await tomorrow.stop();
  });
});
