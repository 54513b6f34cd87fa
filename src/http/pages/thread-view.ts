import type { PublicComment } from '../../comments/public-comment.ts';
import type { Disclosed } from '../../filters/filter.ts';
import type { Site } from '../../sites/site.ts';

/** A part of a thread as the listing gives it: roots with their replies. */
export interface ThreadListing {
  comments: PublicComment[];
  /** Visible comments of the page, all levels. */
  total: number;
  nextCursor: string | null;
  prevCursor: string | null;
}

/** The page a thread belongs to, as it is linked to. */
export interface ThreadPage {
  url: string | null;
  title: string | null;
  id: string | null;
  /** False for a page that does not belong to the site: its title must lead nowhere. */
  linked?: boolean;
}

/** The addresses that a rendered thread leads to. */
export interface ThreadLinks {
  /** The same thread with other parameters: `cursor`, `replyTo`, `under`. */
  view(parameters: Record<string, string>): string;
  /** Where the form is sent. */
  form: string;
}

/** Everything a thread and its form are drawn from. */
export interface ThreadView {
  site: Pick<Site, 'id' | 'name' | 'locale' | 'timeZone' | 'policy'>;
  page: ThreadPage;
  listing: ThreadListing;
  /** Whether this page takes no more comments. */
  closed: boolean;
  /** The comment that the form answers; null for one of its own. */
  replyTo: PublicComment | null;
  /** The reader's own comment that waits; its id only, nothing of it is shown. */
  waiting: string | null;
  /** The comment whose further replies are listed; null where roots are. */
  under: PublicComment | null;
  links: ThreadLinks;
  /** Whether a reader can ask for mail about answers. */
  offersReplies: boolean;
  /** What outside filters are told of a commenter beside what is public. */
  shares: Disclosed[];
  /** When the form was drawn, sealed (form-time.ts); null where the site does not ask. */
  drawnAt: string | null;
}

const nameOf = ({ url, id }: ThreadPage): Record<string, string> =>
  url === null && id !== null ? { pageId: id } : { page: url ?? '' };

/** Whether a form is shown: a reader who must be signed in can't be on a page that knows of no sign-in. */
export const takesForms = ({ closed, site }: ThreadView): boolean =>
  !closed && site.policy.identity !== 'required';

/** The links of a site's thread page. `root` is where the service is reached: a path or a whole address. */
export function threadLinks(root: string, site: string, page: ThreadPage): ThreadLinks {
  const place = `${root}/v1/sites/${encodeURIComponent(site)}`;
  return {
    view: (parameters) => `${place}/thread?${new URLSearchParams({ ...nameOf(page), ...parameters })}`,
    form: `${place}/form`,
  };
}

/** Where the thread's feed is; null where the site has none, or the page is none of the site's. */
export function feedAddress(root: string, { site, page }: Pick<ThreadView, 'site' | 'page'>): string | null {
  if (!site.policy.feed || page.linked === false) return null;
  return `${root}/v1/sites/${encodeURIComponent(site.id)}/feed.atom?${new URLSearchParams(nameOf(page))}`;
}
