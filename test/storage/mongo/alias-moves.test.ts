import { createActs } from '../../../src/storage/mongo/acts.ts';
import { createAliases } from '../../../src/storage/mongo/aliases.ts';
import { createMoves } from '../../../src/storage/mongo/moves.ts';
import { createPageTitles } from '../../../src/storage/mongo/page-titles.ts';
import { createPages } from '../../../src/storage/mongo/pages.ts';
import { alias, freshSite, page, post, site } from '../../support/builders.ts';
import { ownDatabase } from './own-database.ts';

const own = ownDatabase();

it('of the comments that an alias moves those count, too, which the fold was faster to bring along', async () => {
  const store = await own.open();
  const [old, target] = ['old', 'new'].map((path) => page('', `https://news.example/${path}`));
  if (!old || !target) throw new Error('two pages were asked for');
  const at = freshSite();
  await store.sites.create(site(at));
  for (let i = 0; i < 3; i++) await post(store, { ...old, site: at });
  await store.close();

  const { database } = own;
  const moves = createMoves(database, 'another');
  const stamps = { publish: async () => undefined } as unknown as Parameters<
    typeof createAliases
  >[0]['stamps'];
  const aliases = createAliases({
    ...{ database, stamps, acts: createActs(database, { stamps }) },
    moves: {
      ...moves,
      async all(...move) {
        await moves.all(...move);
        return moves.all(...move);
      },
    },
    pages: createPages(database, { fresh: () => true, titles: createPageTitles(database) }),
    directory: { refreshPages: async () => undefined },
  });
  const given = alias(at, old.url ?? '', target.url ?? '');
  expect(await aliases.addAlias(given, { ...target, site: at })).toEqual({ result: 'added', moved: 3 });
});
