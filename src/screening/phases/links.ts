import { linksIn } from '../links.ts';
import type { Phase, ScreeningInput } from '../phase.ts';
import { MOST_MATCHES, matchesIn, PASS, skipped } from '../phase.ts';

/** Counts links as a reader sees them, the author's own address of the web included. */
export const links: Phase = {
  name: 'links',
  judge({ site, body, url, trusted }: Pick<ScreeningInput, 'site' | 'body' | 'url' | 'trusted'>) {
    const { hold, reject } = site.policy.links;
    if (hold === null && reject === null) return PASS;
    if (trusted) return skipped('A trusted author’s links are not counted.');
    const inBody = linksIn(body);
    const count = inBody.length + (url === null ? 0 : 1);
    const isOver = (limit: number | null): boolean => limit !== null && count >= limit;
    const outcome = isOver(reject) ? 'reject' : isOver(hold) ? 'hold' : 'pass';
    if (outcome === 'pass') return PASS;
    const ofUrl = url === null ? [] : matchesIn('url', [{ start: 0, end: url.length }]);
    return {
      outcome,
      code: 'too-many-links',
      detail: `${count} ${count === 1 ? 'link' : 'links'}; from ${outcome === 'reject' ? reject : hold} on they are ${
        outcome === 'reject' ? 'rejected' : 'held'
      }.`,
      score: null,
      matches: [...ofUrl, ...matchesIn('body', inBody)].slice(0, MOST_MATCHES),
    };
  },
};
