import { prepareAuthors } from '../../support/authors-desk.ts';
import { makePerson } from '../../support/people.ts';
import { ADMIN, makeSite } from '../../support/service.ts';

const world = prepareAuthors();
const { posted, moderated } = world;

describe('names', () => {
  it.each([
    'Newsroom',
    'NEWS ROOM',
    'Nеwsrооm',
    'Ｎｅｗｓｒｏｏｍ',
    'news.room',
    'Newsroorn',
    'سردبير',
    'سردبی‌ر',
  ])('%s is held where it is reserved', async (name) => {
    await makeSite(world.service.deps, 'named', {
      moderation: 'none',
      duplicateHours: 0,
      reservedNames: ['Newsroom', 'سردبیر'],
      rateLimits: { author: false, comments: false },
    }).catch(() => undefined);
    const { id, status } = await posted('named', { name });
    expect(status).toBe('pending');
    expect((await moderated(id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', code: 'name-reserved' }),
    );
    const longer = await posted('named', { name: `${name} reader` });
    expect((await moderated(longer.id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', outcome: 'pass' }),
    );
  });
});

describe('a moderator’s name', () => {
  it('is held on the sites that they moderate, unless the account is disabled', async () => {
    const { account } = await makePerson(world.service, { name: 'Nilufar Kia', sites: ['open'] });
    const { id, status } = await posted('open', { name: 'NiIufar Kia' });
    expect(status).toBe('pending');
    expect((await moderated(id)).screening).toContainEqual(
      expect.objectContaining({ phase: 'author', code: 'name-of-moderator' }),
    );
    expect((await posted('told', { name: 'Nilufar Kia' })).status).toBe('approved');
    await world.service.call({
      method: 'PATCH',
      path: `/v1/admin/moderators/${account.id}`,
      headers: ADMIN,
      body: { state: 'disabled' },
    });
    expect((await posted('open', { name: 'Nilufar Kia' })).status).toBe('approved');
  });
});
