import type { Site } from '../../sites/site.ts';
import type { RawHeaders } from '../raw-headers.ts';
import { captureSecurityHeaders } from '../security-headers.ts';

/** Hosts as CSP can name them (CSP 3, host-source; it has no form for IPv6 literals). */
const SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?:\d{1,5}|\*))?$/i;

/** Where a site's pages are: its origins, and further hosts under either scheme. */
function siteSources(site: Pick<Site, 'origins' | 'policy'>): string[] {
  const { anyHost, hosts } = site.policy.pages;
  if (anyHost) return ['http:', 'https:'];
  const named = hosts.flatMap((host) => [`http://${host}`, `https://${host}`]);
  return [...new Set([...site.origins, ...named])].filter((source) => SOURCE.test(source));
}

/** A host's twin under `ignoreWww`; of all sub-domains `www.` is one already, and the host itself is the twin. */
const wwwTwin = (host: string): string =>
  /^(?:\*|www)\./.test(host) ? host.replace(/^[^.]+\./, '') : `www.${host}`;

/**
 * Where a sent form may lead: to the site's pages, whose scheme and port say nothing (isHostOfSite), under
 * `ignoreWww` nor their `www.`. They are linked to by the scheme of the first origin, whatever their own is;
 * a source of http is met by https too (CSP 3, scheme-part).
 */
function formTargets({ origins, policy }: Pick<Site, 'origins' | 'policy'>): string[] {
  const { anyHost, hosts, ignoreWww } = policy.pages;
  if (anyHost) return ['http:', 'https:'];
  const named = [...origins.map((origin) => origin.replace(/^https?:\/\/|:\d+$/g, '')), ...hosts];
  const all = ignoreWww ? named.flatMap((host) => [host, wwwTwin(host)]) : named;
  const sources = all.map((host) => `http://${host}${/:\d+$/.test(host) ? '' : ':*'}`);
  return [...new Set(sources)].filter((source) => SOURCE.test(source));
}

const STYLE_AND_IMAGES = { 'style-src': ["'self'"], 'img-src': ["'self'"] };

interface PageRules {
  https: boolean;
  formAction: string[];
  frameAncestors: string[];
  referrer: string;
  /** Directives beyond those of every page. */
  more?: Record<string, string[]>;
}

const captured = new Map<string, RawHeaders>();
const CAPTURED_LIMIT = 200;

function pageSecurity(rules: PageRules): RawHeaders {
  const key = JSON.stringify(rules);
  const known = captured.get(key);
  if (known) return known;
  const { https, formAction, frameAncestors, referrer, more } = rules;
  const directives = {
    ...STYLE_AND_IMAGES,
    'form-action': formAction,
    'frame-ancestors': frameAncestors,
    ...more,
  };
  // Pages under COEP may frame only what says that it may be embedded; frame-ancestors still says by whom.
  const embeddable = !frameAncestors.includes("'none'");
  const all = captureSecurityHeaders({ https, directives, embeddable });
  // frame-ancestors says who may frame the page; the older header can't name more than one's own host.
  const replaced = ['x-frame-options', 'referrer-policy'];
  const security = ['Referrer-Policy', referrer];
  for (let at = 0; at < all.length; at += 2) {
    const [name = '', value = ''] = all.slice(at, at + 2);
    if (!replaced.includes(name.toLowerCase())) security.push(name, value);
  }
  if (captured.size >= CAPTURED_LIMIT) captured.clear();
  captured.set(key, security);
  return security;
}

/**
 * Of a page that shows a site's thread. The publisher may frame it, nobody else. Browsers hold form-action
 * against the redirect too (Chromium does), so the hosts that a sent form leads to are named. The referrer
 * rule lets the form say where it stood; with `no-referrer` browsers would send `Origin: null` as well.
 */
export function threadSecurity(site: Pick<Site, 'origins' | 'policy'>, https: boolean): RawHeaders {
  return pageSecurity(threadRules(site, https));
}

function threadRules(site: Pick<Site, 'origins' | 'policy'>, https: boolean): PageRules {
  return {
    https,
    formAction: ["'self'", ...formTargets(site)],
    frameAncestors: ["'self'", ...siteSources(site)],
    referrer: 'strict-origin-when-cross-origin',
  };
}

/**
 * Of an article with the widget in it: what docs/widget.md says is enough. Pictures have `PUBLIC_URL` in their
 * address, which is another name of this machine than the one that was typed, at times.
 */
export function widgetSecurity(site: Pick<Site, 'origins' | 'policy'>, https: boolean): RawHeaders {
  const more = {
    'script-src': ["'self'"],
    'connect-src': ["'self'"],
    'img-src': ["'self'", ...siteSources(site)],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  };
  return pageSecurity({ ...threadRules(site, https), more });
}

/**
 * Of a page by which an account is entered: nothing may frame it, its form leads to ourselves. Its address
 * holds a secret, so nobody else is told it; to ourselves it is told, since with `no-referrer` browsers would
 * send the form with `Origin: null`.
 */
export function accountSecurity(https: boolean): RawHeaders {
  return pageSecurity({
    https,
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    referrer: 'same-origin',
  });
}

/**
 * Of a page behind the link of a mail: nobody at all is told its address, which holds what decides. Its form is sent
 * with `Origin: null` then; that it may be is said in the route table.
 */
export function mailSecurity(https: boolean): RawHeaders {
  return pageSecurity({
    https,
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    referrer: 'no-referrer',
  });
}

/**
 * Of the dashboard: scripts and styles from here and nothing inline, and no text becomes markup but by the one
 * policy of that name (src/dashboard/text/rendered.ts), which builds what it lets through anew.
 */
export function dashboardSecurity(https: boolean): RawHeaders {
  return captureSecurityHeaders({
    https,
    directives: {
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'require-trusted-types-for': ["'script'"],
      'trusted-types': ['gatehouse-rendered'],
    },
  });
}

/** Of a page that stands alone: nothing may frame it, it has no form, and it tells nobody where it was. */
export function plainSecurity(https: boolean): RawHeaders {
  return pageSecurity({ https, formAction: ["'none'"], frameAncestors: ["'none'"], referrer: 'no-referrer' });
}
