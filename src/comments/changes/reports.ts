import type { ReportCommand } from '../commands.ts';
import type { Actor, Comment } from '../comment.ts';
import { reportedEvent } from '../event.ts';
import { MOST_OF_ADDRESS } from '../vote-store.ts';
import { entryFor, type Plan, planned, type Refusal, type ReportChange, type Surroundings } from './plan.ts';

/** Reports kept of one comment, closed ones included: beyond so many one more tells a moderator nothing. */
const MOST_REPORTS = 1000;
const REPORTS: Actor = { kind: 'system', id: 'reports', name: 'reports' };

export function planReport(
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
