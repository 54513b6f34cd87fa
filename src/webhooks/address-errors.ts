import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';

/** Why the address of a subscriber or filter may not be called; nothing where none is given. */
export async function addressErrors(
  { outgoing }: Pick<Deps, 'outgoing'>,
  url: string | null | undefined,
): Promise<FieldError[]> {
  const code = url == null ? null : await outgoing.check(url);
  return code === null ? [] : [{ pointer: '/url', code }];
}
