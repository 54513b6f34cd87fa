import { comment, freshSite, page, site, submission } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** A post that is repeated under its id while its first write was still on its way. */

const own = ownDatabase();

it.each([
  ['is asked for', 0],
  ['is not asked for', null],
])(
  'is one comment with one event where a duplicate %s, and is answered as it was stored',
  async (_, since) => {
    const store = await own.open();
    const at = page(freshSite(), 'https://news.example/late');
    await store.sites.create(site(at.site));
    const posted = comment(at, { text: 'Said once' });
    const options = { duplicateKey: `key of ${at.site}`, duplicateSince: since };
    const first = await store.comments.submit(submission(at, posted, options));
    const again = { ...posted, status: 'rejected' as const };
    const second = await store.comments.submit({ ...submission(at, again, options), repeated: true });
    expect([first.kind, second.kind]).toEqual(['stored', 'stored']);
    expect(second).toMatchObject({ comment: { id: posted.id, status: posted.status } });
    const { comments, events } = own.database;
    expect(await comments.countDocuments({ site: at.site })).toBe(1);
    await until('its event', () => events.findOne({ 'body.commentId': posted.id }));
    expect(await events.countDocuments({ 'body.commentId': posted.id })).toBe(1);
    const counts = await store.comments.counts([`s/${at.site}`]);
    expect(counts.get(`s/${at.site}`)).toMatchObject({ [posted.status]: 1 });
    await store.close();
  },
);
