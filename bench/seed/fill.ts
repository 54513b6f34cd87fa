import type { Comment, CommentStatus } from '../../src/comments/comment.ts';
import type { Submission } from '../../src/comments/comment-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createRandom, type Random } from '../random.ts';
import { makeAuthors, makeSubmission, type SeedAuthor } from './rows.ts';
import { DESK_SITES, OPEN_SITE, pageOf } from './sites.ts';

/** Handed to the store at once; the next begin when these are durable. */
const BATCH = 1000;
const DAY = 24 * 60 * 60 * 1000;

async function submitAll(storage: Storage, batch: Submission[]): Promise<Comment[]> {
  const results = await Promise.all(batch.map((submission) => storage.comments.submit(submission)));
  return results.map((result) => {
    if (result.kind !== 'stored') throw new Error(`the store said ${result.kind}`);
    return result.comment;
  });
}

const MAX_DEPTH = 4;
const REPLY_SHARE = 0.4;
/** People answer what was said lately. */
const ANSWERED = 200;

/** A thread of approved comments on the open site: four in ten are replies to one of the 200 before. */
export async function fillThread(
  storage: Storage,
  options: { name: string; comments: number; seed: number },
): Promise<void> {
  const random = createRandom(options.seed);
  const page = pageOf(OPEN_SITE, options.name);
  const authors = makeAuthors(random, Math.max(5, Math.ceil(options.comments / 10)));
  const begun = Date.now() - 30 * DAY;
  const stored: Comment[] = [];
  while (stored.length < options.comments) {
    const batch: Submission[] = [];
    const size = Math.min(
      ANSWERED,
      Math.max(4, Math.ceil(stored.length / 2)),
      options.comments - stored.length,
    );
    for (let i = 0; i < size; i++) {
      const candidate =
        stored.length > 0 && random.next() < REPLY_SHARE ? random.pick(stored.slice(-ANSWERED)) : null;
      const parent = candidate && candidate.ancestors.length < MAX_DEPTH ? candidate : null;
      const createdAt = begun + (stored.length + i) * 10;
      const author = random.pick(authors);
      batch.push(makeSubmission(random, { page, author, status: 'approved', createdAt, risk: 0, parent }));
    }
    stored.push(...(await submitAll(storage, batch)));
  }
}

const STATUS_SHARES: readonly [CommentStatus, number][] = [
  ['approved', 0.5],
  ['pending', 0.3],
  ['spam', 0.12],
  ['rejected', 0.04],
  ['trash', 0.04],
];

function drawStatus(random: Random): CommentStatus {
  let rest = random.next();
  for (const [status, share] of STATUS_SHARES) {
    if (rest < share) return status;
    rest -= share;
  }
  return 'pending';
}

function drawSite(random: Random): string {
  let rest = random.next();
  for (const { id, share } of DESK_SITES) {
    if (rest < share) return id;
    rest -= share;
  }
  return 'desk-a';
}

/** Few are asked for often: the first of a hundred gets one in ten. */
const skewed = (random: Random, count: number): number => Math.floor(count * random.next() ** 2);

/** What the queue's measurements ask for: the busiest page and author of the first site. */
export interface Desk {
  site: string;
  pageUrl: string;
  authorKey: string;
}

const DESK_PAGES = 200;
const DESK_AUTHORS = 2000;

/**
 * A desk of three sites with `comments` in all, 30 % of them pending, over 90 days. Pages and authors are
 * the same at every size, so that a list by page or author grows with the store.
 */
export async function fillDesk(storage: Storage, options: { comments: number; seed: number }): Promise<Desk> {
  const random = createRandom(options.seed);
  const authors = new Map(DESK_SITES.map(({ id }) => [id, makeAuthors(random, DESK_AUTHORS)]));
  const pages = new Map(
    DESK_SITES.map(({ id }) => [
      id,
      Array.from({ length: DESK_PAGES }, (_, index) => pageOf(id, `desk-${index}`)),
    ]),
  );
  const begun = Date.now() - 90 * DAY;
  const step = (90 * DAY) / options.comments;
  for (let made = 0; made < options.comments; made += BATCH) {
    const batch: Submission[] = [];
    for (let i = made; i < Math.min(made + BATCH, options.comments); i++) {
      const drawn = drawSite(random);
      const page = pages.get(drawn)?.[skewed(random, DESK_PAGES)];
      const author: SeedAuthor | undefined = authors.get(drawn)?.[skewed(random, DESK_AUTHORS)];
      if (!page || !author) throw new Error('no page or author drawn');
      // Two decimals: many comments share a risk, as they do where rules score.
      const risk = Math.round(random.next() ** 2 * 100) / 100;
      const createdAt = Math.floor(begun + i * step);
      batch.push(
        makeSubmission(random, { page, author, status: drawStatus(random), createdAt, risk, parent: null }),
      );
    }
    await submitAll(storage, batch);
  }
  const site = 'desk-a';
  return { site, pageUrl: pageOf(site, 'desk-0').url ?? '', authorKey: authors.get(site)?.[0]?.key ?? '' };
}
