import { urlReference } from '../../../src/sites/site-store.ts';
import { comment, freshSite, page, stored, submission } from '../../support/builders.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

describe('a crowd that comments on a page nobody has asked for', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = createMongoInstallation();
  });
  afterAll(() => installation.dispose());

  it('looks for it once and makes it once, and all stand on it', async () => {
    const asked: string[] = [];
    const storage = await installation.open({
      onCommand: ({ commandName, command }) => asked.push(`${commandName} ${command[commandName]}`),
    });
    const site = freshSite();
    const at = page(site, 'https://news.example/crowd', { title: 'An article' });
    const crowd = Array.from({ length: 40 }, () => submission(at, comment(at)));

    asked.length = 0;
    const results = await Promise.all(crowd.map((each) => storage.comments.submit(each)));

    const known = await storage.sites.findPage(site, urlReference(at.url ?? ''));
    expect(known).toMatchObject({ key: at.key, title: 'An article' });
    expect(new Set(results.map((result) => stored(result).pageKey))).toEqual(new Set([at.key]));
    const times = (what: string): number => asked.filter((each) => each === what).length;
    expect([times('update pages'), times('findAndModify page-references')]).toEqual([1, 1]);
    // Once for the crowd, and once for the look above.
    expect(times('find aliases')).toBeLessThanOrEqual(4);
  });
});
