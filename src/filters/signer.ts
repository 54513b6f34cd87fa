import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { verifiedMessage } from '../webhooks/signature.ts';
import type { Filter } from './filter.ts';
import { secretsOf } from './secret.ts';

/** The filter that a verdict says it is from. Throws `not-found` where there is none that could send one. */
export async function findSigner({ filters }: Pick<Deps, 'filters'>, id: string): Promise<Filter> {
  const filter = (await filters.all()).find((one) => one.id === id);
  if (!filter?.enabled || filter.kind !== 'webhook') throw new AppError('not-found');
  return filter;
}

export interface SignedRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came. */
  body: Buffer;
}

/** That the filter has signed it, by any secret that counts, and when (seconds). Throws `bad-signature`. */
export function proveSigner(
  deps: Pick<Deps, 'keys' | 'clock'>,
  filter: Filter,
  { headers, body }: SignedRequest,
): { filter: Filter; signedAt: number } {
  const message = verifiedMessage({ headers, body, now: deps.clock.now() }, secretsOf(deps, filter));
  if (!message) throw new AppError('bad-signature');
  return { filter, signedAt: message.timestamp };
}
