import { expectProblem, type FieldPlaceAndCode } from '../../support/expectations.ts';
import { ADMIN, ORIGIN } from '../../support/service.ts';
import { prepareStaff, type Shown, shown } from '../../support/staff-desk.ts';

const world = prepareStaff();
const { posted, removed, revise, reply, reveal, highlight, detail, publicly, decide } = world;

describe('the reveal of an address', () => {
  it('tells the letters as written, to nobody’s cache, and stands in the history', async () => {
    const id = await posted('news', { author: { name: 'Mina', email: 'Mina.Secret@Example.org' } });
    const answer = await reveal(id);
    expect([answer.status, answer.json]).toEqual([200, { email: 'Mina.Secret@Example.org' }]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { history, version } = await detail(id);
    expect(version).toBe(1);
    expect(history).toMatchObject([{ action: 'reveal', by: { name: 'The desk' }, note: null }]);
  });

  it('is not-found where there is none or no longer one, and leaves nothing', async () => {
    const nameless = await posted('anonymous', { author: { name: 'Mina' } });
    expectProblem(await reveal(nameless), 'not-found');
    expect((await detail(nameless)).history).toEqual([]);
    expectProblem(await reveal(await removed('news')), 'not-found');
  });

  it('does not tell where it could not be noted', async () => {
    const id = await posted('news', { author: { name: 'Mina', email: 'unnoted@example.org' } });
    const broken = await world.service.another({
      deps: (deps) => ({
        ...deps,
        comments: { ...deps.comments, change: () => Promise.reject(new Error('no')) },
      }),
    });
    const path = `/v1/moderation/comments/${id}/email`;
    const answer = await broken.call({ method: 'POST', path, headers: world.desk });
    expect(answer.status).toBe(500);
    expect(answer.text + broken.logged.join()).not.toContain('unnoted');
    await broken.stop();
  });

  it('does not change who a late decider is told has decided', async () => {
    const id = await posted('held');
    await decide(id, { action: 'approve' }, ADMIN);
    await reveal(id);
    const late = await decide(id, { action: 'spam', version: 1 });
    expect(late.json).toMatchObject({ current: { status: 'approved', version: 2, by: { name: 'root' } } });
  });
});

describe('a highlight', () => {
  it('is public at once, in kept answers too, and can be taken back', async () => {
    const url = `${ORIGIN}/pinned`;
    const id = await posted('news', { page: { url } });
    const list = async () => {
      const answer = await world.service.call({
        path: `/v1/sites/news/comments?page=${encodeURIComponent(url)}`,
      });
      return (answer.json as { comments: Shown[] }).comments[0]?.pinned;
    };
    expect([await list(), await list()]).toEqual([false, false]);
    expect(shown(await highlight(id, { pinned: true }))).toMatchObject({ pinned: true, version: 1 });
    expect(await list()).toBe(true);
    expect((await publicly(id)).json).toMatchObject({ pinned: true });
    await highlight(id, { pinned: true });
    expect(shown(await highlight(id, { pinned: false })).pinned).toBe(false);
    expect(await list()).toBe(false);
    expect((await detail(id)).history.map(({ action }) => action)).toEqual(['highlight', 'highlight']);
  });

  it.each<[unknown, FieldPlaceAndCode[]]>([
    [{}, [['/pinned', 'required']]],
    [{ pinned: 'yes' }, [['/pinned', 'invalid']]],
    [[], [['', 'invalid']]],
  ])('names what is wrong with %j', async (body, fields) => {
    expectProblem(await highlight(await posted(), body), 'validation-failed', fields);
  });

  it('of a deleted comment is comment-deleted', async () => {
    expectProblem(await highlight(await removed('news'), { pinned: true }), 'comment-deleted');
  });
});

it('none of it can be done from out of scope or without credentials', async () => {
  const id = await posted();
  const tries = (headers: Record<string, string>) => [
    revise(id, { body: 'x', version: 1 }, headers),
    reply(id, { body: 'x' }, headers),
    reveal(id, headers),
    highlight(id, { pinned: true }, headers),
  ];
  for (const answer of await Promise.all(tries(world.stranger))) expectProblem(answer, 'comment-not-found');
  for (const answer of await Promise.all(tries({}))) expectProblem(answer, 'unauthenticated');
  expect((await detail(id)).history).toEqual([]);
});
