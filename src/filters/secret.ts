import type { Deps } from '../deps.ts';
import type { Filter } from './filter.ts';

type Keys = Pick<Deps, 'keys'>;
const contextOf = (id: string): string => `filter/${id}`;

/** A filter's secret, or Akismet's key, as it is stored. */
export function sealSecret({ keys }: Keys, id: string, secret: string): string {
  return keys.seal(secret, contextOf(id));
}

function open({ keys }: Keys, id: string, sealed: string): string {
  const secret = keys.open(sealed, contextOf(id));
  if (secret === null) throw new Error("a filter's secret can not be opened: its seal is broken");
  return secret;
}

/** The secrets that count at the moment, the newest first: during a rotation two. */
export function secretsOf(
  deps: Pick<Deps, 'keys' | 'clock'>,
  { id, secret, former }: Pick<Filter, 'id' | 'secret' | 'former'>,
): string[] {
  const current = open(deps, id, secret);
  return former !== null && deps.clock.now() < former.until
    ? [current, open(deps, id, former.sealed)]
    : [current];
}
