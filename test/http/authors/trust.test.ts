import { prepareAuthors } from '../../support/authors-desk.ts';
import { makeSite } from '../../support/service.ts';

const world = prepareAuthors();
const { post, posted, decide, get, moderated } = world;

describe('trust', () => {
  it('lets an author through once as many comments are approved under the address and the name', async () => {
    const who = { email: 'trust@example.org', name: 'Sara' };
    const first = await posted('news', who);
    expect(first.status).toBe('pending');
    expect((await moderated(first.id)).author.standing).toBe('new');
    await decide(first.id, 'approve');
    expect((await moderated(first.id)).author.standing).toBe('known');
    expect((await posted('news', who)).status).toBe('approved');
    expect((await posted('news', { ...who, name: 'SARA' })).status).toBe('approved');
    expect((await posted('news', { ...who, name: 'Sam' })).status).toBe('pending');
    expect((await posted('news', { ...who, email: 'other@example.org' })).status).toBe('pending');
    expect((await posted('blog', who)).status).toBe('pending');
    expect((await posted('held', who)).status).toBe('pending');
  });

  it('ends where too much of an author was refused, and comes back', async () => {
    const who = { email: 'share@example.org', name: 'Sara' };
    const first = await posted('news', who);
    await decide(first.id, 'approve');
    const second = await posted('news', who);
    expect(second.status).toBe('approved');
    await decide(second.id, 'spam');
    const third = await posted('news', who);
    expect(third.status).toBe('pending');
    for (const { id } of [second, third]) await decide(id, 'approve');
    expect((await posted('news', who)).status).toBe('approved');
  });

  it('is measured by the policy, and an edit is screened by the same measure', async () => {
    await makeSite(world.service.deps, 'strict', {
      moderation: 'unsure',
      duplicateHours: 0,
      trust: { approvals: 2 },
      rateLimits: { author: false },
    });
    const who = { email: 'strict@example.org' };
    const answer = await post('strict', who);
    const { comment, editToken } = answer.json as { comment: { id: string }; editToken: string };
    await decide(comment.id, 'approve');
    const second = await posted('strict', who);
    expect(second.status).toBe('pending');
    const edit = (body: string) =>
      world.service.call({
        method: 'PATCH',
        path: `/v1/comments/${comment.id}`,
        headers: { authorization: `Bearer ${editToken}` },
        body: { body },
      });
    expect((await edit('Said otherwise')).json).toMatchObject({ comment: { status: 'pending' } });
    for (const id of [comment.id, second.id]) await decide(id, 'approve');
    expect((await edit('And otherwise again')).json).toMatchObject({ comment: { status: 'approved' } });
  });

  it('of fifty comments in the queue is told each for its own name', async () => {
    const who = { email: 'many@example.org' };
    for (const name of ['A', 'B', 'A', 'C']) await posted('blog', { ...who, name });
    const queue = (await get('/v1/moderation/queue?site=blog&status=pending&limit=50')).json as {
      items: { id: string; author: { name: string; key: string } }[];
    };
    const mine = queue.items.filter(({ author }) => 'ABC'.includes(author.name));
    await decide(mine[0]?.id ?? '', 'approve');
    const again = (await get(`/v1/moderation/queue?site=blog&status=all&author=${mine[0]?.author.key}`))
      .json as {
      items: { author: { name: string; standing: string } }[];
    };
    expect(again.items.map(({ author }) => [author.name, author.standing])).toEqual([
      ['A', 'known'],
      ['B', 'new'],
      ['A', 'known'],
      ['C', 'new'],
    ]);
  });
});
