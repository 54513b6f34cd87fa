import { idFloor } from '../../ids.ts';
import type { AuditEntry, AuditQuery, AuditStore } from '../../moderation/audit.ts';
import { auditEntryOf } from '../../moderation/audit.ts';
import type { AuditDoc } from './acting.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';
import { DURABLE } from './database.ts';

/** The server merges a sorted scan for each site, up to 200 of them; so many sites are asked in groups. */
const MOST_SCANS = 150;

/** AuditStore on MongoDB. Acts on comments come from the fold; a list adds those that still wait in their comments. */
export function createAudit({ audit, comments }: Pick<Database, 'audit' | 'comments'>): AuditStore {
  async function waiting({ sites, commentId }: AuditQuery): Promise<AuditEntry[]> {
    const filter: Filter<CommentDoc> = {
      work: true,
      ...(sites === null ? {} : { site: { $in: sites } }),
      ...(commentId === undefined ? {} : { _id: commentId }),
    };
    const found = await comments
      .find(filter)
      .project<Pick<CommentDoc, 'tail'>>({ 'tail.event': 1 })
      .hint(commentId === undefined ? 'work' : '_id_')
      .batchSize(10_000)
      .toArray();
    return found.flatMap(({ tail }) =>
      tail.flatMap(({ event }) => (event === undefined ? [] : (auditEntryOf(event) ?? []))),
    );
  }

  async function folded(query: AuditQuery): Promise<AuditEntry[]> {
    const found = await Promise.all(
      groupsOf(query).map((group) =>
        audit
          .find(filterOf(group))
          .sort({ _id: -1 })
          .hint(indexFor(group))
          .limit(group.limit)
          .batchSize(group.limit + 1)
          .toArray(),
      ),
    );
    return found.flat().map(entryOf);
  }

  return {
    async record({ id, site, ...rest }) {
      await audit.updateOne(
        { _id: id },
        { $setOnInsert: { site: site ?? '', ...rest } },
        { upsert: true, writeConcern: DURABLE },
      );
    },
    async list(query) {
      if (query.sites?.length === 0) return [];
      // What waits is read first: folded meanwhile it is found in the collection, too, and counted once.
      const unfolded = (await waiting(query)).filter((entry) => isAskedFor(entry, query));
      const all = new Map([...unfolded, ...(await folded(query))].map((entry) => [entry.id, entry]));
      return [...all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, query.limit);
    },
  };
}

function groupsOf(query: AuditQuery): AuditQuery[] {
  const { sites, commentId } = query;
  if (sites === null || commentId !== undefined) return [query];
  const unique = [...new Set(sites)];
  return Array.from({ length: Math.ceil(unique.length / MOST_SCANS) }, (_, i) => ({
    ...query,
    sites: unique.slice(i * MOST_SCANS, (i + 1) * MOST_SCANS),
  }));
}

function indexFor({ sites, by, action, commentId }: AuditQuery): string {
  if (commentId !== undefined) return 'audit-of-comment';
  const of = sites === null ? 'by' : 'of';
  if (by !== undefined) return `audit-${of}-actor${action === undefined ? '' : '-and-action'}`;
  if (action !== undefined) return `audit-${of}-action`;
  return sites === null ? '_id_' : 'audit-of-site';
}

function filterOf({ sites, by, action, commentId, since, until, before }: AuditQuery): Filter<AuditDoc> {
  const ceilings = [before, until === undefined ? undefined : idFloor(until + 1)];
  const below = ceilings.filter((ceiling) => ceiling !== undefined).sort()[0];
  return {
    ...(sites === null ? {} : { site: sites.length === 1 ? (sites[0] ?? '') : { $in: sites } }),
    ...(by === undefined ? {} : { 'by.id': by }),
    ...(action === undefined ? {} : { action }),
    ...(commentId === undefined ? {} : { commentId }),
    _id: {
      ...(since === undefined ? { $gt: '' } : { $gte: idFloor(since) }),
      ...(below === undefined ? {} : { $lt: below }),
    },
  };
}

function isAskedFor(
  entry: AuditEntry,
  { sites, by, action, commentId, since, until, before }: AuditQuery,
): boolean {
  return (
    (sites === null || (entry.site !== null && sites.includes(entry.site))) &&
    (by === undefined || entry.by.id === by) &&
    (action === undefined || entry.action === action) &&
    (commentId === undefined || entry.commentId === commentId) &&
    (since === undefined || entry.id >= idFloor(since)) &&
    (until === undefined || entry.id < idFloor(until + 1)) &&
    (before === undefined || entry.id < before)
  );
}

function entryOf({ _id, site, ...rest }: AuditDoc): AuditEntry {
  return { id: _id, site: site === '' ? null : site, ...rest };
}
