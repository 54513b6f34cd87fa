import type { EmailAddress } from '../authors/email.ts';
import { canonicalUrl } from '../sites/canonical-url.ts';
import { DEFAULT_POLICY } from '../sites/policy.ts';
import { maskOwnAddress } from '../text/mask.ts';
import type { Addresses } from './addresses.ts';
import type { LegacyComment, LegacyPage } from './legacy.ts';

/**
 * Pages of a file whose address holds that of somebody who wrote there: readers who came by a newsletter's link
 * (`?email=…`) began such pages in systems that know a page by its URL alone.
 */
export interface TellingPages {
  /** Looks at a comment of the file, before any is placed. */
  note(comment: LegacyComment): void;
  /** The page without what of its query holds the address of anybody who wrote there. */
  forAll(page: LegacyPage): LegacyPage;
  /** The page as the author of this comment may be seen on: without their address anywhere. */
  forAuthor(comment: LegacyComment): LegacyPage;
}

/** Pages kept in mind. */
const MOST_KEPT = 10_000;

/** As such links spell it; most pages have none, and nobody's address is looked for in them. */
const AT_SIGN = /@|%(?:25)*40/i;

const mayTell = ({ url, id, aliases }: LegacyPage): boolean =>
  [url, id, ...aliases].some((text) => text !== null && AT_SIGN.test(text));

/** What is behind a `#` is no part of a page's address. */
const holds = (text: string | null, email: EmailAddress): boolean =>
  text !== null && maskOwnAddress(text.replace(/#.*/s, ''), email).found;

/** The URL without the pairs of its query that hold the address. */
function withoutPairs(url: string, email: EmailAddress): string {
  const [, path = '', query] = /^([^?#]*)\?([^#]*)/.exec(url) ?? [];
  if (query === undefined || !holds(url, email)) return url;
  const rest = query.split('&').filter((pair) => !holds(pair, email));
  return rest.length === 0 ? path : `${path}?${rest.join('&')}`;
}

/** Pages are told apart by their URL whatever the site's rules will be, which the file may bring along. */
const nameOf = (url: string): string => canonicalUrl(url, DEFAULT_POLICY.pages)?.identity ?? url;

export function createTellingPages(addresses: Pick<Addresses, 'find'>): TellingPages {
  const kept = new Map<string, Set<EmailAddress>>();

  function ownAddress({ email, sealed, identity, page }: LegacyComment): EmailAddress | null {
    if (!mayTell(page)) return null;
    return addresses.find({ email, sealed, isVerified: identity !== null }, () => undefined)?.email ?? null;
  }

  return {
    note(comment) {
      const { url } = comment.page;
      const email = url === null ? null : ownAddress(comment);
      if (url === null || email === null || !holds(url, email)) return;
      const name = nameOf(url);
      const people = kept.get(name);
      if (people) people.add(email);
      else if (kept.size < MOST_KEPT) kept.set(name, new Set([email]));
    },
    forAll(page) {
      if (page.url === null || !mayTell(page)) return page;
      const people = [...(kept.get(nameOf(page.url)) ?? [])];
      return { ...page, url: people.reduce(withoutPairs, page.url) };
    },
    forAuthor(comment) {
      const { page } = comment;
      const email = ownAddress(comment);
      if (email === null) return page;
      const url = page.url === null ? null : withoutPairs(page.url, email);
      return {
        ...page,
        url: holds(url, email) ? null : url,
        id: holds(page.id, email) ? null : page.id,
        aliases: page.aliases.filter((alias) => !holds(alias, email)),
      };
    },
  };
}
