import type { Difference } from '../../comments/difference.ts';
import { asDomainError } from './failures.ts';
import { type VerifyAliasesParts, verifyAliases } from './verify-aliases.ts';
import { verifyAncestors } from './verify-ancestors.ts';
import { type VerifyCountsParts, verifyCounts } from './verify-counts.ts';
import { type VerifyDirectoriesParts, verifyDirectories } from './verify-directories.ts';
import { type VerifyDocsParts, verifyDocs } from './verify-docs.ts';
import { type VerifyKeptParts, verifyKept } from './verify-kept.ts';
import { verifyOpen } from './verify-open.ts';
import { type VerifyPagesParts, verifyPages } from './verify-pages.ts';
import { type VerifyPrecedentsParts, verifyPrecedents } from './verify-precedents.ts';
import { type VerifyTalliesParts, verifyTallies } from './verify-tallies.ts';
import { type VerifyVotesParts, verifyVotes } from './verify-votes.ts';
import { type VerifyWordsParts, verifyWords } from './verify-words.ts';

export type VerifyParts = VerifyDocsParts &
  VerifyVotesParts &
  VerifyCountsParts &
  VerifyTalliesParts &
  VerifyAliasesParts &
  VerifyPagesParts &
  VerifyDirectoriesParts &
  VerifyWordsParts &
  VerifyKeptParts &
  VerifyPrecedentsParts;

/** Documents first, then what is below what, what is counted, and what is filled in behind: each relies on those before. */
export async function* verify(parts: VerifyParts, options: { repair: boolean }): AsyncGenerator<Difference> {
  try {
    yield* verifyVotes(parts, options);
    yield* verifyDocs(parts, options);
    yield* verifyAncestors(parts, options);
    yield* verifyOpen(parts, options);
    yield* verifyCounts(parts, options);
    yield* verifyTallies(parts, options);
    yield* verifyAliases(parts, options);
    yield* verifyPages(parts, options);
    yield* verifyDirectories(parts, options);
    yield* verifyWords(parts, options);
    yield* verifyKept(parts, options);
    yield* verifyPrecedents(parts, options);
  } catch (error) {
    throw asDomainError(error);
  }
}
