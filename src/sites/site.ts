import type { Policy } from './policy.ts';

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

/** A page that carries a thread. */
export interface Page {
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
