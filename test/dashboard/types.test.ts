import type { z } from 'zod';
import type * as rooms from '../../src/dashboard/api/admin-types.ts';
import type * as shown from '../../src/dashboard/api/types.ts';
import type { authorView } from '../../src/http/schemas/author.ts';
import type { itemResult } from '../../src/http/schemas/batch.ts';
import type { commentDetail, moderatedComment } from '../../src/http/schemas/comment.ts';
import type { filter } from '../../src/http/schemas/filter.ts';
import type { pagesMoved, pageView } from '../../src/http/schemas/page.ts';
import type { alias, site, token } from '../../src/http/schemas/site.ts';
import type { me, moderator } from '../../src/http/schemas/staff.ts';
import type { delivery, webhook } from '../../src/http/schemas/webhook.ts';
import type { ImportView } from '../../src/moving/present-import.ts';

/** True where every answer of the schema can be read as the dashboard reads it; else this file has a wrong type. */
type Reads<Schema extends z.ZodType, Shape> = z.output<Schema> extends Shape ? true : never;

interface Checked {
  me: Reads<typeof me, shown.Me>;
  comment: Reads<typeof moderatedComment, shown.ModeratedComment>;
  detail: Reads<typeof commentDetail, Omit<shown.CommentDetail, 'parent'>>;
  result: Reads<typeof itemResult, shown.ItemResult>;
  author: Reads<typeof authorView, shown.Author>;
  site: Reads<typeof site, shown.Site>;
  page: Reads<typeof pageView, shown.Page>;
  moderator: Reads<typeof moderator, shown.Moderator>;
  token: Reads<typeof token, shown.Token>;
  webhook: Reads<typeof webhook, rooms.Webhook>;
  delivery: Reads<typeof delivery, rooms.Delivery>;
  filter: Reads<typeof filter, rooms.Filter>;
  alias: Reads<typeof alias, rooms.Alias>;
  moved: Reads<typeof pagesMoved, rooms.PagesMoved>;
  import: ImportView extends rooms.Import ? true : never;
}

test('the dashboard reads the shapes that the schemas of answers have', () => {
  // The compiler is the judge: a member that is not `true` can't be written here.
  const checked: Checked = {
    ...{ me: true, comment: true, detail: true, result: true, author: true },
    ...{ site: true, page: true, moderator: true, token: true },
    ...{ webhook: true, delivery: true, filter: true, alias: true, moved: true, import: true },
  };
  expect(Object.values(checked)).not.toContain(false);
});
