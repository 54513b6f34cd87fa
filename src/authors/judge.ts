import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import type { Batch } from '../moderation/batch-store.ts';
import { carryOn, planBatchId, planMatch } from '../moderation/batches.ts';
import { checkReasons } from '../moderation/decide.ts';
import { entryOf } from '../moderation/record.ts';
import { findSite } from '../sites/manage.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { describeAuthor, findAuthor } from './directory.ts';
import type { AuthorView } from './profile.ts';
import type { SetStanding, Spoken, StandingRecord } from './standing.ts';
import { FIRST_VERSION } from './standing.ts';
import { spokenOf } from './standings.ts';

/** A person's word on an author. */
export interface Judgement {
  /** Null takes back what was said before. */
  standing: SetStanding | null;
  /** When it ends by itself, in milliseconds since 1970. */
  until?: number | null;
  /** One of the site's reasons. */
  reason?: string | null;
  note?: string | null;
  /** What becomes of the author's comments; `keep` leaves them. */
  existing?: 'keep' | 'reject' | 'spam' | 'trash';
  /** The version that the caller saw; undefined applies to what is current. */
  version?: number;
}

/** The contract's answer: `batchId` and `decided` tell of the author's comments, which are a batch that can be undone. */
export interface JudgedAuthor {
  author: AuthorView;
  batchId: string | null;
  decided: number;
}

export interface JudgeOptions {
  key: string;
  site?: string;
  judgement: Judgement;
}

/** What is wrong with an end: it must lie ahead, and nothing that is taken back can end. */
function checkUntil(deps: Deps, { standing, until }: Partial<Judgement>): FieldError[] {
  if (until === undefined || until === null) return [];
  if (standing === null) return [{ pointer: '/until', code: 'invalid' }];
  return until <= deps.clock.now() ? [{ pointer: '/until', code: 'out-of-range' }] : [];
}

/** What is wrong with a person's word on an author of the site, as far as it can be read. */
export function errorsOfJudgement(deps: Deps, site: Site, judgement: Partial<Judgement>): FieldError[] {
  return [...checkReasons([site], judgement).errors, ...checkUntil(deps, judgement)];
}

interface Writing {
  record: Omit<StandingRecord, 'version'>;
  /** The version that the caller saw. */
  version: number | undefined;
  /** What is written in the same step. */
  brings: { act: AuditEntry; spoken: Spoken; batch?: Batch };
}

async function write(deps: Deps, { record, version, brings }: Writing): Promise<void> {
  for (;;) {
    const current = await deps.authors.findStanding(record.key);
    const expected = version ?? current?.version ?? FIRST_VERSION;
    const result = await deps.authors.setStanding({ ...record, version: expected + 1 }, expected, brings);
    if (result.set) return;
    if (version !== undefined)
      throw new AppError('conflict', { extra: { current: { version: result.version } } });
  }
}

interface Existing extends Pick<StandingRecord, 'key' | 'by' | 'at' | 'reason'> {
  site: string;
  action: Exclude<Judgement['existing'], 'keep' | undefined>;
  note: string | null;
}

/** What is to become of all that the author has written. It begins with the standing, in one step. */
function planExisting(deps: Deps, { site, key, by, at, action, reason, note }: Existing): Batch {
  return planMatch(deps, {
    batchId: planBatchId(deps),
    by,
    // What comes in from now on is screened by the new standing.
    filter: { sites: [site], status: 'all', authorKey: key, until: at },
    decision: { action, reason, note },
    limit: null,
    passOver: true,
  });
}

/**
 * Sets or takes back an author's standing; it holds for the next comment through any instance. Then decides
 * what they have written so far, where that is asked for.
 * Throws `not-found`, `validation-failed`, `conflict` with `current`.
 */
export async function judgeAuthor(
  deps: Deps,
  principal: Principal,
  { key, site: named, judgement }: JudgeOptions,
): Promise<JudgedAuthor> {
  const { site: id, name } = await findAuthor(deps, principal, { key, site: named });
  const site = await findSite(deps, id);
  const errors = errorsOfJudgement(deps, site, judgement);
  if (errors.length > 0) throw validationFailed(errors);
  const { reason, note } = checkReasons([site], judgement);
  const { standing, until = null, version, existing = 'keep' } = judgement;
  const at = deps.clock.now();
  const by = actorOf(principal);
  const act = entryOf(deps, {
    by,
    action: standing === null ? 'author-cleared' : `author-${standing}`,
    site: id,
    subject: key,
    reason,
    note,
  });
  const record = { site: id, key, standing, until, reason, by, at };
  const planned = existing === 'keep' ? undefined : planExisting(deps, { ...record, action: existing, note });
  const spoken = await spokenOf(deps, site, { key, name });
  await write(deps, { record, version, brings: { act, spoken, ...(planned && { batch: planned }) } });
  const batch = planned ? await carryOn(deps, planned) : null;
  const author = await describeAuthor(deps, principal, { key, site: id });
  return { author, batchId: batch?.id ?? null, decided: batch?.decided ?? 0 };
}
