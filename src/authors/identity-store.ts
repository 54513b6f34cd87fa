import type { Audited } from '../moderation/audit.ts';

/** What a site's signed-in readers are vouched for with. Secrets as they are stored: sealed. */
export interface IdentitySecret {
  secret: string;
  /** The one before, and until when it counts too, in milliseconds since 1970; null without one. */
  previous: { secret: string; until: number } | null;
}

/** Where secrets of sites are kept, and under which pseudonyms the owner of an address is signed in. */
export interface IdentityStore {
  /** Null where the site never had one. */
  secretOf(site: string): Promise<IdentitySecret | null>;
  /** Writes it where `expected` (its `secret`; null: none) stands; false where another was faster. */
  keepSecret(site: string, next: IdentitySecret, on: { expected: string | null } & Audited): Promise<boolean>;

  /** Notes that whoever writes under `key` has the address whose own pseudonym is `emailKey`. Durable once fulfilled. */
  link(link: { site: string; emailKey: string; key: string }): Promise<void>;
  /** Every pseudonym that the address was signed in under. */
  keysOf(emailKey: string): Promise<string[]>;
  /** Takes away what leads to the pseudonym. */
  unlink(author: { site: string; key: string }): Promise<void>;
}
