import type { Moderation, Policy } from './policy.ts';

/** A publication that takes comments. */
export interface Site {
  /** `[a-z0-9][a-z0-9-]{0,62}`, chosen by the admin. */
  id: string;
  name: string;
  /** `scheme://host[:port]`; the host may begin with `*.`. */
  origins: string[];
  /** BCP 47. */
  locale: string;
  /** IANA name. */
  timeZone: string;
  policy: Policy;
  version: number;
  createdAt: number;
  updatedAt: number;
}

/** What an admin may say of one page, against the site's policy. */
export interface PageRules {
  /** Null: as the site is. False keeps the page open on a site that is closed. */
  closed: boolean | null;
  /** Null: as the site's. */
  moderation: Moderation | null;
  /** When the article was published, in milliseconds since 1970. */
  publishedAt: number | null;
  /** From 1; rises with every change that an admin makes. */
  version: number;
}

/** Of a page on which nobody has said anything. */
export const NO_RULES: PageRules = { closed: null, moderation: null, publishedAt: null, version: 1 };

/** A page that carries a thread. */
export interface Page extends PageRules {
  site: string;
  /** 13 characters of the ids' alphabet: a keyed hash of the identity it was first known by. */
  key: string;
  /** Canonical, to link to; null while only its id is known. */
  url: string | null;
  id: string | null;
  title: string | null;
}

/** Another address of a page: a short link, a moved URL. Canonical form. */
export interface Alias {
  id: string;
  site: string;
  alias: string;
  /** The page's reference: its canonical URL. */
  page: string;
  createdAt: number;
}
