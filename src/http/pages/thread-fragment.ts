import { html } from '../../text/html.ts';
import { threadSection } from './thread-list.ts';
import type { ThreadView } from './thread-view.ts';
import { wordsFor } from './words.ts';

/**
 * The thread alone, for a publisher's server to put into its page. Headings, lists, texts and links; no
 * form, script or style. `view.links` must be whole addresses: the fragment stands on another host.
 */
export function threadFragment(view: ThreadView): string {
  const words = wordsFor(view.site.locale);
  const { nextCursor, prevCursor } = view.listing;
  const more =
    (nextCursor !== null || prevCursor !== null) &&
    html`<p class="gh-more"><a href="${view.links.view({})}#comments">${words.thread.wholeThread}</a></p>\n`;
  return html`${threadSection({ ...view, waiting: null }, { pager: false })}${more}`.toString();
}
