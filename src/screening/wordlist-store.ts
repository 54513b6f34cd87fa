import type { Audited } from '../moderation/audit.ts';

/** A site's two word lists as an admin set them. */
export interface Wordlist {
  site: string;
  /** Terms whose comments wait for a person, and terms whose comments are rejected; as written, in order. */
  hold: string[];
  reject: string[];
  /** From 1; a site whose lists were never set is at 0. */
  version: number;
  /** Milliseconds since 1970. */
  changedAt: number;
}

/** Where word lists are kept. Writes are atomic and durable as in comment-store.ts. */
export interface WordlistStore {
  /**
   * Null where none was ever set. Adapters may answer from memory, with the same object as long as it stands,
   * if a write through any instance shows within 1 s. Asked for by every post.
   */
  find(site: string): Promise<Wordlist | null>;
  /** As they stand in the store, past any memory: what a change is held against. */
  standing(site: string): Promise<Wordlist | null>;
  /**
   * Replaces the lists where their version is still `expected` (0: never set). Else the version that stands,
   * or null where the site is gone. The lists go with their site.
   */
  replace(
    list: Wordlist,
    expected: number,
    audited?: Audited,
  ): Promise<{ replaced: true } | { replaced: false; version: number | null }>;
}
