import { createTurns } from '../webhooks/turns.ts';
import { type Pace, type Retained, type RetentionDeps, sweepSite } from './retention.ts';

/** Keeps comments, addresses and the audit as long as each site's policy says. One runs in each process. */
export interface RetentionRunner {
  /** What this process has taken away since it started, and when a sweep of all sites last ended here. */
  readonly tallies: Readonly<Retained & { sweptAt: number | null }>;
  start(): void;
  /** Waits for a part under way. */
  stop(): Promise<void>;
}

export interface RetentionOptions {
  report(error: unknown): void;
}

/** How often all is swept, whichever instance does it. Milliseconds. */
export const SWEEP_EVERY = 3_600_000;
/** How often an instance looks whether it is time. A process that starts has better things to do at first. */
const LOOK_EVERY = 60_000;
const FIRST_LOOK = 2000;
/** After each part it rests as long as the part took, and no less. Milliseconds. */
const LEAST_REST = 20;

const SWEPT = 'swept';

/** One sweep of every site; false where it was stopped, or another instance has it. */
export async function sweepAll(deps: RetentionDeps, pace: Pace): Promise<boolean> {
  for (const id of await deps.sites.ids()) {
    const site = await deps.sites.find(id);
    if (site && !(await sweepSite(deps, site, pace))) return false;
  }
  await deps.retention.setMark(SWEPT, String(deps.clock.now()));
  return true;
}

export function createRetentionRunner(deps: RetentionDeps, { report }: RetentionOptions): RetentionRunner {
  const tallies: Retained & { sweptAt: number | null } = {
    comments: { spam: 0, trash: 0, rejected: 0 },
    addresses: 0,
    auditEntries: 0,
    sweptAt: null,
  };
  let stopped = false;
  let partBegan = 0;

  const pace: Pace = {
    async rest() {
      const took = performance.now() - partBegan;
      await new Promise((resolve) => setTimeout(resolve, Math.max(LEAST_REST, took)));
      partBegan = performance.now();
      return !stopped && (await deps.retention.hold());
    },
    onTaken({ comments = {}, addresses = 0, auditEntries = 0 }) {
      for (const status of ['spam', 'trash', 'rejected'] as const)
        tallies.comments[status] += comments[status] ?? 0;
      tallies.addresses += addresses;
      tallies.auditEntries += auditEntries;
    },
  };

  async function look(): Promise<void> {
    if (!(await deps.retention.hold())) return;
    try {
      const swept = Number((await deps.retention.mark(SWEPT)) ?? 0);
      // A mark that is far ahead is of a clock that was set back since: it must not put all off until that time.
      if (Math.abs(deps.clock.now() - swept) < SWEEP_EVERY) return;
      partBegan = performance.now();
      if (await sweepAll(deps, pace)) tallies.sweptAt = deps.clock.now();
    } finally {
      await deps.retention.release();
    }
  }

  const turns = createTurns(look, { everyMs: LOOK_EVERY, report });
  return {
    tallies,
    start: () => turns.soon(FIRST_LOOK),
    async stop() {
      stopped = true;
      await turns.end();
    },
  };
}
