import type { Actor, FilterWord } from '../comments/comment.ts';
import { foldText } from '../text/fold.ts';

export const FILTER_KINDS = ['webhook', 'akismet'] as const;
export const FILTER_MODES = ['sync', 'async'] as const;
export const FILTER_EVENTS = ['comment.check', 'comment.decided'] as const;
export type FilterEvent = (typeof FILTER_EVENTS)[number];
/** What an admin may let Akismet know of a commenter beside what is public. */
export const DISCLOSABLE = ['ip', 'email', 'userAgent'] as const;
export type Disclosed = (typeof DISCLOSABLE)[number];

/** Where Akismet answers, without a trailing slash. */
export const AKISMET_ADDRESS = 'https://rest.akismet.com';

/** Milliseconds. */
export const DEADLINE = { least: 100, most: 30_000, usual: 2000 } as const;

/** From which score on a verdict is spam, and up to which it is ham; between them a person looks. */
export interface Thresholds {
  approve: number;
  spam: number;
}

/** A secret that was replaced and still counts. */
export interface FormerSecret {
  sealed: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** An outside filter, as stores keep it. */
export interface Filter {
  id: string;
  /** Its phase is `filter:{name}`. No other filter has it, folded. */
  name: string;
  kind: (typeof FILTER_KINDS)[number];
  /** Null for a kind that knows where to ask. */
  url: string | null;
  mode: (typeof FILTER_MODES)[number];
  /** For all of an answer, in milliseconds. */
  deadlineMs: number;
  onFailure: FilterWord['onFailure'];
  thresholds: Thresholds | null;
  events: FilterEvent[];
  /** Site ids, or ["*"]. */
  sites: string[];
  enabled: boolean;
  /** Sealed: what signs, both ways; for Akismet its key. See secret.ts. */
  secret: string;
  former: FormerSecret | null;
  disclose: Disclosed[];
  version: number;
  createdBy: Actor;
  createdAt: number;
  updatedAt: number;
}

/** The filter's phase, as outcomes name it. */
export const phaseOf = ({ name }: Pick<Filter, 'name'>): string => `filter:${name}`;

/** The filter as histories name it. */
export const filterActor = ({ id, name }: Pick<Filter, 'id' | 'name'>): Actor => ({
  kind: 'filter',
  id,
  name,
});

/** Whether comments of the site are its business. */
export const servesSite = ({ sites }: Pick<Filter, 'sites'>, site: string): boolean =>
  sites.includes('*') || sites.includes(site);

/** By what names of filters are compared. */
export const nameKeyOf = foldText;
