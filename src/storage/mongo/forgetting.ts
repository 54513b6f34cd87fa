import type { Invalidation } from '../storage.ts';

interface Keeper {
  forget(site?: string, pageKey?: string): void;
}

/** What this process keeps of rows that other instances write, too. */
export interface Kept {
  sites: Keeper;
  pages: Keeper;
  tokens: Keeper;
  filters: Keeper;
  wordlists: Keeper;
  standings: Keeper;
  /** Reads that begin and end with one number see for themselves what is new, unless the past changed. */
  journals: Keeper;
}

/** Lets go of what a change makes untrue. */
export function createForgetting(kept: Kept): (change: Invalidation) => void {
  const { sites, pages, tokens, filters, wordlists, standings, journals } = kept;
  const all = [journals, sites, pages, tokens, filters, wordlists, standings];
  return (change) => {
    switch (change.kind) {
      case 'everything':
        for (const keeper of all) keeper.forget();
        return;
      case 'site':
        for (const keeper of [sites, pages, wordlists]) keeper.forget(change.site);
        return;
      case 'page':
        pages.forget(change.site, change.pageKey);
        return;
      case 'wordlist':
        wordlists.forget(change.site);
        return;
      case 'standings':
        standings.forget(change.site);
        return;
      case 'tokens':
        tokens.forget();
        return;
      case 'filters':
        filters.forget();
    }
  };
}
