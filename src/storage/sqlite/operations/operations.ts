import type { Database } from 'better-sqlite3';
import { createAliases } from './aliases.ts';
import { createAudit } from './audit.ts';
import { createBatches } from './batches.ts';
import { createChange } from './change.ts';
import { createClaims } from './claims.ts';
import { createDirectory } from './directory.ts';
import { createEventLog } from './event-log.ts';
import { createFilters } from './filters.ts';
import { createIdempotency } from './idempotency.ts';
import { createIdentities } from './identities.ts';
import { createImports } from './imports.ts';
import { createLessons } from './lessons.ts';
import { createMend } from './mend.ts';
import { createMeta } from './meta.ts';
import { createOutbox } from './outbox.ts';
import { createPageUpdate } from './page-update.ts';
import type { OperationParts } from './parts.ts';
import { createRetention } from './retention.ts';
import { createSearch } from './search.ts';
import { createSites } from './sites.ts';
import { createStaff } from './staff.ts';
import { createStandings } from './standings.ts';
import { createSubmit } from './submit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createTokens } from './tokens.ts';
import { createForgetting } from './traces.ts';
import { createVotes } from './votes.ts';
import { createWebhooks } from './webhooks.ts';
import { createWordlists } from './wordlists.ts';

/** Every operation of the writer, by name. Each takes the batch's context and plain data, and gives plain data. */
export function createOperations(db: Database, parts: OperationParts) {
  return {
    submit: createSubmit(db, parts),
    ...createChange(db, parts),
    ...createAliases(db, parts),
    ...createSites(db, parts),
    ...createTokens(db),
    ...createStaff(db),
    ...createWordlists(db),
    ...createFilters(db),
    ...createIdempotency(db),
    ...createMeta(db),
    ...createAudit(db),
    ...createBatches(db),
    ...createClaims(db),
    ...createEventLog(db),
    ...createWebhooks(db),
    ...createOutbox(db),
    ...createLessons(db),
    ...createMend(db, parts),
    ...createSearch(db, parts),
    ...createStandings(db),
    ...createForgetting(db),
    ...createDirectory(db),
    ...createVotes(db),
    ...createPageUpdate(db, parts),
    ...createImports(db, parts),
    ...createSubscriptions(db),
    ...createRetention(db),
    ...createIdentities(db),
  };
}

export type Operations = ReturnType<typeof createOperations>;
export type OperationName = keyof Operations;
export type ArgsOf<Name extends OperationName> = Parameters<Operations[Name]>[1];
export type ResultOf<Name extends OperationName> = ReturnType<Operations[Name]>;

/** A call on its way to the writer. */
export type Call = { [Name in OperationName]: [name: Name, args: ArgsOf<Name>] }[OperationName];
