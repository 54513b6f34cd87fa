import type { Actor } from '../comments/comment.ts';
import type { Counts } from '../comments/counts.ts';
import { authorScope, NO_COUNTS } from '../comments/counts.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { Policy } from '../sites/policy.ts';
import { maskAddress } from '../text/mask.ts';
import type { AuthorEntry } from './author-store.ts';
import { avatarUrl } from './avatar.ts';
import { openEmail } from './email.ts';
import type { Standing, StandingRecord, TrackRecord } from './standing.ts';
import { FIRST_VERSION, heldAt, mayBeKnown } from './standing.ts';

/** The contract's Author. Its counts are those that the queue's lists of this author would give. */
export interface AuthorView {
  key: string;
  site: string;
  name: string | null;
  names: string[];
  url: string | null;
  avatar: string | null;
  emailMasked: string | null;
  standing: Standing;
  until: string | null;
  reason: string | null;
  /** Who set the standing, and when; null where it is worked out. */
  by: Actor | null;
  at: string | null;
  version: number;
  counts: Pick<Counts, 'pending' | 'approved' | 'rejected' | 'spam' | 'trash' | 'reported'>;
  firstAt: string | null;
  lastAt: string | null;
}

/** Of an author whose comments are all gone, but on whom somebody has said something. */
export function emptyEntry({ site, key }: Pick<StandingRecord, 'site' | 'key'>): AuthorEntry {
  return {
    site,
    key,
    name: null,
    url: null,
    email: null,
    names: [],
    firstAt: null,
    lastAt: null,
    lastId: '',
    comments: 0,
    approved: 0,
    rejected: 0,
    spam: 0,
    approvedUnderName: 0,
  };
}

const momentOf = (at: number | null): string | null => (at === null ? null : timestamp(at));

function maskedAddress(deps: Pick<Deps, 'keys'>, { email, site }: AuthorEntry): string | null {
  const address = email === null ? null : openEmail(email, deps.keys, site);
  return address === null ? null : maskAddress(address);
}

interface Surroundings {
  record: StandingRecord | null;
  counts: Counts;
  policy: Policy;
}

/** The standing that comments alone give, for the name the author goes by now. */
function computedStanding(entry: AuthorEntry, track: TrackRecord, trust: Policy['trust']): 'new' | 'known' {
  return mayBeKnown(trust, track) && entry.approvedUnderName >= trust.approvals ? 'known' : 'new';
}

function presentAuthor(
  deps: Pick<Deps, 'keys' | 'clock' | 'publicUrl'>,
  entry: AuthorEntry,
  { record, counts, policy }: Surroundings,
): AuthorView {
  const held = heldAt(record, deps.clock.now());
  const { pending, approved, rejected, spam, trash, reported } = counts;
  return {
    key: entry.key,
    site: entry.site,
    name: entry.name,
    names: entry.names,
    url: entry.url,
    avatar: policy.avatars ? avatarUrl(deps.publicUrl, entry.key) : null,
    emailMasked: maskedAddress(deps, entry),
    standing: held?.standing ?? computedStanding(entry, counts, policy.trust),
    until: momentOf(held?.until ?? null),
    reason: held?.reason ?? null,
    by: held?.by ?? null,
    at: momentOf(held?.at ?? null),
    version: record?.version ?? FIRST_VERSION,
    counts: { pending, approved, rejected, spam, trash, reported },
    firstAt: momentOf(entry.firstAt),
    lastAt: momentOf(entry.lastAt),
  };
}

/** Entries of any sites with their standings and true counts, in the order given. */
export async function presentAuthors(deps: Deps, entries: AuthorEntry[]): Promise<AuthorView[]> {
  const sites = [...new Set(entries.map(({ site }) => site))];
  const scopeOf = ({ site, key }: AuthorEntry): string => authorScope(site, key);
  const [counts, ...found] = await Promise.all([
    deps.comments.counts(entries.map(scopeOf)),
    ...sites.map(async (id) => {
      const [site, records] = await Promise.all([deps.sites.find(id), deps.authors.standings(id)]);
      return { id, site, records };
    }),
  ]);
  const bySite = new Map(found.map((one) => [one.id, one]));
  return entries.flatMap((entry) => {
    const around = bySite.get(entry.site);
    if (!around?.site) return [];
    const { policy } = around.site;
    const record = around.records.get(entry.key) ?? null;
    return [presentAuthor(deps, entry, { record, counts: counts.get(scopeOf(entry)) ?? NO_COUNTS, policy })];
  });
}
