import { type Comment, type CommentStatus, STATUSES } from '../../src/comments/comment.ts';
import type { Page } from '../../src/sites/site.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { comment, EPOCH, page, removal, stored, submission } from './builders.ts';

export const SITES = ['one', 'two', 'three'];
/** Four of each site. */
export const PAGES: Page[] = SITES.flatMap((site) =>
  [1, 2, 3, 4].map((n) => page(site, `https://a.example/${n}`)),
);

/** Stores `rows` comments, and removes every seventh: lists must not pay for what was deleted. */
export async function fill(storage: Storage, rows: number): Promise<Comment[]> {
  const kept: Comment[] = [];
  for (let start = 0; start < rows; start += 500) {
    const made = Array.from({ length: 500 }, (_, i) => makeOne(start + i, kept));
    const results = await Promise.all(
      made.map(([at, what]) => storage.comments.submit(submission(at, what))),
    );
    for (const result of results) kept.push(stored(result));
  }
  const gone = kept.filter((_, i) => i % 7 === 0);
  for (let start = 0; start < gone.length; start += 500) {
    await Promise.all(
      gone.slice(start, start + 500).map((one) => storage.comments.change(one.id, removal(one))),
    );
  }
  return kept;
}

/** Skewed as real sites are: most on one page of one site, by one author in eight. */
function makeOne(i: number, kept: Comment[]): [Page, Comment] {
  const at = (i % 4 ? PAGES[0] : PAGES[i % PAGES.length]) as Page;
  const status: CommentStatus = i % 3 ? 'approved' : (STATUSES[i % 5] as CommentStatus);
  const candidate = i % 6 === 0 ? kept[i % 300] : undefined;
  const parent = candidate?.open && candidate.pageKey === at.key ? candidate : undefined;
  const threaded = parent ? { parentId: parent.id, ancestors: [...parent.ancestors, parent.id] } : {};
  const risk = i % 9 === 0 ? (i % 100) / 100 : 0;
  const votes = { votesUp: i % 7, votesDown: i % 4 };
  const author = `author-${i % 8 ? i % 400 : 0}`;
  return [at, comment(at, { createdAt: EPOCH + (i >> 2), status, author, risk, ...votes, ...threaded })];
}
