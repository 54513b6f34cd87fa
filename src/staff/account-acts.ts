import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import { entryOf } from '../moderation/record.ts';
import type { Moderator, ModeratorState } from './moderator.ts';

/** What is done to accounts, as the audit has it. */
type AccountAct = 'created' | 'changed' | 'disabled' | 'enabled' | 'deleted' | 'invited' | 'reset';

/** The one site of a scope; null for several and for all. */
function siteOfScope(sites: string[]): string | null {
  const [only = '*', ...others] = sites;
  return others.length === 0 && only !== '*' ? only : null;
}

/** An act on an account, as the audit has it; of a change, on the account as it is after it. */
export function accountEntry(
  deps: Deps,
  { id, name, sites }: Pick<Moderator, 'id' | 'name' | 'sites'>,
  act: { by: Actor; action: AccountAct; what?: string },
): AuditEntry {
  const { by, action, what } = act;
  const whose = `${name} (${id})`;
  return entryOf(deps, {
    ...{ by, action: `moderator-${action}` },
    ...(action === 'created' && { id }),
    site: siteOfScope(sites),
    note: what ? `${whose}: ${what}` : whose,
  });
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
