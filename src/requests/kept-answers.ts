import type { Keyring } from '../keys.ts';
import type { IdempotencyStore } from './idempotency-store.ts';

/** Kept requests looked through at once. */
const AT_ONCE = 200;

/** What plan and answer of a key are sealed for. */
export const sealContextOf = (key: string): string => `idempotency/${key}`;

/**
 * Forgets every kept answer that tells of one of these comments, and every request that is about to keep one: it
 * stored or changed the comment, and its process may keep the answer at any moment from now on.
 */
export async function forgetAnswers(
  { idempotency, keys }: { idempotency: IdempotencyStore; keys: Keyring },
  commentIds: ReadonlySet<string>,
): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const kept = await idempotency.list(after, AT_ONCE);
    for (const { key, plan, answer } of kept) {
      // Altered, or of another data key: it answers nobody any more.
      const told = keys.open(answer ?? plan, sealContextOf(key)) ?? '';
      if (told.split(/[^0-9A-Za-z]+/).some((word) => commentIds.has(word))) await idempotency.forget(key);
    }
    after = kept.length < AT_ONCE ? undefined : kept.at(-1)?.key;
  }
}
