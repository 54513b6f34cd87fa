import type { Database } from 'better-sqlite3';
import { createAliases } from './aliases.ts';
import { createAudit } from './audit.ts';
import { createBatches } from './batches.ts';
import { createChange } from './change.ts';
import { createClaims } from './claims.ts';
import { createEventLog } from './event-log.ts';
import { createIdempotency } from './idempotency.ts';
import { createMend } from './mend.ts';
import { createMeta } from './meta.ts';
import type { Pages } from './pages.ts';
import { createSites } from './sites.ts';
import { createStaff } from './staff.ts';
import { createSubmit } from './submit.ts';
import { createTokens } from './tokens.ts';
import { createWordlists } from './wordlists.ts';

/** Every operation of the writer, by name. Each takes the batch's context and plain data, and gives plain data. */
export function createOperations(db: Database, pages: Pages) {
  return {
    submit: createSubmit(db, pages),
    ...createChange(db),
    ...createAliases(db, pages),
    ...createSites(db),
    ...createTokens(db),
    ...createStaff(db),
    ...createWordlists(db),
    ...createIdempotency(db),
    ...createMeta(db),
    ...createAudit(db),
    ...createBatches(db),
    ...createClaims(db),
    ...createEventLog(db),
    ...createMend(db),
  };
}

export type Operations = ReturnType<typeof createOperations>;
export type OperationName = keyof Operations;
export type ArgsOf<Name extends OperationName> = Parameters<Operations[Name]>[1];
export type ResultOf<Name extends OperationName> = ReturnType<Operations[Name]>;

/** A call on its way to the writer. */
export type Call = { [Name in OperationName]: [name: Name, args: ArgsOf<Name>] }[OperationName];
