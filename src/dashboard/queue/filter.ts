import type { ModeratedComment, Status } from '../api/types.ts';
import { hrefOf } from '../router.ts';
import { momentsOf } from '../ui/day-fields.tsx';

export const TABS = ['pending', 'reported', 'spam', 'approved', 'rejected', 'trash', 'all'] as const;
export type Tab = (typeof TABS)[number];

/** What the queue shows; all of it stands in the address. */
export interface Filter {
  status: Tab;
  site: string;
  q: string;
  author: string;
  page: string;
  phase: string;
  reason: string;
  standing: string;
  /** Near copies of that comment. */
  similarTo: string;
  since: string;
  until: string;
  sort: string;
  /** `mine`: what the moderator has claimed. */
  view: string;
}

const NAMES = [
  ...(['site', 'q', 'author', 'page', 'phase', 'reason', 'standing', 'similarTo'] as const),
  ...(['since', 'until', 'sort', 'view'] as const),
];
const isTab = (text: string | null): text is Tab => TABS.some((tab) => tab === text);

export function readFilter(query: URLSearchParams): Filter {
  const status = query.get('status');
  const rest = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? '']));
  return {
    ...(rest as Omit<Filter, 'status'>),
    status: isTab(status) ? status : 'pending',
    view: query.get('view') === 'mine' ? 'mine' : '',
  };
}

export const queryOf = ({ status, ...rest }: Filter): Record<string, string> => ({
  ...(status !== 'pending' && { status }),
  ...rest,
});

export const hrefOfFilter = (filter: Filter): string => hrefOf(['queue'], queryOf(filter));

/** What to ask the service for. The order is named: for words it has the newest first where none is. */
export const callOf = ({ view: _, ...filter }: Filter): Record<string, string> => ({
  ...filter,
  sort: filter.sort || 'oldest',
  ...momentsOf(filter.site, filter),
});

/** Whether a comment of that status still belongs to what is shown; what else narrows does not change. */
export function fits(
  { status }: Pick<Filter, 'status'>,
  comment: { status: Status; reports?: unknown[] },
): boolean {
  if (status === 'all') return true;
  if (status === 'reported') return comment.status === 'approved' && (comment.reports?.length ?? 0) > 0;
  return comment.status === status;
}

const JUDGED = ['q', 'page', 'phase', 'reason', 'standing', 'similarTo', 'since', 'until', 'view'] as const;
/** Whether what narrows can be told without asking: only the simple filters are ours to judge. */
const isSimple = (filter: Filter): boolean => JUDGED.every((name) => filter[name] === '');

/** Whether a comment belongs by its site and status, of which no more is known. */
export const fitsUnseen = (filter: Filter): boolean => isSimple(filter) && filter.author === '';

/** Whether a new comment can be told to belong. */
export function fitsNew(filter: Filter, comment: ModeratedComment): boolean {
  const { site, author } = filter;
  if (!isSimple(filter)) return false;
  return (
    (site === '' || site === comment.site) &&
    (author === '' || author === comment.author?.key) &&
    fits(filter, comment)
  );
}
