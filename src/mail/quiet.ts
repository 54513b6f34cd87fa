import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { Moderator } from '../staff/moderator.ts';
import { settled } from '../staff/moderators.ts';
import { isQuietToken, nameOfQuietToken } from './tokens.ts';

/**
 * The moderator whose link it is to hear no more of what waits. Changes nothing. Throws `not-found` for what is no
 * link of ours, and once the account is gone or has another address.
 */
export async function readQuietLink(
  { staff, keys }: Pick<Deps, 'staff' | 'keys'>,
  token: string,
): Promise<Moderator> {
  const moderator = await staff.findModerator(nameOfQuietToken(token));
  if (!moderator || !isQuietToken(keys, token, moderator)) throw new AppError('not-found');
  return moderator;
}

/** Ends their mail about what waits, on every site, until they choose otherwise; again it changes nothing. Throws as above. */
export async function takeQuietLink(deps: Pick<Deps, 'staff' | 'keys'>, token: string): Promise<Moderator> {
  for (;;) {
    const moderator = await readQuietLink(deps, token);
    if (moderator.notices === 'off') return moderator;
    const { id, version: expected } = moderator;
    const outcome = await deps.staff.changeModerator({
      ...{ id, expected, set: { notices: 'off' }, sessions: 'all' },
    });
    const changed = settled(outcome);
    if (changed) return changed;
  }
}
