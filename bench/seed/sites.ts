import type { Keyring } from '../../src/keys.ts';
import { createKeyring, wrapDataKey } from '../../src/keys.ts';
import { newPageKey } from '../../src/sites/pages.ts';
import { DEFAULT_POLICY, type Moderation, type Policy } from '../../src/sites/policy.ts';
import type { Page } from '../../src/sites/site.ts';
import { NO_RULES } from '../../src/sites/site.ts';
import { urlReference } from '../../src/sites/site-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** What the service is started with to open the stores that the bench fills. */
export const SECRET = 'a secret of the bench, kept nowhere else';
export const ADMIN_TOKEN = 'bench-admin-token-0123456789';

/** Site whose comments are shown at once: a post changes what readers get. */
export const OPEN_SITE = 'news';
/** Site of the default policy: every comment waits for a person. */
export const HELD_SITE = 'held';
/** The moderators' three sites, with their share of the comments. */
export const DESK_SITES: readonly { id: string; share: number }[] = [
  { id: 'desk-a', share: 0.6 },
  { id: 'desk-b', share: 0.3 },
  { id: 'desk-c', share: 0.1 },
];

export const ORIGIN = 'https://bench.example';

/** An article's canonical address. */
export const pageUrl = (name: string): string => `${ORIGIN}/articles/${name}`;

/** The pages that posts go to and that mixed reads ask for. */
export const MIXED_PAGES: readonly string[] = Array.from({ length: 200 }, (_, index) =>
  pageUrl(`mixed-${index}`),
);

/** Of the data key that `prepareStore` leaves in a store. */
export const keyring: Keyring = createKeyring(Buffer.alloc(32, 11));

export function pageOf(site: string, name: string): Page {
  const url = pageUrl(name);
  return { site, key: pageKeyOf(site, url), url, id: null, title: `Article ${name}`, ...NO_RULES };
}

export const pageKeyOf = (site: string, url: string): string => newPageKey(keyring, site, urlReference(url));

/** A sweep of what is too old would run beside what is measured, and take a tenth of the desk away. */
const FOR_GOOD: Policy['retention'] = {
  spamDays: null,
  trashDays: null,
  rejectedDays: null,
  emailDays: null,
  auditDays: null,
};

/** Makes the sites and the data key in a new store. */
export async function prepareStore(storage: Storage): Promise<void> {
  await storage.writeDataKey(wrapDataKey(Buffer.alloc(32, 11), SECRET), null);
  const sites: [string, Moderation][] = [
    [OPEN_SITE, 'none'],
    [HELD_SITE, 'all'],
    ...DESK_SITES.map(({ id }): [string, Moderation] => [id, 'all']),
  ];
  const now = Date.now();
  for (const [id, moderation] of sites) {
    await storage.sites.create({
      id,
      name: `Site ${id}`,
      origins: [ORIGIN],
      locale: 'fa-IR',
      timeZone: 'Asia/Tehran',
      policy: { ...DEFAULT_POLICY, moderation, retention: FOR_GOOD },
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
  }
}
