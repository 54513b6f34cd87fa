import type { Comment } from '../../../src/comments/comment.ts';
import type { Difference } from '../../../src/comments/difference.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { apply, decide, freshSite, page, postApproved, report } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { expectTrue } from '../../support/recount.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

/** The self-check on what only this store keeps, and beside instances that fold and write. */

let installation: Installation;
let one: Storage;
let other: Storage;

beforeAll(async () => {
  installation = createMongoInstallation();
  one = await installation.open();
  other = await installation.open();
});
afterAll(() => installation.dispose());

async function differences(by: Storage, repair = false): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const difference of by.verify({ repair })) found.push(difference);
  return found;
}

const folded = () => eventually(async () => expect(await isFolded(installation)).toBe(true));

async function damage(on: Comment, update: object): Promise<void> {
  await installation.raw((database) =>
    database.collection('comments').updateOne({ _id: on.id as never }, update),
  );
}

const kinds: [Difference['what'], object, Pick<Difference, 'kept' | 'due'>][] = [
  ['queue', { $set: { queue: 'spam' } }, { kept: 'spam', due: 'approved' }],
  ['score', { $set: { score: 7 } }, { kept: 7, due: 0 }],
  ['root', { $set: { root: false } }, { kept: false, due: true }],
  ['reported', { $unset: { reported: '' } }, { kept: false, due: true }],
  ['work', { $set: { work: true } }, { kept: true, due: false }],
];

it.each(kinds)(
  '%s that does not follow from the comment is found and mended',
  async (what, update, values) => {
    const at = page(freshSite(), 'https://a.example/1');
    const on = await postApproved(one, at);
    await apply(one, on, report(on, 'one'));
    await folded();
    await damage(on, update);
    const due = expect.objectContaining({ what, where: on.id, ...values });
    const found = await differences(other);
    expect(found).toContainEqual(due);
    // What leads to a comment as it is, is told of none.
    expect(found.map((one) => one.what)).not.toContain('tail');
    expect(await differences(other, true)).toContainEqual(due);
    expect(await differences(one)).toEqual([]);
    await expectTrue(one, [on.id]);
  },
);

it('changes that wait for the fold and do not lead to what the comment is', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const on = await postApproved(one, at);
  await folded();
  const there = { status: 'approved', visible: true, reported: false };
  const entry = { n: 2, page: at.key, before: there, after: { ...there, status: 'spam' }, by: 'nobody' };
  // Without `work` no fold finds it.
  await damage(on, { $push: { tail: entry } });
  const found = await differences(one, true);
  expect(found.map(({ what }) => what).sort()).toEqual(expect.arrayContaining(['tail', 'work']));
  await folded();
  expect(await differences(one)).toEqual([]);
  await expectTrue(other, [on.id]);
});

it('a vote that its reader does not find any more', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const on = await postApproved(one, at);
  for (const reader of ['ada', 'ben'])
    await one.votes.cast({ commentId: on.id, site: at.site, reader, address: 'an address', value: 1 });
  await installation.raw((database) =>
    database.collection('votes').deleteOne({ _id: `${at.site}/ada/${on.id}` as never }),
  );
  const due = { what: 'voters', where: on.id, kept: false, due: true };
  expect(await differences(other)).toEqual([{ ...due, repaired: false }]);
  expect(await differences(other, true)).toEqual([{ ...due, repaired: true }]);
  expect(await differences(one)).toEqual([]);
  expect(await one.votes.of({ site: at.site, reader: 'ada' }, at.key)).toEqual(new Map([[on.id, 1]]));
});

it('beside another instance that writes and folds nothing is found that is not there', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const root = await postApproved(one, at);
  const ids = [root.id];
  let going = true;
  const writing = Array.from({ length: 3 }, async (_, client) => {
    for (let round = client; going; round++) {
      const reply = await postApproved(one, at, { parent: root }).catch(() => null);
      if (reply) ids.push(reply.id);
      await decide(one, root, round % 2 ? 'spam' : 'approve');
    }
  });
  const found = [...(await differences(other)), ...(await differences(other, true))];
  going = false;
  await Promise.all(writing);
  expect(found).toEqual([]);
  // And the fold goes on.
  await folded();
  await expectTrue(one, ids);
});
