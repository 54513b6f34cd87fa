import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { recordAct } from '../moderation/record.ts';
import type { Moderator, ModeratorState } from './moderator.ts';

/** What is done to accounts, as the audit has it. */
type AccountAct = 'created' | 'changed' | 'disabled' | 'enabled' | 'deleted' | 'invited' | 'reset';

/** The one site of a scope; null for several and for all. */
function siteOfScope(sites: string[]): string | null {
  const [only = '*', ...others] = sites;
  return others.length === 0 && only !== '*' ? only : null;
}

/** Writes an act on an account into the audit. */
export function noteAct(
  deps: Deps,
  { id, name, sites }: Moderator,
  act: { by: Actor; action: AccountAct; what?: string },
): Promise<void> {
  const { by, action, what } = act;
  const whose = `${name} (${id})`;
  return recordAct(deps, {
    ...{ by, action: `moderator-${action}` },
    ...(action === 'created' && { id }),
    site: siteOfScope(sites),
    note: what ? `${whose}: ${what}` : whose,
  });
}

/** Writes an account that was made into the audit; again it changes nothing there. */
export function noteCreation(deps: Deps, moderator: Moderator): Promise<void> {
  return noteAct(deps, moderator, { by: moderator.createdBy, action: 'created' });
}

/** What a patch does, in the audit's words. */
export function actOf(
  before: Pick<Moderator, 'state'>,
  patch: { state?: ModeratorState; version?: number },
): { action: AccountAct; what: string } {
  const { version: _, state, ...members } = patch;
  const what = Object.keys(members).join(', ');
  if (state === undefined || (state === 'disabled') === (before.state === 'disabled'))
    return { action: 'changed', what };
  return { action: state === 'disabled' ? 'disabled' : 'enabled', what };
}
