import type { Change } from '../../storage.ts';
import type { Ledger } from './ledger.ts';

/** What an operation is given besides the connection: everything that belongs to the whole batch. */
export interface BatchContext {
  /** Count changes, written once at the end of the batch. */
  ledger: Ledger;
  /** Tells what a public answer may depend on; heard after the commit. */
  invalidate(change: Change): void;
  /** Tells that a text was erased: after the commit it must go out of the log, too. */
  erased(): void;
  /** Comments that this batch may still take from one page to another: whoever posts waits for no more. */
  room: { left: number };
}
