import type { ReportReason } from '../../../comments/comment.ts';
import type { CommentStore, Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { countKept, type FilteredWalk, firstKept } from '../../../moderation/filtered-walk.ts';
import { createKeptWords } from '../../../moderation/kept-words.ts';
import { MARKED } from '../../../moderation/marks.ts';
import { hasWords, type QueryWord, queryWords } from '../../../moderation/search.ts';
import type { CommentRow } from '../comment-doc.ts';
import type { Database } from '../database.ts';
import { type Answers, isAmong, type Queue, rowOrder } from '../queue.ts';
import type { TrueReader } from '../reply-counts.ts';
import { createWordReader } from './due-comments.ts';
import { MOST_SORTED, planSearch } from './plan.ts';
import type { Readiness } from './readiness.ts';
import { createSharing } from './sharing.ts';
import type { Terms } from './terms.ts';

/** The moderators' queue with every filter. */
export type FilteredQueue = Pick<CommentStore, 'queue' | 'countQueue'>;

export interface SearchParts {
  database: Pick<Database, 'comments' | 'pages'>;
  queue: Queue;
  trueReader: TrueReader;
  terms: Terms;
  readiness: Readiness;
}

/** So many may be due for a search to look them through beside the index. */
const MOST_DUE = 1000;
/** A list without words to search for is looked through by the server where it is this short. */
const SHORT = 300;

/** How a search is answered: comments that are due from themselves, the others by the server. */
interface Search {
  isRare: boolean;
  /** The list that leads: of words, or of the queue. */
  answers: Answers | null;
  /** By which the answers are counted, in any order. */
  counted: Answers | null;
  fresh: CommentRow[];
}

/** What a phase stopped or a reason was given for, told from the comments themselves. */
function unlisted({ phase, reason }: Pick<QueueFilter, 'phase' | 'reason'>): Answers {
  const all: Answers['filter'][] = [];
  if (phase !== undefined) all.push({ screening: { $elemMatch: { phase, outcome: { $in: [...MARKED] } } } });
  if (reason !== undefined) {
    const decided = { history: { $elemMatch: { reason, undone: false } } };
    all.push({ $or: [decided, { 'reports.reason': reason as ReportReason }] });
  }
  return { filter: { $and: all }, words: null };
}

export function createFilteredQueue(parts: SearchParts): FilteredQueue {
  const { database, queue, trueReader, terms, readiness } = parts;
  const words = createWordReader(database, createKeptWords());
  const preparing = createSharing<Search | null>();

  const countOf = (sites: string[]) => (some: string[], cap: number) =>
    database.comments.countDocuments(
      { words: { $in: some }, site: { $in: sites } },
      { limit: cap, hint: 'words' },
    );

  /** A page and the count beside it are asked for in one breath: what answers both is found out once. */
  function prepare(filter: QueueFilter, query: readonly QueryWord[]): Promise<Search | null> {
    const { sites, status, authorKey, pageKey, since, until, phase, reason, q } = filter;
    const asked = [sites, status, authorKey, pageKey, since, until, phase, reason, q];
    return preparing(JSON.stringify(asked), () => prepareOne(filter, query));
  }

  /** null: too much is due, or the index is not there yet. */
  async function prepareOne(filter: QueueFilter, query: readonly QueryWord[]): Promise<Search | null> {
    const { q: _q, ...list } = filter;
    // What is due first: filled in meanwhile it is met twice, the other way round not at all.
    const [due, ready] = await Promise.all([words.due(filter.sites, MOST_DUE), readiness.isReady()]);
    if (due === null || !ready) return null;
    const fresh = due.filter((one) => hasWords(one.words, query) && isAmong(one.row, list));
    const plan = await planSearch(query, { terms, count: countOf(filter.sites) });
    const isShort = plan !== null && !plan.isRare && (await queue.countQueue(list, SHORT + 1)) <= SHORT;
    const met = due.map(({ row }) => row._id);
    const unmet = met.length > 0 && { _id: { $nin: met } };
    const answers = plan && {
      filter: { ...plan.filter, ...unmet },
      beside: { ...plan.beside, ...unmet },
      words: isShort ? null : plan.lead,
    };
    const all = isShort ? null : (plan?.counted ?? null);
    const counted = answers && all ? { ...answers, words: all, beside: { ...unmet } } : answers;
    return { isRare: plan?.isRare === true, answers, counted, fresh: fresh.map(({ row }) => row) };
  }

  /** Through the queue, reading every comment of it. */
  function walkOf(query: readonly QueryWord[], filter: QueueFilter, sort: QueueQuery['sort']) {
    const { q: _q, phase, reason, ...list } = filter;
    const marked = phase === undefined && reason === undefined ? undefined : unlisted({ phase, reason });
    const walk: FilteredWalk<CommentRow> = {
      chunk: (from, limit) => queue.rows({ ...list, sort, from, limit }, marked),
      keep: async (rows) =>
        (await words.worded(rows)).filter((one) => hasWords(one.words, query)).map(({ row }) => row),
      positionOf: ({ _id, risk }): Position => (sort === 'risk' ? { id: _id, value: risk } : { id: _id }),
    };
    return walk;
  }

  /** The answers, read at one moment; what is due was looked through before, and is read again. */
  async function rowsOf(query: QueueQuery, { answers, isRare, fresh }: Search): Promise<CommentRow[]> {
    const { q: _q, ...list } = query;
    const order = rowOrder(query.sort);
    const beyond = fresh.filter((row) => order.isBeyond(row, query.from)).sort(order.compare);
    const found = await words.again(beyond.slice(0, query.limit).map(({ _id }) => _id));
    if (answers) {
      // By risk the words' own list is in no order: few are put into one, of many the queue's list leads.
      if (query.sort !== 'risk') found.push(...(await queue.rows(list, answers)));
      else if (!isRare) found.push(...(await queue.rows(list, { ...answers, words: null })));
      else {
        const all = await queue.rows(
          { ...list, sort: 'newest', from: undefined, limit: MOST_SORTED },
          answers,
        );
        found.push(...all.filter((row) => order.isBeyond(row, query.from)));
      }
    }
    return found.sort(order.compare).slice(0, query.limit);
  }

  async function searched(query: QueueQuery, wanted: readonly QueryWord[]) {
    const search = await prepare(query, wanted);
    return trueReader.read(() =>
      search === null ? firstKept(walkOf(wanted, query, query.sort), query) : rowsOf(query, search),
    );
  }

  /** Without words: the lists of phases and reasons lead, where they are whole. */
  async function markedRows(query: QueueQuery): Promise<CommentRow[]> {
    const { phase, reason, ...list } = query;
    if (!(await readiness.isReady())) return queue.rows(list, unlisted({ phase, reason }));
    if (query.sort !== 'risk' || (await queue.countQueue(query, MOST_SORTED + 1)) > MOST_SORTED)
      return queue.rows(query);
    const order = rowOrder('risk');
    const all = await queue.rows({ ...query, sort: 'newest', from: undefined, limit: MOST_SORTED });
    const rest = all.filter((row) => order.isBeyond(row, query.from));
    return rest.sort(order.compare).slice(0, query.limit);
  }

  return {
    async queue(query) {
      const { q, phase, reason } = query;
      if (query.sites.length === 0) return [];
      if (q !== undefined) return searched(query, queryWords(q));
      if (phase === undefined && reason === undefined) return queue.queue(query);
      return trueReader.read(() => markedRows(query));
    },
    async countQueue(filter, cap) {
      const { q, ...list } = filter;
      if (filter.sites.length === 0) return 0;
      if (q === undefined) {
        const { phase, reason, ...rest } = list;
        const isWhole = (phase === undefined && reason === undefined) || (await readiness.isReady());
        return isWhole
          ? queue.countQueue(list, cap)
          : queue.countQueue(rest, cap, unlisted({ phase, reason }));
      }
      const wanted = queryWords(q);
      const search = await prepare(filter, wanted);
      if (search === null) return countKept(walkOf(wanted, filter, 'newest'), cap);
      const fresh = Math.min(search.fresh.length, cap);
      if (!search.counted || fresh === cap) return fresh;
      return fresh + (await queue.countQueue(list, cap - fresh, search.counted));
    },
  };
}
