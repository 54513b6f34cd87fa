import type { ExpireCommand, ForgetAddressCommand } from '../commands.ts';
import type { Comment } from '../comment.ts';
import { quietEvent } from '../event.ts';
import { conflict, entryFor, type Plan, planned, type Refusal, type Surroundings } from './plan.ts';
import { emptied } from './texts.ts';

/** Whoever changed it meanwhile wins: what they said of it begins its time anew. */
export function planExpiry(
  current: Comment,
  command: ExpireCommand,
  { history }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  const next = emptied(current, command.at);
  return planned(next, entryFor(current, next, command, { action: 'expire' }));
}

/** No act and no new version: nobody did anything, and nothing that is shown to readers has changed. */
export function planForgottenAddress(current: Comment, command: ForgetAddressCommand): Plan | Refusal {
  if (current.author.email === null) return { refused: 'not-counted' };
  const next: Comment = { ...current, author: { ...current.author, email: null } };
  const event = quietEvent(next, { id: command.decisionId, at: command.at });
  return { next, entry: null, undone: null, reports: null, event };
}
