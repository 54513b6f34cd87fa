import type { Keyring } from '../keys.ts';
import type { IdempotencyStore } from './idempotency-store.ts';

/** Kept requests looked through at once. */
const AT_ONCE = 200;

/** What plan and answer of a key are sealed for. */
export const sealContextOf = (key: string): string => `idempotency/${key}`;

/**
 * Forgets every kept answer that tells of one of these comments or pseudonyms, or whose plan does, and every request
 * that is about to keep one: it stored or changed the comment, and its process may keep the answer at any moment from
 * now on.
 */
export async function forgetAnswers(
  { idempotency, keys }: { idempotency: IdempotencyStore; keys: Keyring },
  names: ReadonlySet<string>,
): Promise<void> {
  // What was altered, or is of another data key, answers nobody any more.
  const tellsOf = (sealed: string | null, key: string): boolean =>
    sealed !== null &&
    (keys.open(sealed, sealContextOf(key)) ?? '').split(/[^0-9A-Za-z]+/).some((word) => names.has(word));
  for (let after: string | undefined = ''; after !== undefined; ) {
    const kept = await idempotency.list(after, AT_ONCE);
    for (const { key, plan, answer } of kept)
      if (tellsOf(answer, key) || tellsOf(plan, key)) await idempotency.forget(key);
    after = kept.length < AT_ONCE ? undefined : kept.at(-1)?.key;
  }
}
