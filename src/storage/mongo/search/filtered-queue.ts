import type { ReportReason } from '../../../comments/comment.ts';
import type { CommentStore, Position, QueueFilter, QueueQuery } from '../../../comments/comment-store.ts';
import { countKept, type FilteredWalk, firstKept } from '../../../moderation/filtered-walk.ts';
import { createKeptWords } from '../../../moderation/kept-words.ts';
import { MARKED } from '../../../moderation/marks.ts';
import { hasWords, type QueryWord, queryWords } from '../../../moderation/search.ts';
import type { CommentRow } from '../comment-doc.ts';
import type { Database } from '../database.ts';
import { type Answers, isAmong, type LeadingWords, type Queue, rowOrder } from '../queue.ts';
import type { TrueReader } from '../reply-counts.ts';
import { createWordReader } from './due-comments.ts';
import { type Counted, planSearch } from './plan.ts';
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
/** Comments of a list that may be put in order of risk, or looked through instead of as many of a word. */
const SHORT = 1000;

/** How a search is answered: comments that are due from themselves, the others by the server. */
interface Search {
  /** The list that leads: of words, or of the queue. */
  answers: Answers | null;
  /** Comments that are answers for sure, counted by the index alone; null where there are none such. */
  sure: Answers | null;
  /** Whether these are all answers. */
  isSureAll: boolean;
  /** How many these are, where that was found out. */
  known: Counted | null;
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

/** What of a list the index of words tells. */
const whereWordsAre = ({ sites, status, since, until }: QueueFilter): QueueFilter => ({
  ...{ sites, since, until },
  status: status === 'reported' ? 'approved' : status,
});

/** Whether a list asks for more than the index of words tells. */
const isNarrow = ({ status, authorKey, pageKey, phase, reason }: QueueFilter): boolean =>
  status === 'reported' || [authorKey, pageKey, phase, reason].some((one) => one !== undefined);

export function createFilteredQueue(parts: SearchParts): FilteredQueue {
  const { database, queue, trueReader, terms, readiness } = parts;
  const words = createWordReader(database, createKeptWords());
  const preparing = createSharing<Search | null>();

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
    const met = due.map(({ row }) => row._id);
    const unmet = met.length > 0 ? { _id: { $nin: met } } : {};
    const all = (lead: LeadingWords): Answers => ({ filter: unmet, beside: unmet, words: lead });
    const [plan, size] = await Promise.all([
      planSearch(query, {
        terms,
        count: (some, cap) => queue.countQueue(whereWordsAre(list), cap, all(some)),
        isCounted: isNarrow(list),
      }),
      isNarrow(list) ? queue.countQueue(list, SHORT + 1) : null,
    ]);
    const search = { answers: null, sure: null, isSureAll: false, known: null };
    if (plan === null) return { ...search, fresh: fresh.map(({ row }) => row) };
    // What the index of words does not tell may be shorter than what it leads to.
    const isShort = size !== null && size <= Math.min(SHORT, plan.led?.n ?? SHORT);
    return {
      answers: {
        filter: { ...plan.filter, ...unmet },
        beside: { ...plan.beside, ...unmet },
        words: isShort ? null : plan.lead,
      },
      sure: plan.sure && !isShort ? all(plan.sure) : null,
      isSureAll: plan.isSureAll,
      known: isNarrow(list) ? null : plan.led,
      fresh: fresh.map(({ row }) => row),
    };
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
  async function rowsOf(query: QueueQuery, { answers, fresh }: Search): Promise<CommentRow[]> {
    const { q: _q, ...list } = query;
    const order = rowOrder(query.sort);
    const beyond = fresh.filter((row) => order.isBeyond(row, query.from)).sort(order.compare);
    const found = await words.again(beyond.slice(0, query.limit).map(({ _id }) => _id));
    if (answers) {
      if (query.sort !== 'risk') found.push(...(await queue.rows(list, answers)));
      else found.push(...(await riskiest(list, answers)));
    }
    return found.sort(order.compare).slice(0, query.limit);
  }

  /** By risk the words' own list is in no order: few are put into one, of many the queue's list leads. */
  async function riskiest(list: QueueQuery, answers: Answers): Promise<CommentRow[]> {
    const { words: lead } = answers;
    const inWords = { filter: {}, beside: {}, words: lead };
    const isFew = lead !== null && (await queue.countQueue(whereWordsAre(list), SHORT + 1, inWords)) <= SHORT;
    if (!isFew) return queue.rows(list, { ...answers, words: null });
    const all = await queue.rows({ ...list, sort: 'newest', from: undefined, limit: SHORT }, answers);
    const order = rowOrder('risk');
    return all.filter((row) => order.isBeyond(row, list.from));
  }

  async function countAnswers(list: QueueFilter, cap: number, search: Search): Promise<number> {
    const { answers, sure, isSureAll, known } = search;
    if (!answers || cap === 0) return 0;
    if (sure) {
      const isTold = known !== null && isSureAll && (known.n < known.upTo || known.n >= cap);
      const n = isTold ? Math.min(known.n, cap) : await queue.countQueue(list, cap, sure);
      if (isSureAll || n >= cap) return n;
    }
    return queue.countQueue(list, cap, answers);
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
    if (query.sort !== 'risk' || (await queue.countQueue(query, SHORT + 1)) > SHORT) return queue.rows(query);
    const order = rowOrder('risk');
    const all = await queue.rows({ ...query, sort: 'newest', from: undefined, limit: SHORT });
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
      return fresh + (await countAnswers(list, cap - fresh, search));
    },
  };
}
