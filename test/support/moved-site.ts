/** Files in our own format, as another installation would write them. */

export const line = (value: object): string => `${JSON.stringify(value)}\n`;
export const URL_OF = 'https://news.example/a';
/** Who decides at another installation; the same name is known by its address and vouched for, too. */
export const ADA = { kind: 'moderator', name: 'Ada «آدا»' };
export const MINA = 'name1@example.org';

/** What a site can hold, in our own format and by other people's names. */
export const EVERYTHING = [
  line({
    type: 'page',
    url: URL_OF,
    id: 'p-1',
    title: 'Ähnlich wie «سلام»',
    closed: true,
    publishedAt: '2015-03-01T00:00:00.000Z',
  }),
  line({ type: 'page', url: 'https://news.example/empty', title: 'No comments', moderation: 'all' }),
  line({ type: 'alias', alias: 'https://news.example/?p=9', page: { url: URL_OF } }),
  line({ type: 'alias', aliasId: 'p-old', page: { url: URL_OF } }),
  line({
    type: 'author',
    email: MINA,
    verified: true,
    standing: 'trusted',
    by: ADA,
    at: '2016-03-01T00:00:00Z',
  }),
  line({
    ...{ type: 'author', email: 'Name0@example.org', standing: 'banned', reason: 'abuse', by: ADA },
    ...{ at: '2016-04-01T00:00:00Z', until: '2030-01-01T00:00:00Z' },
  }),
  ...[
    { id: '1', status: 'approved', text: 'A first *word*\n\n> quoted\n\n- one\n- two', pinned: true },
    { id: '2', parentId: '1', status: 'approved', text: '', deletedAt: '2016-01-01T00:00:00Z' },
    { id: '3', parentId: '2', status: 'approved', text: 'به <b>خانه</b> & https://example.org/x?a=1&b=2' },
    { id: '4', status: 'pending', text: '`code` and `' },
    { id: '5', status: 'spam', text: 'Buy', decidedBy: { kind: 'filter', name: 'Words' } },
    { id: '6', status: 'rejected', text: 'No', editedAt: '2016-02-01T00:00:00Z', decidedBy: ADA },
    { id: '7', status: 'trash', text: 'Gone', author: { name: null, moderator: true } },
    { id: '8', text: 'Vouched for', author: { name: 'Mina', email: MINA, verified: true, badge: 'Patron' } },
    { id: '9', text: 'So is this', author: { name: 'Sam', verified: true } },
  ].map((one, i) =>
    line({
      page: { url: URL_OF, id: 'p-1' },
      author: { name: `Name ${i}`, email: `name${i % 3}@example.org`, url: 'https://me.example/' },
      createdAt: `2015-05-01T10:00:0${i}.123Z`,
      votes: { up: i, down: 1 },
      ...one,
    }),
  ),
].join('');
