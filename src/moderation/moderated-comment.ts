import { openEmail } from '../authors/email.ts';
import type { Standing } from '../authors/standing.ts';
import { standingsOf } from '../authors/standings.ts';
import { firstApproval, wantsSecondReview } from '../comments/changes/second-review.ts';
import type { Actor, Comment, PhaseOutcome, Report, ReportReason } from '../comments/comment.ts';
import type { Counts } from '../comments/counts.ts';
import { authorScope, NO_COUNTS } from '../comments/counts.ts';
import { presentComment, timestamp } from '../comments/present.ts';
import type { PublicComment } from '../comments/public-comment.ts';
import type { Deps } from '../deps.ts';
import type { Page, Site } from '../sites/site.ts';
import { maskAddress } from '../text/mask.ts';
import type { Claim } from './claim-store.ts';
import { runningClaims } from './running-claims.ts';
import { secondReviewOf } from './second-review.ts';
import { countSimilar } from './similar.ts';

/** A comment as moderators get it. Shapes as in the contract, part 3. */
export interface ModeratedComment extends Omit<PublicComment, 'author'> {
  author: (NonNullable<PublicComment['author']> & AuthorRecord) | null;
  version: number;
  revision: number;
  emailMasked: string | null;
  risk: number;
  screening: PhaseOutcome[];
  /** The open ones, oldest first; of very many the newest. */
  reports: ReportView[];
  /** Who is at work on it. */
  claim: { by: Actor; until: string } | null;
  similar: number;
  decidedBy: Actor | null;
  /** Null: one moderator may publish it. Else two have to approve it, and `first` is who has, if anybody. */
  secondReview: { first: Actor | null } | null;
}

/** What a reader reported; nothing of who it was. */
export interface ReportView {
  reason: ReportReason;
  note: string | null;
  at: string;
}

/** Reports shown of one comment: a list of many comments must stay an answer that can be sent. */
const MOST_SHOWN = 100;

/** What the author did on this site before. */
interface AuthorRecord {
  standing: Standing;
  approved: number;
  rejected: number;
  spam: number;
}

interface Surroundings {
  site: Site;
  page: Page | null;
  counts: Counts;
  reports: Report[];
  claim: Claim | null;
  standing: Standing;
  similar: number;
  secondReview: ModeratedComment['secondReview'];
}

/** Masks remembered, by site and seal: a queue is read again and again, and opening a seal is most of its cost. */
const MOST_REMEMBERED = 5000;
const remembered = new WeakMap<Deps['keys'], Map<string, string | null>>();

function maskedAddress({ keys }: Pick<Deps, 'keys'>, { site, author }: Comment): string | null {
  if (author.email === null) return null;
  let masks = remembered.get(keys);
  if (!masks || masks.size >= MOST_REMEMBERED) {
    masks = new Map();
    remembered.set(keys, masks);
  }
  const name = `${site} ${author.email}`;
  let mask = masks.get(name);
  if (mask === undefined) {
    const address = openEmail(author.email, keys, site);
    mask = address === null ? null : maskAddress(address);
    masks.set(name, mask);
  }
  return mask;
}

const presentReport = ({ reason, note, at }: Report): ReportView => ({ reason, note, at: timestamp(at) });

function presentOne(
  deps: Pick<Deps, 'keys' | 'publicUrl'>,
  comment: Comment,
  around: Surroundings,
): ModeratedComment {
  const shown = presentComment(comment, { site: around.site, page: around.page, publicUrl: deps.publicUrl });
  const { approved, rejected, spam } = around.counts;
  // Assigned, not spread: V8 makes a slow object of a literal that spreads this much and adds more, forty
  // times the cost of all the rest.
  return Object.assign(shown, {
    author:
      shown.author &&
      Object.assign(shown.author, {
        url: comment.author.url,
        standing: around.standing,
        approved,
        rejected,
        spam,
      }),
    version: comment.version,
    revision: comment.revision,
    emailMasked: maskedAddress(deps, comment),
    risk: comment.risk,
    screening: comment.screening,
    reports: around.reports.slice(-MOST_SHOWN).map(presentReport),
    claim: around.claim && { by: around.claim.by, until: timestamp(around.claim.until) },
    similar: around.similar,
    decidedBy: comment.decidedBy,
    secondReview: around.secondReview,
  });
}

/** Those of the comments that two have to approve, by id, with who has. */
async function secondReviews(
  deps: Pick<Deps, 'comments'>,
  comments: Comment[],
  sites: ReadonlyMap<string, Site>,
): Promise<Map<string, ModeratedComment['secondReview']>> {
  const review = secondReviewOf([...sites.values()]);
  const wanting = comments.filter((comment) => wantsSecondReview(comment, review));
  const firsts = wanting.map(async ({ id, decidedBy }) => {
    const first = decidedBy === null ? null : firstApproval(await deps.comments.history(id));
    return [id, { first }] as const;
  });
  return new Map(await Promise.all(firsts));
}

/** The standing of each comment's author, by the comment's id. */
async function standingsFor(
  deps: Deps,
  groups: Iterable<readonly [Site | undefined, Comment[]]>,
  counts: Map<string, Counts>,
): Promise<Map<string, Standing>> {
  const standings = new Map<string, Standing>();
  await Promise.all(
    [...groups].map(async ([site, group]) => {
      if (!site) return;
      const found = await standingsOf(deps, { site, whos: group.map(({ author }) => author), counts });
      for (const [i, comment] of group.entries()) standings.set(comment.id, found[i] ?? 'new');
    }),
  );
  return standings;
}

/** The sites by their ids, and the pages that the comments stand on by site and key. */
async function placesOf({ sites: store }: Pick<Deps, 'sites'>, bySite: Map<string, Comment[]>) {
  const sites = new Map<string, Site>();
  const pages = new Map<string, Page>();
  await Promise.all(
    [...bySite].map(async ([id, group]) => {
      const keys = [...new Set(group.map((comment) => comment.pageKey))];
      const [site, found] = await Promise.all([store.find(id), store.findPagesByKey(id, keys)]);
      if (site) sites.set(id, site);
      for (const page of found) pages.set(`${id}/${page.key}`, page);
    }),
  );
  return { sites, pages };
}

/** Comments of any sites with their pages and authors' records, in the order given. */
export async function presentModerated(deps: Deps, comments: Comment[]): Promise<ModeratedComment[]> {
  const bySite = new Map<string, Comment[]>();
  for (const comment of comments) {
    const group = bySite.get(comment.site);
    if (group) group.push(comment);
    else bySite.set(comment.site, [comment]);
  }
  const scopeFor = ({ site, author }: Comment): string => authorScope(site, author.key ?? '');
  const known = comments.filter((comment) => comment.author.key !== null);
  const reported = comments.filter((comment) => comment.openReports > 0).map((comment) => comment.id);
  const [{ sites, pages }, counts, reports, claims, similar] = await Promise.all([
    placesOf(deps, bySite),
    deps.comments.counts([...new Set(known.map(scopeFor))]),
    reported.length === 0 ? new Map<string, Report[]>() : deps.comments.openReports(reported),
    runningClaims(deps, comments),
    countSimilar(deps, comments),
  ]);
  const groups = [...bySite].map(([id, group]) => [sites.get(id), group] as const);
  const standings = await standingsFor(deps, groups, counts);
  const reviews = await secondReviews(deps, comments, sites);
  return comments.flatMap((comment) => {
    const site = sites.get(comment.site);
    if (!site) return [];
    const page = pages.get(`${comment.site}/${comment.pageKey}`) ?? null;
    const around = {
      counts: counts.get(scopeFor(comment)) ?? NO_COUNTS,
      reports: reports.get(comment.id) ?? [],
      claim: claims.get(comment.id) ?? null,
      standing: standings.get(comment.id) ?? 'new',
      similar: similar.get(comment.id) ?? 0,
      secondReview: reviews.get(comment.id) ?? null,
    };
    return [presentOne(deps, comment, { site, page, ...around })];
  });
}
