import { authorKey, openEmail } from '../authors/email.ts';
import type { StandingRecord } from '../authors/standing.ts';
import type { Actor, CommentAuthor } from '../comments/comment.ts';
import { idToTell } from '../comments/elsewhere.ts';
import {
  addressFor,
  type ExportDeps,
  type ExportOptions,
  type ExportTally,
  isoMoment,
} from './export-site.ts';

/** Whoever it was. A comment's author has a pseudonym for an id, which another installation's keys do not make. */
export function namedActor(by: Actor | null): (Pick<Actor, 'kind' | 'name'> & { id?: string }) | null {
  if (by === null) return null;
  const { kind, name } = by;
  const id = kind === 'author' ? null : idToTell(by);
  return { kind, ...(id !== null && { id }), name };
}

export interface StandingLines {
  /** What goes before a comment of the author: what was said of them, the first time that their address is met. */
  before(author: CommentAuthor): object[];
  /** What was told so far, and what was not. */
  counts(): Pick<ExportTally, 'standings' | 'unnamed'>;
}

/**
 * What people have said of the authors of a site, by their addresses: pseudonyms are made with this installation's
 * keys. One that ended by itself is told, too: what a file holds is not a matter of when it is written.
 */
export async function createStandingLines(deps: ExportDeps, options: ExportOptions): Promise<StandingLines> {
  const { site } = options;
  const records = await deps.authors.standings(site.id);
  const said = [...records.values()].filter(({ standing }) => standing !== null);
  const waiting = new Map(said.map((record) => [record.key, record]));
  /** Owners of addresses. One who was signed in as two people comes back as one: the first is told. */
  const told = new Set<string>();

  function lineOf(record: StandingRecord, { email, identity }: CommentAuthor): object {
    const { standing, until, reason, by, at } = record;
    return {
      type: 'author',
      ...addressFor(deps, options, email),
      ...(identity && { verified: true }),
      standing,
      until: isoMoment(until),
      reason,
      by: namedActor(by),
      at: isoMoment(at),
    };
  }

  return {
    before(author) {
      const record = waiting.get(author.key ?? '');
      const email = record && author.email !== null ? openEmail(author.email, deps.keys, site.id) : null;
      if (!record || email === null) return [];
      waiting.delete(record.key);
      const owner = `${author.identity !== undefined}/${authorKey(email, deps.keys, site.id)}`;
      if (told.has(owner)) return [];
      told.add(owner);
      return [lineOf(record, author)];
    },
    counts: () => ({ standings: told.size, unnamed: waiting.size }),
  };
}
