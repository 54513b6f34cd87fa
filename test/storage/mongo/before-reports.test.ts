import type { Comment, Report } from '../../../src/comments/comment.ts';
import type { QueueFilter } from '../../../src/comments/comment-store.ts';
import type { Difference } from '../../../src/comments/difference.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { apply, decide, edit, freshSite, page, postApproved, report, undo } from '../../support/builders.ts';
import { createMongoInstallation, type Installation, untilFilled } from './opened.ts';

/** Comments of the first build, which knew neither reports nor what is filled in: none has a member for them. */
const UNKNOWN = ['reports', 'openReports', 'words', 'wordsDue', 'marks', 'likeness', 'near'];

/** What was decided while that build ran. */
const DECIDED = 'decided-early';

let installation: Installation;
let store: Storage;
let left: Comment[];

beforeAll(async () => {
  installation = createMongoInstallation();
  const first = await installation.open();
  const at = page(freshSite(), 'https://a.example/1');
  left = [];
  for (const text of ['one', 'two', 'three', 'four'])
    left.push(await postApproved(first, at, { text: `early ${text}` }));
  await decide(first, early(3), 'spam', { decisionId: DECIDED });
  await first.close();
  await installation.raw(async (database) => {
    const $unset = Object.fromEntries(UNKNOWN.map((member) => [member, '']));
    await database
      .collection('comments')
      .updateMany({}, { $unset: { ...$unset, 'history.$[].closedReports': '' } });
    for (const name of ['terms', 'lessons']) await database.collection(name).deleteMany({});
    await database.collection('meta').deleteOne({ _id: 'search' as never });
  });
  store = await installation.open();
});
afterAll(() => installation.dispose());

const early = (i: number): Comment => left[i] as Comment;

it('are filled in, and found by their words', async () => {
  await untilFilled(installation);
  const filter: QueueFilter = { sites: [early(0).site], status: 'all', q: 'early' };
  expect(await store.comments.countQueue(filter, 10)).toBe(4);
});

it('are decided, edited, reported and export their past', async () => {
  await decide(store, early(0), 'spam');
  await apply(store, early(3), undo(early(3), DECIDED));
  await apply(store, early(1), edit(early(1), 'another text'));
  const told = report(early(2), 'one');
  await apply(store, early(2), told);
  const found = await store.comments.findMany(left.map(({ id }) => id));
  expect(found.map(({ status, openReports }) => [status, openReports])).toEqual([
    ['spam', 0],
    ['pending', 0],
    ['approved', 1],
    ['approved', 0],
  ]);
  const open = await store.comments.openReports(left.map(({ id }) => id));
  expect([...open].map(([id, reports]) => [id, reports.map((one: Report) => one.reason)])).toEqual([
    [early(2).id, [told.report.reason]],
  ]);
  const pasts = await store.exports.pasts([early(3).id]);
  expect(pasts.get(early(3).id)?.reports).toEqual([]);
});

it('are told by the self-check, which mends them', async () => {
  const differences = async (repair: boolean): Promise<Difference[]> => {
    const all: Difference[] = [];
    for await (const one of store.verify({ repair })) all.push(one);
    return all;
  };
  const due = expect.objectContaining({ what: 'open-reports', where: early(3).id, due: 0 });
  expect(await differences(false)).toContainEqual(due);
  expect(await differences(true)).toContainEqual(due);
  expect(await differences(false)).toEqual([]);
});
