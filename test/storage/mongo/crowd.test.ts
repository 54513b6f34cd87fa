import { urlReference } from '../../../src/sites/site-store.ts';
import { alias, comment, freshSite, page, stored, submission } from '../../support/builders.ts';
import { createMongoInstallation, type Installation } from './opened.ts';

const OLD = 'https://news.example/old';
const NEW = 'https://news.example/new';

describe('an alias that comes with the first comment of its address', () => {
  let installation: Installation;
  beforeEach(() => {
    installation = createMongoInstallation();
  });
  afterEach(() => installation.dispose());

  /** Stores a comment under the old address; the alias comes once its page has been looked up. */
  async function pageOfFirst() {
    const site = freshSite();
    const target = page(site, NEW);
    const joining = await installation.open();
    const storage = await installation.open({
      async failpoint(name) {
        if (name !== 'submit: claimed') return;
        await joining.sites.addAlias(alias(site, OLD, NEW), target);
      },
    });
    const old = page(site, OLD);
    const { id } = stored(await storage.comments.submit(submission(old, comment(old))));
    return { target, now: (await storage.comments.find(id))?.pageKey };
  }

  it('has the comment stand on the target, where the address was nobody’s yet', async () => {
    const { target, now } = await pageOfFirst();
    expect(now).toBe(target.key);
  });

  it('has it stand there, too, where the address was claimed and its page not written', async () => {
    const site = freshSite();
    const [old, target] = [page(site, OLD), page(site, NEW)];
    const storage = await installation.open();
    await installation.raw((database) =>
      database
        .collection('page-references')
        .insertOne({ _id: `${site} ${urlReference(OLD)}` as never, site, key: old.key }),
    );
    await storage.sites.addAlias(alias(site, OLD, NEW), target);
    const joined = await installation.raw((database) =>
      database.collection('pages').findOne({ _id: `${site}/${old.key}` as never }),
    );
    expect(joined).toMatchObject({ site, key: old.key, joined: OLD });
    const { id } = stored(await storage.comments.submit(submission(old, comment(old))));
    expect((await storage.comments.find(id))?.pageKey).toBe(target.key);
  });
});

describe('a crowd that comments on a page nobody has asked for', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = createMongoInstallation();
  });
  afterAll(() => installation.dispose());

  it('looks for it once and makes it once, and all stand on it', async () => {
    const asked: string[] = [];
    const storage = await installation.open({
      onCommand({ commandName, command }) {
        const { _id } = (command.filter ?? {}) as { _id?: { $in?: string[] } };
        asked.push(`${commandName} ${command[commandName]}`);
        // By name: moves that stand open are looked for behind, too.
        if (command.find === 'aliases') for (const id of _id?.$in ?? []) asked.push(`find aliases ${id}`);
      },
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
    // Where the page is looked for and where it is made, once each for the whole crowd; and once for the look above.
    expect(times(`find aliases ${site} ${at.url}`)).toBe(3);
  });
});
