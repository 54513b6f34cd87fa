import type { Site } from '../../sites/site.ts';

/** Hosts as CSP can name them (CSP 3, host-source; it has no form for IPv6 literals). */
const SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i;

/** Where a site's pages are: its origins, and further hosts under either scheme. */
function siteSources(site: Pick<Site, 'origins' | 'policy'>): string[] {
  const { anyHost, hosts } = site.policy.pages;
  if (anyHost) return ['http:', 'https:'];
  const named = hosts.flatMap((host) => [`http://${host}`, `https://${host}`]);
  return [...new Set([...site.origins, ...named])].filter((source) => SOURCE.test(source));
}

const SHARED: Record<string, string> = {
  'Content-Type': 'text/html; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
};

const policyOf = (rules: string[]): string => rules.join('; ');
const NOTHING = ["default-src 'none'", "style-src 'self'", "img-src 'self'", "base-uri 'none'"];

/**
 * Headers of a page that shows a site's thread. The publisher may frame it, nobody else. Browsers hold
 * form-action against the redirect too (Chromium does), so the hosts that a sent form leads to are named.
 * `Referrer-Policy` lets the form's own `Referer` tell where it stood, and nothing more to others.
 */
export function threadPageHeaders(site: Pick<Site, 'origins' | 'policy' | 'locale'>): Record<string, string> {
  const sources = siteSources(site).join(' ');
  return {
    ...SHARED,
    'Content-Language': site.locale,
    'Content-Security-Policy': policyOf([...NOTHING, `form-action 'self' ${sources}`, `frame-ancestors 'self' ${sources}`]),
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  };
}

/** Headers of a page that stands alone: nothing may frame it, and it sends nothing anywhere. */
export function plainPageHeaders(locale: string): Record<string, string> {
  return {
    ...SHARED,
    'Content-Language': locale,
    'Content-Security-Policy': policyOf([...NOTHING, "form-action 'none'", "frame-ancestors 'none'"]),
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Frame-Options': 'DENY',
  };
}
