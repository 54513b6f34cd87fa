import type { Difference } from '../../comments/difference.ts';
import { asDomainError } from './failures.ts';
import { type VerifyCountsParts, verifyCounts } from './verify-counts.ts';
import { type VerifyDocsParts, verifyDocs } from './verify-docs.ts';
import { verifyOpen } from './verify-open.ts';

/** Documents first, then what is below what, then what is counted: each relies on those before. */
export async function* verify(
  parts: VerifyDocsParts & VerifyCountsParts,
  options: { repair: boolean },
): AsyncGenerator<Difference> {
  try {
    yield* verifyDocs(parts, options);
    yield* verifyOpen(parts, options);
    yield* verifyCounts(parts, options);
  } catch (error) {
    throw asDomainError(error);
  }
}
