import {
  authorKey,
  type EmailAddress,
  openEmailFromExport,
  parseEmail,
  sealEmail,
} from '../authors/email.ts';
import { movedIdentityKey } from '../authors/identity.ts';
import type { Keyring } from '../keys.ts';
import type { Site } from '../sites/site.ts';
import { isBlank } from '../text/normalize.ts';
import type { ProblemOfImport } from './legacy.ts';

/** An address of the file as it is kept. */
export interface KnownAddress {
  email: EmailAddress;
  sealed: string;
  /** The pseudonym of its owner. */
  key: string;
}

/** How a file names the owner of an address. */
export interface NamedOwner {
  email: string | null;
  /** The address as an export of ours has sealed it. */
  sealed: string | null;
  /** Whether the site has vouched for them. */
  isVerified: boolean;
}

/** What is to lead from an address to a pseudonym that is not its own. */
export interface AddressLink {
  site: string;
  emailKey: string;
  key: string;
}

export interface AddressParts {
  keys: Keyring;
  site: Site;
  /** See Import. */
  opensSeals: boolean;
}

export interface Addresses {
  /** Null, and said why, where there is none to keep. */
  find(owner: NamedOwner, say: (code: ProblemOfImport) => void): KnownAddress | null;
  /** The links that came up since it was last asked; some may come more than once. */
  takeLinks(): AddressLink[];
}

const MOST_KEPT = 5000;

/** The addresses of a file: each is sealed once for all that its owner wrote, which its pseudonym joins anyway. */
export function createAddresses({ keys, site, opensSeals }: AddressParts): Addresses {
  const kept = new Map<string, KnownAddress>();
  let links: AddressLink[] = [];

  function read({ email: text, sealed }: NamedOwner, say: (code: ProblemOfImport) => void) {
    if (sealed !== null) {
      const email = opensSeals ? openEmailFromExport(sealed, keys) : null;
      if (email === null) say('sealed-elsewhere');
      return email;
    }
    if (text === null || isBlank(text)) return null;
    const email = parseEmail(text);
    if (email === null) say('invalid-email');
    return email;
  }

  /** Whoever types an address is not who was signed in under it: the two have different pseudonyms here, too. */
  function keyOf(email: EmailAddress, isVerified: boolean): string {
    const emailKey = authorKey(email, keys, site.id);
    if (!isVerified) return emailKey;
    const key = movedIdentityKey(email, keys, site.id);
    links.push({ site: site.id, emailKey, key });
    return key;
  }

  return {
    find(owner, say) {
      const written = owner.sealed ?? owner.email;
      const name = `${owner.isVerified}/${written}`;
      const before = written === null ? undefined : kept.get(name);
      if (before) return before;
      const email = read(owner, say);
      if (email === null) return null;
      const sealed = sealEmail(email, keys, site.id);
      const known = { email, sealed, key: keyOf(email, owner.isVerified) };
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(name, known);
      return known;
    },
    takeLinks() {
      const taken = links;
      links = [];
      return taken;
    },
  };
}
