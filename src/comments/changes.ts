import type {
  CommentCommand,
  DecideCommand,
  EditCommand,
  NoteCommand,
  RecheckCommand,
  RemoveCommand,
  ReportCommand,
  ReviseCommand,
  UndoCommand,
  VerdictCommand,
} from './commands.ts';
import type {
  Actor,
  Comment,
  CommentAuthor,
  CommentStatus,
  HistoryAction,
  HistoryEntry,
  PhaseOutcome,
  Report,
} from './comment.ts';
import { DECISION_ACTIONS, NOTED_ACTIONS } from './comment.ts';
import type { CommentEvent } from './event.ts';
import { eventOfEntry, reportedEvent } from './event.ts';
import { historyAfter } from './history.ts';
import { judge, worse } from './judgement.ts';
import { decidedStatus, restoredStatus } from './status.ts';
import type { Tally } from './tallies.ts';
import { talliesOf, tallyChange } from './tallies.ts';
import { MOST_OF_ADDRESS } from './vote-store.ts';

export type Refusal =
  | { refused: 'not-found' }
  | { refused: 'comment-deleted' }
  | { refused: 'nothing-to-restore' }
  /** A report that counts no further; there is nothing to write and nothing to tell. */
  | { refused: 'not-counted' }
  /** A verdict on what a person has decided; a verdict on an older text, or older than one that came in. */
  | { refused: 'decided' }
  | { refused: 'stale' }
  /** The very act is in the history: it was carried out before, by whoever was cut off then. */
  | { refused: 'repeated'; entry: HistoryEntry }
  | { refused: 'conflict'; current: CurrentState };

/** What a caller who lost a race is told. */
export interface CurrentState {
  status: CommentStatus;
  version: number;
  by: Actor | null;
  at: number;
}

export interface PlannedChange {
  refused?: undefined;
  /** The comment after the change; `open` only for its own part, the store carries it to descendants. */
  next: Comment;
  /** The entry to append; null for a report that holds nothing. */
  entry: HistoryEntry | null;
  /** The decision to mark undone, for an undo. */
  undone: string | null;
  /** What becomes of the reports; null where nothing does. */
  reports: ReportChange | null;
  event: CommentEvent;
  /** By how much it moves what statistics count. */
  tallies: Tally[];
}

export type ReportChange =
  | { kind: 'add'; report: Report }
  /** Every open one is closed by this decision. */
  | { kind: 'close'; decisionId: string }
  /** Those that this decision closed are open again. */
  | { kind: 'reopen'; decisionId: string };

/** What a plan has to know beside the comment. */
export interface Surroundings {
  /** Oldest first. */
  history: HistoryEntry[];
  /** True for a root. */
  parentOpen: boolean;
  /** All of the comment's reports; asked for by a report alone. */
  reports: () => Report[];
}

/** Reports kept of one comment, closed ones included: beyond so many one more tells a moderator nothing. */
const MOST_REPORTS = 1000;
const REPORTS: Actor = { kind: 'system', id: 'reports', name: 'reports' };

/** What `command` makes of a comment. Pure. */
export function planChange(
  current: Comment,
  command: CommentCommand,
  around: Surroundings,
): PlannedChange | Refusal {
  const plan = planFor(current, command, around);
  if (plan.refused !== undefined) return plan;
  const { next, entry, undone } = plan;
  if (entry === null) return { ...plan, tallies: [] };
  const { history } = around;
  const after = talliesOf(next, historyAfter(history, { entry, undone }));
  return { ...plan, tallies: tallyChange(talliesOf(current, history), after) };
}

type Plan = Omit<PlannedChange, 'tallies'>;

function planFor(current: Comment, command: CommentCommand, around: Surroundings): Plan | Refusal {
  const entry = repeatedEntry(command, around.history);
  if (entry) return { refused: 'repeated', entry };
  if (current.deletedAt !== null) return { refused: 'comment-deleted' };
  switch (command.kind) {
    case 'decide':
      return planDecision(current, command, around);
    case 'undo':
      return planUndo(current, command, around);
    case 'edit':
      return planEdit(current, command, around);
    case 'revise':
      return planRevision(current, command, around);
    case 'remove':
      return planRemoval(current, command);
    case 'report':
      return planReport(current, command, around);
    case 'recheck':
      return planRecheck(current, command, around);
    case 'verdict':
      return planVerdict(current, command, around);
    case 'note':
      return planNote(current, command);
  }
}

const NOTED: ReadonlySet<HistoryAction> = new Set(NOTED_ACTIONS);

const REPEATABLE: ReadonlySet<CommentCommand['kind']> = new Set<CommentCommand['kind']>([
  'decide',
  'undo',
  'verdict',
]);

/** What a decision, an undo or a verdict left in the history when it was carried out before. */
function repeatedEntry(command: CommentCommand, history: HistoryEntry[]): HistoryEntry | undefined {
  if (!REPEATABLE.has(command.kind)) return undefined;
  return history.find((entry) => entry.decisionId === command.decisionId);
}

/** What stands now, for a caller who saw something else. */
export function currentState(comment: Comment, history: HistoryEntry[]): CurrentState {
  const last = history.filter(({ action }) => !NOTED.has(action)).at(-1);
  return {
    status: comment.status,
    version: comment.version,
    by: last?.by ?? comment.decidedBy,
    at: last?.at ?? comment.createdAt,
  };
}

const conflict = (comment: Comment, history: HistoryEntry[]): Refusal => ({
  refused: 'conflict',
  current: currentState(comment, history),
});

type Act = Pick<HistoryEntry, 'decisionId' | 'at' | 'by'>;

function entryFor(
  current: Comment,
  next: Comment,
  act: Act,
  rest: Pick<HistoryEntry, 'action'> & Partial<HistoryEntry>,
): HistoryEntry {
  return {
    decisionId: act.decisionId,
    at: act.at,
    by: act.by,
    from: current.status,
    to: next.status,
    reason: null,
    note: null,
    batchId: null,
    version: next.version,
    closedReports: 0,
    undone: false,
    undoes: null,
    previousBy: current.decidedBy,
    ...rest,
  };
}

const planned = (
  next: Comment,
  entry: HistoryEntry,
  rest: Partial<Pick<Plan, 'undone' | 'reports'>> = {},
): Plan => ({
  next,
  entry,
  undone: null,
  reports: null,
  event: eventOfEntry(next, entry),
  ...rest,
});

function planDecision(
  current: Comment,
  command: DecideCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== undefined && command.version !== current.version) return conflict(current, history);
  const status =
    command.action === 'restore' ? restoredStatus(current, history) : decidedStatus(command.action);
  if (status === null) return { refused: 'nothing-to-restore' };
  // A restore is no judgement of what readers reported: their reports wait on.
  const closes = command.action !== 'restore' && current.openReports > 0;
  const next: Comment = {
    ...current,
    status,
    decidedBy: command.by,
    version: current.version + 1,
    open: parentOpen && status === 'approved',
    openReports: closes ? 0 : current.openReports,
  };
  const entry = entryFor(current, next, command, {
    action: command.action,
    reason: command.reason,
    note: command.note,
    batchId: command.batchId ?? null,
    closedReports: closes ? current.openReports : 0,
  });
  return planned(next, entry, {
    reports: closes ? { kind: 'close', decisionId: command.decisionId } : null,
  });
}

/** Acts that stand in the way of an undo; what was taken back already no longer does, nor does what changed nothing. */
const STANDS_IN_THE_WAY: ReadonlySet<HistoryAction> = new Set<HistoryAction>([
  'approve',
  'reject',
  'spam',
  'trash',
  'restore',
  'edit',
  'delete',
  'hold',
]);
const DECISIONS: ReadonlySet<HistoryAction> = new Set(DECISION_ACTIONS);

function planUndo(
  current: Comment,
  command: UndoCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  const target = history.find((entry) => entry.decisionId === command.undoes);
  if (!target) return { refused: 'not-found' };
  // Acts are taken back newest first, each once.
  const newest = history.filter((entry) => !entry.undone && STANDS_IN_THE_WAY.has(entry.action)).at(-1);
  if (target !== newest || !DECISIONS.has(target.action)) return conflict(current, history);
  const next: Comment = {
    ...current,
    status: target.from,
    decidedBy: target.previousBy,
    version: current.version + 1,
    open: parentOpen && target.from === 'approved',
    openReports: current.openReports + target.closedReports,
  };
  const entry = entryFor(current, next, command, {
    action: 'undo',
    undoes: target.decisionId,
    batchId: command.batchId ?? null,
  });
  return planned(next, entry, {
    undone: target.decisionId,
    reports: target.closedReports > 0 ? { kind: 'reopen', decisionId: target.decisionId } : null,
  });
}

function planEdit(
  current: Comment,
  command: EditCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  // A status that a person gave may only fall, and only from approved; one that a machine gave is given anew.
  const byPerson = current.decidedBy !== null && current.decidedBy.kind !== 'filter';
  const status = byPerson && current.status !== 'approved' ? current.status : command.screened;
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

function planRevision(current: Comment, command: ReviseCommand, { history }: Surroundings): Plan | Refusal {
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

function planReport(
  current: Comment,
  { decisionId, at, report, holdAt }: ReportCommand,
  { reports }: Surroundings,
): Plan | Refusal {
  const known = reports();
  const ofAddress = known.filter((one) => one.address === report.address).length;
  const counted = known.some((one) => one.reader === report.reader);
  if (counted || ofAddress >= MOST_OF_ADDRESS || known.length >= MOST_REPORTS)
    return { refused: 'not-counted' };
  const added: ReportChange = { kind: 'add', report: { id: decisionId, ...report, at, closedBy: null } };
  const openReports = current.openReports + 1;
  if (holdAt === null || openReports < holdAt || current.status !== 'approved') {
    const next = { ...current, openReports };
    const event = reportedEvent(next, { id: decisionId, at });
    return { next, entry: null, undone: null, reports: added, event };
  }
  const next: Comment = {
    ...current,
    openReports,
    status: 'pending',
    decidedBy: null,
    version: current.version + 1,
    open: false,
  };
  const entry = entryFor(current, next, { decisionId, at, by: REPORTS }, { action: 'hold' });
  return planned(next, entry, { reports: added });
}

/** Whether a person's word stands on it, which no filter moves. */
const isDecided = ({ decidedBy }: Comment): boolean => decidedBy !== null && decidedBy.kind !== 'filter';

/** Whether readers' reports hold it, and nobody has looked since. */
function isHeldByReaders(history: HistoryEntry[]): boolean {
  const standing = history.filter(
    ({ action, undone }) => !undone && !NOTED.has(action) && action !== 'verdict' && action !== 'recheck',
  );
  return standing.at(-1)?.action === 'hold';
}

function planVerdict(
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
  const status = isHeldByReaders(history) ? worse(judged, 'pending') : judged;
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

function planRecheck(
  current: Comment,
  command: RecheckCommand,
  { history, parentOpen }: Surroundings,
): Plan | Refusal {
  if (command.version !== current.version) return conflict(current, history);
  const screening = [...command.screening, ...current.screening.filter(({ filter }) => filter)];
  const { status: judged, risk } = judge(screening);
  const given = isHeldByReaders(history) ? worse(judged, 'pending') : judged;
  const status = isDecided(current) ? current.status : given;
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

function planNote(current: Comment, command: NoteCommand): Plan {
  const next: Comment = { ...current, pinned: command.pinned ?? current.pinned };
  return planned(
    next,
    entryFor(current, next, command, { action: command.action, note: command.note ?? null }),
  );
}

const NOBODY: CommentAuthor = { key: null, name: null, url: null, email: null, moderator: false };

/** An outcome without anything that may quote the text. */
const withoutText = ({ matches: _, filter, ...outcome }: PhaseOutcome): PhaseOutcome => ({
  ...outcome,
  detail: null,
  ...(filter && { filter: { ...filter, labels: [], reason: null } }),
});

function planRemoval(current: Comment, command: RemoveCommand): Plan {
  const next: Comment = {
    ...current,
    author: { ...NOBODY, key: current.author.key },
    text: null,
    html: null,
    version: current.version + 1,
    deletedAt: command.at,
    screening: current.screening.map(withoutText),
  };
  return planned(next, entryFor(current, next, command, { action: 'delete' }));
}
