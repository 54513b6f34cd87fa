import { siteOnPageNow } from '../../sites/closing.ts';
import { presentPage } from '../../sites/pages.ts';
import type { Page, Site } from '../../sites/site.ts';
import { threadFragment } from '../pages/thread-fragment.ts';
import type { ThreadListing } from '../pages/thread-view.ts';
import { threadLinks } from '../pages/thread-view.ts';
import type { App } from '../route.ts';

export interface FragmentParts {
  site: Site;
  page: Page | null;
  listing: ThreadListing;
}

/** `format=html` of the listing: the thread for a publisher's server to put into its own page. */
export async function fragmentOf(app: App, { site: named, page, listing }: FragmentParts): Promise<string> {
  const site = await siteOnPageNow(app.deps, named, page);
  const shown = presentPage(site, page);
  return threadFragment({
    site,
    page: shown,
    listing,
    closed: site.policy.closed,
    replyTo: null,
    waiting: null,
    under: null,
    // Whole addresses: the fragment stands on another host.
    links: threadLinks(app.config.publicUrl, site.id, shown),
    offersReplies: false,
    shares: [],
    drawnAt: null,
  });
}
