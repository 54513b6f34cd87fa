import { AUTHORS, type Author, fieldsOf, prepareAuthors } from '../../support/authors-desk.ts';
import { ADMIN, PUBLIC_URL } from '../../support/service.ts';

const world = prepareAuthors();
const { post, posted, decide, patch, get, statusOf, moderated } = world;

describe('a standing', () => {
  it('is set, shown everywhere, and holds for the next comment at once', async () => {
    const who = { email: 'held@example.org', name: 'Hadi' };
    const { key, id } = await posted('open', who);
    const answer = await patch(key, { standing: 'held', reason: 'abuse', note: 'Twice this week.' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toEqual({
      author: {
        key,
        site: 'open',
        name: 'Hadi',
        names: ['Hadi'],
        url: null,
        avatar: `${PUBLIC_URL}/v1/avatars/${key}.svg`,
        emailMasked: 'h...@example.org',
        standing: 'held',
        until: null,
        reason: 'abuse',
        by: { kind: 'token', id: 'root', name: 'root' },
        at: new Date(world.now).toISOString(),
        version: 2,
        counts: { pending: 0, approved: 1, rejected: 0, spam: 0, trash: 0, reported: 0 },
        firstAt: new Date(world.now).toISOString(),
        lastAt: new Date(world.now).toISOString(),
      },
      batchId: null,
      decided: 0,
    });
    expect((await moderated(id)).author.standing).toBe('held');
    const second = await posted('open', who);
    expect(second.status).toBe('pending');
    expect((await moderated(second.id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', outcome: 'hold', code: 'author-held' }),
    );
    expect((await patch(key, { standing: null, version: 2 })).json).toMatchObject({
      author: { standing: 'known', by: null, at: null, reason: null, version: 3 },
    });
    expect((await posted('open', who)).status).toBe('approved');
  });

  it('ends by itself', async () => {
    const who = { email: 'until@example.org' };
    const { key } = await posted('open', who);
    const until = new Date(world.now + 60_000).toISOString();
    expect((await patch(key, { standing: 'banned', until })).json).toMatchObject({
      author: { standing: 'banned', until },
    });
    const refused = await posted('open', who);
    expect([refused.status, await statusOf(refused.id)]).toEqual(['pending', 'rejected']);
    world.now += 60_000;
    expect((await posted('open', who)).status).toBe('approved');
    expect((await get(`${AUTHORS}/${key}`)).json).toMatchObject({ standing: 'new', until: null, version: 2 });
  });

  it('trusted skips first moderation, and screening by name does not', async () => {
    const who = { email: 'trusted@example.org', name: 'Tara' };
    const { key } = await posted('news', who);
    await patch(key, { standing: 'trusted' });
    expect((await posted('news', { ...who, name: 'Another name' })).status).toBe('approved');
    expect((await posted('held', who)).status).toBe('pending');
  });

  it('banned and silent: 201, stored rejected, and the author sees pending', async () => {
    const who = { email: 'silent@example.org' };
    const { key } = await posted('open', who);
    await patch(key, { standing: 'banned' });
    const answer = await post('open', who);
    expect(answer.status).toBe(201);
    const { comment, editToken } = answer.json as {
      comment: { id: string; status: string };
      editToken: string;
    };
    expect(comment.status).toBe('pending');
    expect(await statusOf(comment.id)).toBe('rejected');
    const own = await get(`/v1/comments/${comment.id}`, { authorization: `Bearer ${editToken}` });
    expect(own.json).toMatchObject({ status: 'pending' });
  });

  it('banned and told: 403 after the fields, for posts, forms and edits', async () => {
    const who = { email: 'told@example.org' };
    const answer = await post('told', who);
    const { comment, editToken } = answer.json as {
      comment: { id: string; author: { key: string } };
      editToken: string;
    };
    await patch(comment.author.key, { standing: 'banned' });
    const refused = await post('told', who);
    expect([refused.status, refused.json]).toEqual([403, expect.objectContaining({ code: 'author-banned' })]);
    expect(fieldsOf(await post('told', who, { body: '' }))).toEqual([['/body', 'required']]);
    const edited = await world.service.call({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers: { authorization: `Bearer ${editToken}` },
      body: { body: 'Other words' },
    });
    expect(edited.json).toMatchObject({ code: 'author-banned' });
    const form = await world.service.call({
      method: 'POST',
      path: '/v1/sites/told/form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        author: 'Mina',
        email: 'told@example.org',
        comment: 'Let me in',
        page: 'https://news.example/a',
      }).toString(),
    });
    expect([form.status, form.text]).toEqual([403, expect.stringContaining('Let me in')]);
    expect((await post('told', { email: 'another@example.org' })).status).toBe(201);
    expect((await get('/v1/moderation/counts?site=told')).json).toMatchObject({ approved: 2, rejected: 0 });
  });

  it('lost to another is told, and of fifty on one version one is set', async () => {
    const { key } = await posted('open', { email: 'race@example.org' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => patch(key, { standing: i % 2 ? 'held' : 'banned', version: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost).toHaveLength(49);
    for (const { json } of lost) expect(json).toMatchObject({ code: 'conflict', current: { version: 2 } });
    expect((await patch(key, { standing: null })).json).toMatchObject({ author: { version: 3 } });
  });

  it('decides what the author has written as one batch, which can be undone', async () => {
    const who = { email: 'existing@example.org' };
    const comments = [await posted('open', who), await posted('open', who), await posted('open', who)];
    const [first] = comments;
    const { id: kept } = await posted('open', { email: 'bystander@example.org' });
    await decide(first?.id ?? '', 'spam');
    const answer = await patch(first?.key ?? '', { standing: 'banned', reason: 'spam', existing: 'spam' });
    const judged = answer.json as { author: Author; batchId: string; decided: number };
    expect(judged).toMatchObject({
      author: { standing: 'banned', counts: { spam: 3, approved: 0 } },
      decided: 2,
    });
    expect(await statusOf(kept)).toBe('approved');
    const entries = await world.service.deps.audit.list({ sites: ['open'], action: 'spam', limit: 2 });
    expect(entries.map(({ batchId, reason }) => [batchId, reason])).toEqual(
      Array(2).fill([judged.batchId, 'spam']),
    );
    const path = `/v1/moderation/batches/${judged.batchId}/undo`;
    const undone = await world.service.call({ method: 'POST', path, headers: ADMIN });
    expect((undone.json as { results: { ok: boolean }[] }).results.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await Promise.all(comments.map(({ id }) => statusOf(id)))).toEqual([
      'spam',
      'approved',
      'approved',
    ]);
    expect((await patch(first?.key ?? '', { standing: null, existing: 'keep' })).json).toMatchObject({
      batchId: null,
      decided: 0,
    });
  });

  it('is refused where a field is wrong, all of them at once', async () => {
    const { key } = await posted('open', { email: 'fields@example.org' });
    expect(fieldsOf(await patch(key, {}))).toEqual([['/standing', 'required']]);
    expect(fieldsOf(await patch(key, []))).toEqual([['', 'invalid']]);
    expect(fieldsOf(await patch(key, { standing: 'known', version: 0, existing: 'all' }))).toEqual([
      ['/standing', 'invalid'],
      ['/version', 'out-of-range'],
      ['/existing', 'invalid'],
    ]);
    const past = new Date(world.now).toISOString();
    const wrong = { standing: 'banned', until: past, reason: 'none of ours', note: 'x'.repeat(1001) };
    expect(fieldsOf(await patch(key, wrong))).toEqual([
      ['/reason', 'invalid'],
      ['/note', 'too-long'],
      ['/until', 'out-of-range'],
    ]);
    expect(fieldsOf(await patch(key, { ...wrong, standing: 'known', version: 0 }))).toEqual([
      ['/standing', 'invalid'],
      ['/version', 'out-of-range'],
      ['/reason', 'invalid'],
      ['/note', 'too-long'],
      ['/until', 'out-of-range'],
    ]);
    expect(
      fieldsOf(await patch(key, { standing: null, until: new Date(world.now + 1000).toISOString() })),
    ).toEqual([['/until', 'invalid']]);
    expect(fieldsOf(await patch(key, { standing: 'banned', until: 'tomorrow' }))).toEqual([
      ['/until', 'invalid'],
    ]);
    expect((await get(`${AUTHORS}/${key}`)).json).toMatchObject({ standing: 'known', version: 1 });
  });

  it('is in the audit, with whom it is about', async () => {
    const { key } = await posted('open', { email: 'audit@example.org' });
    await patch(key, { standing: 'banned', reason: 'spam', note: 'Sells watches.' });
    await patch(key, { standing: null });
    const entries = await world.service.deps.audit.list({ sites: ['open'], limit: 2 });
    expect(entries).toMatchObject([
      { action: 'author-cleared', subject: key, reason: null, note: null, commentId: null },
      { action: 'author-banned', subject: key, reason: 'spam', note: 'Sells watches.', by: { id: 'root' } },
    ]);
  });
});
