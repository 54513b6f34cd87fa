import type { EmailAddress } from '../../authors/email.ts';
import { pageUrlOf } from '../../sites/pages.ts';
import type { Site } from '../../sites/site.ts';
import { urlWithoutAddresses } from './carried-email.ts';

/** What WordPress and we add to a page's address; it says nothing about the page. */
const NOT_THE_PAGES = ['unapproved', 'moderation-hash', 'replytocom'];

/** Whether the URL is on a host that the site named: `anyHost` opens threads, not the way to everywhere. */
export function isOnOwnHost(site: Site, url: string): boolean {
  const pages = { ...site.policy.pages, anyHost: false };
  return pageUrlOf({ ...site, policy: { ...site.policy, pages } }, url) !== null;
}

export interface Destination {
  site: Site;
  /** Addresses of the page, the best first. */
  candidates: (string | null)[];
  /** Where the comment can be seen if none of them is of the site. */
  fallback: string;
  commentId: string;
  /** Whether it waits for a moderator. */
  held: boolean;
  /** The reader's address: it must not come back in the page's query. */
  email: EmailAddress | null;
}

function nameOf(pair: string): string {
  const name = pair.split('=')[0] ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken escape stands for itself.
    return name;
  }
}

/** Where a sent form leads: the page as it was, its own query kept, with the comment's anchor. */
export function destinationOf({ site, candidates, fallback, commentId, held, email }: Destination): string {
  const own = email ? [email] : [];
  const page = candidates.find((url): url is string => url !== null && isOnOwnHost(site, url));
  const cleaned = page === undefined ? '' : urlWithoutAddresses(page.trim(), own);
  const url = new URL(URL.canParse(cleaned) ? cleaned : fallback);
  url.username = '';
  url.password = '';
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !NOT_THE_PAGES.includes(nameOf(pair)));
  if (held) kept.push(`unapproved=${commentId}`);
  url.search = kept.join('&');
  url.hash = `comment-${commentId}`;
  return url.href;
}
