import type { Difference } from '../../comments/difference.ts';
import type { Mending } from './operations/mend.ts';

/** A difference, and what would mend it. */
export interface Found {
  difference: Omit<Difference, 'repaired'>;
  mending: Mending;
}
