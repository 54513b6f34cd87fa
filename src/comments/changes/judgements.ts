import type { RecheckCommand, VerdictCommand } from '../commands.ts';
import type { Comment, CommentStatus, HistoryEntry } from '../comment.ts';
import { judge, worse } from '../judgement.ts';
import { conflict, entryFor, NOTED, type Plan, planned, type Refusal, type Surroundings } from './plan.ts';

/** Whether a person's word stands on it, which no filter moves. */
const isDecided = ({ decidedBy }: Comment): boolean => decidedBy !== null && decidedBy.kind !== 'filter';

/** What comes of a machine's look at it, or of its author, is no word of the service's people. */
const isNobodysWord = ({ action, by }: HistoryEntry): boolean =>
  NOTED.has(action) || action === 'verdict' || action === 'recheck' || by.kind === 'author';

/** Whether readers' reports hold it, and nobody has looked since. */
function isHeldByReaders(history: HistoryEntry[]): boolean {
  return history.filter((entry) => !entry.undone && !isNobodysWord(entry)).at(-1)?.action === 'hold';
}

/** A status that screening asks for, as far as it may be given: what readers' reports hold waits for a person. */
export function givenByScreening(screened: CommentStatus, history: HistoryEntry[]): CommentStatus {
  return isHeldByReaders(history) ? worse(screened, 'pending') : screened;
}

export function planVerdict(
  current: Comment,
  command: VerdictCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (isDecided(current)) return { refused: 'decided' };
  const { outcome, revision = current.revision } = command;
  const at = current.screening.findIndex(({ filter }) => filter?.id === outcome.filter.id);
  const standing = current.screening[at]?.filter?.signedAt ?? null;
  const isOlder = standing !== null && standing > (outcome.filter.signedAt ?? 0);
  if (revision !== current.revision || isOlder) return { refused: 'stale' };
  const screening =
    at === -1
      ? [...current.screening, outcome]
      : current.screening.map((one, i) => (i === at ? outcome : one));
  const { status: judged, risk } = judge(screening);
  const status = givenByScreening(judged, history);
  const next: Comment = {
    ...current,
    status,
    decidedBy: status === current.status ? current.decidedBy : command.by,
    version: current.version + 1,
    open: parentOpen && status === 'approved',
    screening,
    risk,
  };
  return planned(next, entryFor(current, next, command, { action: 'verdict' }));
}

export function planRecheck(
  current: Comment,
  command: RecheckCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  const screening = [...command.screening, ...current.screening.filter(({ filter }) => filter)];
  const { status: judged, risk } = judge(screening);
  const status = isDecided(current) ? current.status : givenByScreening(judged, history);
  const moved = status !== current.status;
  const next: Comment = {
    ...current,
    status,
    decidedBy: moved ? null : current.decidedBy,
    version: current.version + Number(moved),
    open: parentOpen && status === 'approved',
    screening,
    risk,
  };
  return planned(next, entryFor(current, next, command, { action: 'recheck' }));
}
