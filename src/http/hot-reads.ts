import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SharedAnswer } from './shared-answer.ts';

/** What changed, as the store tells it. */
export type PublicChange =
  | { kind: 'page'; site: string; pageKey: string }
  | { kind: 'site'; site: string }
  | { kind: 'everything' }
  | { kind: 'tokens' }
  | { kind: 'filters' }
  | { kind: 'wordlist'; site: string }
  | { kind: 'standings'; site: string }
  | { kind: 'lessons'; site: string };

/** An answer being made that may be kept: dead as soon as anything it could show changes. */
export interface Fill {
  /** The pages it shows, once they are known; null stands for a page that no comment has named yet. */
  showsPages(pageKeys: (string | null)[]): void;
  keep(answer: SharedAnswer, route: string): void;
}

export interface KeptAnswer {
  answer: SharedAnswer;
  route: string;
}

/**
 * What became of an answer that others waited for: `changed` means that something it shows changed
 * meanwhile, `none` that it is none to share (a problem, or counted by a limit).
 */
export type Coming = KeptAnswer | 'changed' | 'none';

/** The kept bytes of public answers, found by the address exactly as it was asked for. */
export interface HotReads {
  find(url: string): KeptAnswer | undefined;
  /** What another request for the same address is having made; undefined where none is. */
  coming(url: string): Promise<Coming> | undefined;
  /** Begins a fill for a request that `find` had nothing for; null where its answer is none to keep. */
  begin(request: IncomingMessage, response: ServerResponse): Fill | null;
  fillOf(request: IncomingMessage): Fill | undefined;
  drop(change: PublicChange): void;
  /** Bytes held, for the metrics. */
  size(): number;
}

interface Entry extends KeptAnswer {
  id: string;
  urls: string[];
  tags: string[];
  /** Bytes of it that are part of what is used. */
  weight: number;
  /** Whether it was asked for since the last round of eviction. */
  used: boolean;
}

interface OpenFill {
  site: string;
  url: string;
  /** Null until it is known. */
  pages: (string | null)[] | null;
  dead: boolean;
  /** Who else waits for the same address. */
  waiting: ((outcome: Coming) => void)[];
}

/** Listing, counts and the public policy: the reads that every page view makes. */
const KEPT = /^\/v1\/sites\/([a-z0-9-]+)(?:\/comments|\/counts)?(?:\?|$)/;
/** One answer under this many spellings of its address; further ones are made anew each time. */
const MOST_URLS = 500;
const URL_OVERHEAD = 150;

const siteTag = (site: string): string => `s/${site}`;
const pageTag = (site: string, pageKey: string | null): string =>
  pageKey === null ? `u/${site}` : `p/${site}/${pageKey}`;

/** Keeps at most `budget` bytes. */
export function createHotReads({ budget }: { budget: number }): HotReads {
  const byUrl = new Map<string, Entry>();
  const entries = new Map<string, Entry>();
  const byTag = new Map<string, Set<Entry>>();
  const open = new Set<OpenFill>();
  /** The fill that others wait for, of each address that is being made. */
  const leading = new Map<string, OpenFill>();
  const fills = new WeakMap<IncomingMessage, Fill>();
  let used = 0;

  function remove(entry: Entry): void {
    if (!entries.delete(entry.id)) return;
    used -= entry.weight;
    for (const url of entry.urls) byUrl.delete(url);
    for (const tag of entry.tags) {
      const tagged = byTag.get(tag);
      tagged?.delete(entry);
      if (tagged?.size === 0) byTag.delete(tag);
    }
  }

  /** Second chance: what was asked for since the last round goes to the end of the line, the rest goes. */
  function makeRoom(): void {
    for (const entry of entries.values()) {
      if (used <= budget) return;
      if (entry.used) {
        entry.used = false;
        entries.delete(entry.id);
        entries.set(entry.id, entry);
      } else remove(entry);
    }
  }

  function addUrl(entry: Entry, url: string): void {
    if (entry.urls.length >= MOST_URLS || byUrl.has(url)) return;
    byUrl.set(url, entry);
    entry.urls.push(url);
    reweigh(entry);
  }

  /** What it holds changes as encodings are asked for. */
  function reweigh(entry: Entry): void {
    const before = entry.weight;
    entry.weight = entry.answer.weight();
    for (const url of entry.urls) entry.weight += url.length + URL_OVERHEAD;
    used += entry.weight - before;
  }

  /** Nobody waits for it any longer. */
  function settle(fill: OpenFill, outcome: Coming): void {
    if (leading.get(fill.url) === fill) leading.delete(fill.url);
    for (const tell of fill.waiting.splice(0)) tell(outcome);
  }

  function end(fill: OpenFill): void {
    open.delete(fill);
    settle(fill, 'none');
  }

  function keep(fill: OpenFill, { answer, route }: KeptAnswer): void {
    if (fill.dead || fill.pages === null) return;
    settle(fill, { answer, route });
    if (answer.weight() > budget / 4) return;
    const tags = [siteTag(fill.site), ...new Set(fill.pages.map((page) => pageTag(fill.site, page)))];
    const id = [route, answer.etag('identity'), ...tags].join(' ');
    let entry = entries.get(id);
    if (!entry) {
      const made: Entry = { id, answer, route, urls: [], tags, weight: 0, used: false };
      entries.set(id, made);
      answer.onWeight(() => {
        if (entries.get(id) !== made) return;
        reweigh(made);
        makeRoom();
      });
      entry = made;
      for (const tag of tags) {
        const tagged = byTag.get(tag);
        if (tagged) tagged.add(entry);
        else byTag.set(tag, new Set([entry]));
      }
    }
    addUrl(entry, fill.url);
    makeRoom();
  }

  function dropTag(tag: string): void {
    for (const entry of byTag.get(tag) ?? []) remove(entry);
  }

  function dropAll(): void {
    for (const fill of open) {
      fill.dead = true;
      settle(fill, 'changed');
    }
    for (const entry of entries.values()) remove(entry);
  }

  return {
    find(url) {
      const entry = byUrl.get(url);
      if (entry) entry.used = true;
      return entry;
    },
    coming(url) {
      const fill = leading.get(url);
      return fill && new Promise((resolve) => fill.waiting.push(resolve));
    },
    begin(request, response) {
      const { url = '' } = request;
      const site = KEPT.exec(url)?.[1];
      if (site === undefined) return null;
      const state: OpenFill = { site, url, pages: null, dead: false, waiting: [] };
      open.add(state);
      if (!leading.has(url)) leading.set(url, state);
      response.once('close', () => end(state));
      const fill: Fill = {
        showsPages(pageKeys) {
          state.pages = pageKeys;
        },
        keep: (answer, route) => keep(state, { answer, route }),
      };
      fills.set(request, fill);
      return fill;
    },
    fillOf: (request) => fills.get(request),
    drop(change) {
      // Filters are seldom changed, and what they are told is part of every site's public policy.
      if (change.kind === 'everything' || change.kind === 'filters') return dropAll();
      if (change.kind !== 'site' && change.kind !== 'page') return;
      const { site } = change;
      for (const fill of open) {
        if (fill.site !== site) continue;
        const touches =
          change.kind === 'site' ||
          fill.pages === null ||
          fill.pages.includes(null) ||
          fill.pages.includes(change.pageKey);
        if (!touches) continue;
        fill.dead = true;
        settle(fill, 'changed');
      }
      if (change.kind === 'site') return dropTag(siteTag(site));
      dropTag(pageTag(site, change.pageKey));
      // Its first comment makes an unknown page a known one.
      dropTag(pageTag(site, null));
    },
    size: () => used,
  };
}
