import { systemClock } from '../../../src/clock.ts';
import { createIdSource } from '../../../src/ids.ts';
import { endAfterFaults } from '../../../src/moving/import-faults.ts';
import { freshSite, site } from '../../support/builders.ts';
import { goOn, IMPORT_KEYS, newImport } from '../../support/imports.ts';
import { createMongoInstallation } from './opened.ts';

const installation = createMongoInstallation();
afterAll(() => installation.dispose());

const COMMENTS = 7;

const file = Array.from({ length: COMMENTS }, (_, i) =>
  JSON.stringify({
    ...{ id: `c-${i}`, page: 'https://news.example/a', text: `Number ${i}` },
    ...{ status: 'approved', createdAt: '2015-01-01T00:00:00Z' },
  }),
).join('\n');

it('an import that is given up counts what a part had inserted when it met its fault', async () => {
  const storage = await installation.open({
    failpoint(name) {
      if (name === 'import: inserted') throw new TypeError('ours');
    },
  });
  const one = newImport({ site: freshSite(), format: 'generic', file });
  await storage.sites.create({ ...site(one.site), origins: ['https://news.example'] });
  await storage.imports.begin(one);
  const deps = { ...storage, keys: IMPORT_KEYS, ids: createIdSource(), clock: systemClock };
  await expect(goOn(one, { storage, file })).rejects.toThrow('ours');
  expect(await storage.imports.find(one.id)).toMatchObject({ result: { comments: { added: 0 } } });
  const ends: boolean[] = [];
  for (let i = 0; i < 3; i += 1) ends.push(await endAfterFaults(deps, one));
  expect(ends).toEqual([false, false, true]);
  expect(await storage.imports.find(one.id)).toMatchObject({
    ...{ state: 'failed', pending: [] },
    result: { comments: { added: COMMENTS, unchanged: 0 }, byStatus: { approved: COMMENTS } },
  });
  const counts = await storage.comments.counts([`s/${one.site}`]);
  expect(counts.get(`s/${one.site}`)).toMatchObject({ approved: COMMENTS });
});
