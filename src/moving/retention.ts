import type { CommentCommand } from '../comments/commands.ts';
import type { Deps } from '../deps.ts';
import { idFloor } from '../ids.ts';
import { SERVICE } from '../moderation/record.ts';
import type { Site } from '../sites/site.ts';
import { type AgedComment, FADING, type FadingStatus } from './retention-store.ts';

/** What was taken away. */
export interface Retained {
  comments: Record<FadingStatus, number>;
  addresses: number;
  auditEntries: number;
}

export type RetentionDeps = Pick<Deps, 'comments' | 'sites' | 'retention' | 'ids' | 'clock'>;

/** How a sweep goes about it. */
export interface Pace {
  /** Waited for between two parts, so that posts come first; false where it has to end, for another to go on. */
  rest(): Promise<boolean>;
  /** Told after each part. */
  onTaken(what: Partial<Omit<Retained, 'comments'>> & { comments?: Partial<Retained['comments']> }): void;
}

/** Comments changed, or entries taken away, at once: bounds how long a post waits. */
const PART = 100;
/** Comments looked at, at once. */
const LOOKED_AT = 500;
const DAY = 24 * 3_600_000;

/** Carries the same command out on each; how many took it. One that somebody changed meanwhile did not. */
async function changeEach(
  deps: RetentionDeps,
  ids: string[],
  commandOf: (act: { decisionId: string; at: number }, index: number) => CommentCommand,
): Promise<number> {
  const at = deps.clock.now();
  const batch = deps.ids.next(at);
  const changes = ids.map((id, i) => ({ id, command: commandOf({ decisionId: batch + id, at }, i) }));
  const results = await deps.comments.changeMany(changes);
  return results.filter(({ refused }) => refused === undefined).length;
}

/** Since when it counts: what came from elsewhere was not here before the import. */
const countsSince = ({ since, isImported }: AgedComment, lastImport: number | null): number =>
  isImported ? Math.max(since, lastImport ?? since) : since;

async function expire(
  deps: RetentionDeps,
  { site, status, days }: { site: string; status: FadingStatus; days: number },
  pace: Pace,
): Promise<boolean> {
  const cutoff = deps.clock.now() - days * DAY;
  const lastImport = await deps.retention.lastImport(site);
  // None is older than its making.
  const before = idFloor(cutoff);
  for (let after = ''; ; ) {
    const found = await deps.retention.aged({ site, status, after, before, limit: LOOKED_AT });
    const due = found.filter((one) => countsSince(one, lastImport) < cutoff);
    for (let start = 0; start < due.length; start += PART) {
      const part = due.slice(start, start + PART);
      const taken = await changeEach(
        deps,
        part.map(({ id }) => id),
        (act, i) => ({ kind: 'expire', ...act, by: SERVICE, version: part[i]?.version ?? 0 }),
      );
      pace.onTaken({ comments: { [status]: taken } });
      if (!(await pace.rest())) return false;
    }
    after = found.at(-1)?.id ?? after;
    if (found.length < LOOKED_AT) return true;
    if (due.length === 0 && !(await pace.rest())) return false;
  }
}

interface AddressMark {
  /** No comment up to this id has an address. */
  upTo: string;
  /** When that was looked for. */
  at: number;
}

/**
 * Goes on where the last sweep ended; from the beginning where an import has brought older ones since, as it may have
 * where a clock that was ahead was set back.
 */
async function addressMark(deps: RetentionDeps, site: string): Promise<AddressMark> {
  const at = deps.clock.now();
  const kept = await deps.retention.mark(`addresses/${site}`);
  if (kept === null) return { upTo: '', at };
  const known = JSON.parse(kept) as AddressMark;
  const lastImport = await deps.retention.lastImport(site);
  const mayHaveOlder = lastImport !== null && (lastImport >= known.at || known.at > at);
  return mayHaveOlder ? { upTo: '', at } : { ...known, at };
}

async function forgetAddresses(
  deps: RetentionDeps,
  { site, days }: { site: string; days: number },
  pace: Pace,
): Promise<boolean> {
  const before = idFloor(deps.clock.now() - days * DAY);
  const mark = await addressMark(deps, site);
  for (let { upTo } = mark; ; ) {
    const { ids, last } = await deps.retention.addressed({ site, after: upTo, before, limit: LOOKED_AT });
    for (let start = 0; start < ids.length; start += PART) {
      const part = ids.slice(start, start + PART);
      const addresses = await changeEach(deps, part, (act) => ({ kind: 'forget-address', ...act }));
      pace.onTaken({ addresses });
      if (!(await pace.rest())) return false;
    }
    if (last === null) return true;
    upTo = last;
    await deps.retention.setMark(`addresses/${site}`, JSON.stringify({ upTo, at: mark.at }));
    if (ids.length === 0 && !(await pace.rest())) return false;
  }
}

async function trimAudit(
  deps: RetentionDeps,
  { site, days }: { site: string; days: number },
  pace: Pace,
): Promise<boolean> {
  const before = idFloor(deps.clock.now() - days * DAY);
  for (;;) {
    const auditEntries = await deps.retention.trimAudit({ site, before, limit: PART });
    pace.onTaken({ auditEntries });
    if (auditEntries < PART) return true;
    if (!(await pace.rest())) return false;
  }
}

/** Takes away what the site keeps no longer; false where it had to end before it was through. Cut off, the next goes on. */
export async function sweepSite(deps: RetentionDeps, { id, policy }: Site, pace: Pace): Promise<boolean> {
  const { spamDays, trashDays, rejectedDays, emailDays, auditDays } = policy.retention;
  const days: Record<FadingStatus, number | null> = {
    spam: spamDays,
    trash: trashDays,
    rejected: rejectedDays,
  };
  for (const status of FADING) {
    const kept = days[status];
    if (kept !== null && !(await expire(deps, { site: id, status, days: kept }, pace))) return false;
  }
  if (emailDays !== null && !(await forgetAddresses(deps, { site: id, days: emailDays }, pace))) return false;
  return auditDays === null || trimAudit(deps, { site: id, days: auditDays }, pace);
}
