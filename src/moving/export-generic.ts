import { readWordlists } from '../screening/edit-wordlists.ts';
import type { Page } from '../sites/site.ts';
import { idReference, urlReference } from '../sites/site-store.ts';
import { pastMembers } from './export-past.ts';
import {
  addressFor,
  EXPORT_PASTS,
  type ExportDeps,
  type ExportOptions,
  type ExportTally,
  isoMoment,
  linkOf,
  nameOf,
  ownAddressMask,
  walked,
} from './export-site.ts';
import { createStandingLines, namedActor } from './export-standings.ts';
import type { LeavingComment, LeavingPast } from './export-store.ts';
import { settingsOf } from './site-settings.ts';

/** The format's own version: what would be read otherwise gets another one. */
const VERSION = 1;
/** Pages kept in memory. */
const MOST_KEPT = 5000;
/** Comments of one millisecond that are put into the order of their ids; of more the order is the store's. */
const MOST_AT_ONCE = 5000;

/** By which id the file knows it: a copy goes on by that of what it is a copy of. */
const idOf = ({ comment, formerId }: LeavingComment): string => formerId ?? comment.id;

/** Comments of one moment in the order of the ids that the file has: the store's own may be others. */
async function* inFileOrder(comments: AsyncIterable<LeavingComment>): AsyncGenerator<LeavingComment> {
  let group: LeavingComment[] = [];
  const sorted = (): LeavingComment[] => group.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  for await (const one of comments) {
    const isNext = group[0]?.comment.createdAt !== one.comment.createdAt || group.length >= MOST_AT_ONCE;
    if (isNext) {
      yield* sorted();
      group = [];
    }
    group.push(one);
  }
  yield* sorted();
}

/** Each with what became of it. */
async function* withPasts(
  { exports }: Pick<ExportDeps, 'exports'>,
  comments: AsyncIterable<LeavingComment>,
): AsyncGenerator<[LeavingComment, LeavingPast]> {
  let group: LeavingComment[] = [];
  async function* joined(): AsyncGenerator<[LeavingComment, LeavingPast]> {
    const pasts = await exports.pasts(group.map(({ comment }) => comment.id));
    for (const one of group) yield [one, pasts.get(one.comment.id) ?? { history: [], reports: [] }];
    group = [];
  }
  for await (const one of comments) {
    group.push(one);
    if (group.length >= EXPORT_PASTS) yield* joined();
  }
  if (group.length > 0) yield* joined();
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/**
 * Everything of a site that moves with it, as JSON Lines that `generic` reads: comments from the oldest on, each
 * page before its first comment and what people said of an author before theirs, then pages without one, and every
 * other address or id that leads to a page; the site's settings and word lists stand first. The export of a site that
 * was made from one has the same bytes.
 */
export async function* exportGeneric(
  deps: ExportDeps,
  options: ExportOptions,
  tally: ExportTally,
): AsyncGenerator<string> {
  const { site } = options;
  const told = new Set<string>();
  const pages = createKeptPages(deps, site.id);
  const standings = await createStandingLines(deps, options);
  yield lineOf({ type: 'export', format: 'generic', version: VERSION });
  yield lineOf({ type: 'site', ...settingsOf(site) });
  const { hold, reject } = await readWordlists(deps, site.id);
  if (hold.length + reject.length > 0) yield lineOf({ type: 'wordlist', hold, reject });

  function* pageLine(page: Page): Generator<string> {
    if (told.has(page.key)) return;
    told.add(page.key);
    tally.pages += 1;
    const { title, closed, moderation, publishedAt } = page;
    const rules = { closed, moderation, publishedAt: isoMoment(publishedAt) };
    yield lineOf({ type: 'page', ...nameOf(site, page), title, ...rules });
  }

  function commentLine(one: LeavingComment, { page, past }: { page: Page; past: LeavingPast }): string {
    const { comment, parentFormerId } = one;
    const { author, votesUp, votesDown } = comment;
    const { name, url, moderator, identity } = author;
    const vouched = identity && { verified: true, badge: identity.badge };
    return lineOf({
      type: 'comment',
      id: idOf(one),
      legacyId: comment.legacyId,
      parentId: parentFormerId ?? comment.parentId,
      page: nameOf(site, page),
      author: { name, ...addressFor(deps, options, author.email), url, moderator, ...vouched },
      text: comment.text,
      status: comment.status,
      decidedBy: namedActor(comment.decidedBy),
      createdAt: isoMoment(comment.createdAt),
      editedAt: isoMoment(comment.editedAt),
      deletedAt: isoMoment(comment.deletedAt),
      votes: { up: votesUp, down: votesDown },
      pinned: comment.pinned,
      ...pastMembers(comment, past, ownAddressMask(deps, options, author.email)),
    });
  }

  const comments = walked(deps.exports.walk, { site: site.id, placeOf: ({ comment }) => comment.id });
  for await (const [one, past] of withPasts(deps, inFileOrder(comments))) {
    const page = await pages.find(one.comment.pageKey);
    // Its site was removed meanwhile: nothing of it means anything.
    if (!page) continue;
    yield* pageLine(page);
    for (const said of standings.before(one.comment.author)) yield lineOf(said);
    tally.comments += 1;
    yield commentLine(one, { page, past });
  }
  Object.assign(tally, standings.counts());

  const references = walked(deps.exports.walkReferences, {
    site: site.id,
    placeOf: (reference) => reference,
  });
  for await (const reference of references) {
    const page = await deps.sites.findPage(site.id, reference);
    if (!page) continue;
    yield* pageLine(page);
    const own = [page.url && urlReference(page.url), page.id && idReference(page.id)];
    if (own.includes(reference)) continue;
    const name = reference.slice(2);
    const alias = reference.startsWith('u:') ? { alias: linkOf(site, name) } : { aliasId: name };
    yield lineOf({ type: 'alias', ...alias, page: nameOf(site, page) });
  }
}

/** Pages by key, as they were when first asked for. */
function createKeptPages({ sites }: Pick<ExportDeps, 'sites'>, site: string) {
  const kept = new Map<string, Page | null>();
  return {
    async find(key: string): Promise<Page | null> {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const [page = null] = await sites.findPagesByKey(site, [key]);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, page);
      return page;
    },
  };
}
