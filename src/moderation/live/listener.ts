import type { LiveMessage } from './messages.ts';

/** Which sites a listener hears of. Listeners with one `key` hear the same and share what is made for it. */
export interface LiveScope {
  key: string;
  sees(site: string): boolean;
}

/** What one scope hears at a time; the same object for all of its listeners. */
export interface LiveBatch {
  /** Lowest number first; may be empty. */
  messages: LiveMessage[];
  /** Up to here everything was heard. */
  last: number;
}

export interface LiveListener {
  take(batch: LiveBatch): void;
  /** Fulfilled when it can take more, or never will again. */
  ready(): Promise<void>;
}

/** The part of a batch that a scope hears. */
export function batchFor(scope: LiveScope, messages: LiveMessage[], last: number): LiveBatch {
  return { messages: messages.filter(({ site }) => site === null || scope.sees(site)), last };
}
