import { parseEmail } from '../authors/email.ts';
import { FIRST_VERSION } from '../authors/standing.ts';
import type { Actor } from '../comments/comment.ts';
import { elsewhereId } from '../comments/elsewhere.ts';
import type { Deps } from '../deps.ts';
import type { Site } from '../sites/site.ts';
import { maskAddress } from '../text/mask.ts';
import type { Addresses, AddressLink } from './addresses.ts';
import type { LegacyActor, LegacyAuthor, SiteRecord } from './legacy.ts';
import { lineOf } from './stored-lines.ts';
import type { ImportTally } from './tally-import.ts';

type AuthorRecord = Extract<SiteRecord, { kind: 'author' }> & { line: number };

export interface AuthorPlaceParts {
  deps: Pick<Deps, 'authors' | 'identities' | 'clock'>;
  site: Site;
  addresses: Addresses;
  tally: ImportTally;
  /** In whose name it is said where the file does not say. */
  by: Actor;
  isDryRun: boolean;
}

/** Characters of a name or an id, and of a reason, which the site may not have among its own. */
const MOST_NAME = 100;
export const MOST_REASON = 200;

/** A name or an id as histories tell it, where no address may stand: one that it holds is masked. */
function toldLine(given: string | null): string | null {
  const line = lineOf(given, MOST_NAME);
  if (!line?.includes('@')) return line;
  return line.replace(/[^\s<>()]+/g, (part) => {
    const email = parseEmail(part);
    return email === null ? part : maskAddress(email);
  });
}

/** Somebody of another installation, as that names them: none of ours may be taken for one of them. */
export function actorFrom({ kind, id, name }: LegacyActor): Actor {
  return { kind, id: elsewhereId(toldLine(id)), name: toldLine(name) ?? '' };
}

/** Writes the links that an address is found by; those that are there already stay. */
export async function linkAll({ identities }: Pick<Deps, 'identities'>, links: AddressLink[]): Promise<void> {
  for (const link of links) await identities.link(link);
}

/** Brings what people have said of authors. What somebody has said here goes before it. */
export function createAuthorPlacing(parts: AuthorPlaceParts) {
  const { deps, site, addresses, tally, by, isDryRun } = parts;

  async function bring(key: string, { standing, ...said }: LegacyAuthor): Promise<boolean> {
    await linkAll(deps, addresses.takeLinks());
    return deps.authors.bringStanding({
      site: site.id,
      key,
      standing,
      until: said.until,
      reason: lineOf(said.reason, MOST_REASON),
      by: said.by === null ? by : actorFrom(said.by),
      at: said.at ?? deps.clock.now(),
      version: FIRST_VERSION + 1,
    });
  }

  return async (records: AuthorRecord[]): Promise<void> => {
    for (const { author, line } of records) {
      const owner = addresses.find(author, (code) => tally.problem(line, null, code));
      if (owner === null) continue;
      const isNew = isDryRun
        ? (await deps.authors.findStanding(owner.key)) === null
        : await bring(owner.key, author);
      if (isNew) tally.standing();
    }
  };
}
