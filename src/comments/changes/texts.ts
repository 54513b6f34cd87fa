import type { EditCommand, EraseCommand, RemoveCommand, ReviseCommand } from '../commands.ts';
import type { Comment, CommentAuthor, PhaseOutcome } from '../comment.ts';
import { givenByScreening } from './judgements.ts';
import { conflict, entryFor, type Plan, planned, type Refusal, type Surroundings } from './plan.ts';

export function planEdit(
  current: Comment,
  command: EditCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  // A status that a person gave may only fall, and only from approved; one that a machine gave is given anew,
  // but an author does not write away what readers reported.
  const byPerson = current.decidedBy !== null && current.decidedBy.kind !== 'filter';
  const status =
    byPerson && current.status !== 'approved' ? current.status : givenByScreening(command.screened, history);
  const fell = status !== current.status;
  const next: Comment = {
    ...current,
    text: command.text,
    html: command.html,
    status,
    decidedBy: fell ? null : current.decidedBy,
    version: current.version + 1,
    revision: current.revision + 1,
    editedAt: command.at,
    open: parentOpen && status === 'approved',
    screening: command.screening,
    risk: command.risk,
  };
  return planned(next, entryFor(current, next, command, { action: 'edit' }));
}

export function planRevision(
  current: Comment,
  command: ReviseCommand,
  { history }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  const { body, author = {} } = command;
  const next: Comment = {
    ...current,
    author: { ...current.author, ...author },
    version: current.version + 1,
    ...(body && {
      text: body.text,
      html: body.html,
      revision: current.revision + 1,
      editedAt: command.at,
      // What rules saw in the old text stands where the new one may not have it.
      screening: current.screening.map(({ matches: _, ...outcome }) => outcome),
    }),
  };
  return planned(next, entryFor(current, next, command, { action: 'edit' }));
}

const NOBODY: CommentAuthor = { key: null, name: null, url: null, email: null, moderator: false };

/** An outcome without anything that may quote the text. */
export const emptyOutcome = ({ matches: _, filter, ...outcome }: PhaseOutcome): PhaseOutcome => ({
  ...outcome,
  detail: null,
  ...(filter && { filter: { ...filter, labels: [], reason: null } }),
});

/** A comment without its text and whoever wrote it, but for the pseudonym. */
export const emptied = (current: Comment, at: number): Comment => ({
  ...current,
  author: { ...NOBODY, key: current.author.key },
  text: null,
  html: null,
  version: current.version + 1,
  deletedAt: at,
  screening: current.screening.map(emptyOutcome),
});

export function planRemoval(current: Comment, command: RemoveCommand): Plan {
  const next = emptied(current, command.at);
  return planned(next, entryFor(current, next, command, { action: 'delete' }));
}

/** The pseudonym goes too: nothing of what stays leads back to the address, or to what its owner writes next. */
export function planErasure(current: Comment, command: EraseCommand): Plan {
  const isGone = command.mode === 'delete';
  const next: Comment = {
    ...current,
    author: { ...NOBODY, moderator: current.author.moderator && !isGone },
    ...(isGone && { text: null, html: null, deletedAt: command.at }),
    version: current.version + 1,
    screening: current.screening.map(emptyOutcome),
  };
  return planned(next, entryFor(current, next, command, { action: isGone ? 'erase' : 'anonymise' }));
}
