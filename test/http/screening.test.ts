import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const post = (site: string, body: Record<string, unknown>) =>
  service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body: commentBody(body) });

/** What screening made of a comment: its status, and what every phase that did not pass it said. */
async function screenedOf(site: string, body: Record<string, unknown>): Promise<string> {
  const answer = await post(site, body);
  expect(answer.status).toBe(201);
  const { id } = (answer.json as { comment: { id: string } }).comment;
  const comment = await service.deps.comments.find(id);
  const said = comment?.screening.filter(({ outcome }) => outcome !== 'pass') ?? [];
  return [comment?.status, ...said.map(({ phase, outcome, code }) => `${phase} ${outcome} ${code}`)].join(
    ', ',
  );
}

describe('the trap', () => {
  beforeAll(async () => {
    await makeSite(service.deps, 'trap');
    await makeSite(service.deps, 'own-trap', { trapField: 'fax' });
    await makeSite(service.deps, 'no-trap', { trapField: '' });
  });

  it.each([['website2'], ['x'], [1], [true], [['x']], [{}]].map(([value]) => [value]))(
    'makes spam of a comment with %j in the field',
    async (value) => {
      expect(await screenedOf('trap', { website2: value })).toBe('spam, trap spam trap-filled');
    },
  );

  it.each([[undefined], [null], [''], ['  '], [false]])('takes no notice of %j in it', async (value) => {
    expect(await screenedOf('trap', { website2: value })).toBe('approved');
  });

  it('is the field that the site names, and may be none', async () => {
    expect(await screenedOf('own-trap', { website2: 'x' })).toBe('approved');
    expect(await screenedOf('own-trap', { fax: 'x' })).toBe('spam, trap spam trap-filled');
    expect(await screenedOf('no-trap', { website2: 'x', '': 'x' })).toBe('approved');
    const told = await service.call({ path: '/v1/sites/no-trap' });
    expect(told.json).toMatchObject({ trapField: null });
    expect((await service.call({ path: '/v1/sites/own-trap' })).json).toMatchObject({ trapField: 'fax' });
  });

  it('is told to its author as waiting, and no edit gets a comment out of it', async () => {
    const { comment, editToken } = (await post('trap', { website2: 'x' })).json as {
      comment: { id: string; status: string };
      editToken: string;
    };
    expect(comment.status).toBe('pending');
    const headers = { authorization: `Bearer ${editToken}` };
    const edit = {
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers,
      body: { body: 'quite harmless' },
    };
    expect((await service.call(edit)).status).toBe(200);
    expect((await service.deps.comments.find(comment.id))?.status).toBe('spam');
  });
});

describe('too soon', () => {
  beforeAll(() => makeSite(service.deps, 'patient', { tooSoonSeconds: 5 }));

  it('holds what came sooner than the site thinks people write', async () => {
    expect(await screenedOf('patient', { elapsedMs: 900 })).toBe('pending, too-soon hold too-soon');
    expect(await screenedOf('patient', { elapsedMs: 5000 })).toBe('approved');
    expect(await screenedOf('patient', {})).toBe('approved, too-soon skipped null');
  });

  it('wants a number that is one', async () => {
    const answer = await post('patient', { elapsedMs: '900' });
    expect([answer.status, answer.json]).toMatchObject([
      422,
      { errors: [{ pointer: '/elapsedMs', code: 'invalid' }] },
    ]);
    expect((await post('patient', { elapsedMs: -1 })).json).toMatchObject({
      errors: [{ pointer: '/elapsedMs', code: 'out-of-range' }],
    });
  });
});

describe('what a comment says', () => {
  beforeAll(async () => {
    await makeSite(service.deps, 'plain');
    await makeSite(service.deps, 'strict', { links: { hold: 1, reject: 3 } });
  });

  it.each([
    ['https://a.example and https://b.example', 'pending, links hold too-many-links'],
    ['one https://a.example', 'approved'],
    ['با ۰۹۱۲۳۴۵۶۷۸۹ تماس بگیر', 'pending, contacts hold phone'],
    ['a раураl link', 'pending, script hold mixed-scripts'],
    ['a \u202eturned\u202c word', 'pending, script hold turned-letters'],
    ['join t.me/joinchat/x', 'pending, contacts hold invite'],
  ])('%j is %s', async (body, screened) => {
    expect(await screenedOf('plain', { body })).toBe(screened);
  });

  it('counts the author’s own link, and goes by the site’s limits', async () => {
    const author = { name: 'Mina', email: 'mina@example.org', url: 'https://mina.example' };
    expect(await screenedOf('plain', { author, body: 'see https://a.example' })).toMatch(
      /^pending, links hold/,
    );
    expect(await screenedOf('strict', { author, body: 'no other' })).toMatch(/^pending, links hold/);
    expect(await screenedOf('strict', { author, body: 'a.com b.com' })).toMatch(/^rejected, links reject/);
  });

  it('is listed under the phase that held it', async () => {
    await makeSite(service.deps, 'listed');
    for (const body of ['call 09123456789', 'join t.me/joinchat/x', 'one https://a.example'])
      await post('listed', { body });
    const answer = await service.call({
      path: '/v1/moderation/queue?site=listed&phase=contacts',
      headers: ADMIN,
    });
    expect((answer.json as { items: unknown[] }).items).toHaveLength(2);
  });
});
