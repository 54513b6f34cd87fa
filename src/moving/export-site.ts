import { openEmail, revealEmail, sealEmailForExport } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import { linkUrl } from '../sites/canonical-url.ts';
import type { Page, Site } from '../sites/site.ts';
import { maskOwnAddress } from '../text/mask.ts';
import type { Stretch } from './export-store.ts';

export interface ExportDeps extends Pick<Deps, 'exports' | 'sites' | 'comments' | 'keys'> {
  authors: Pick<Deps['authors'], 'standings'>;
  wordlists: Pick<Deps['wordlists'], 'find'>;
}

export interface ExportOptions {
  site: Site;
  /** Addresses as they are; without that sealed, where the format has a place for that, so that this installation alone can open them. */
  emails: boolean;
}

/** What went out so far. */
export interface ExportTally {
  comments: number;
  pages: number;
  /** What people have said of authors. */
  standings: number;
  /** The same of authors of whom no address is kept: it stays behind. */
  unnamed: number;
  /** Comments of which something found no room where the file is meant for. */
  shortened: number;
}

export const noTally = (): ExportTally => ({
  comments: 0,
  pages: 0,
  standings: 0,
  unnamed: 0,
  shortened: 0,
});

/** Comments and other things read at once. */
export const EXPORT_CHUNK = 500;
/** And histories with reports, of which one may be long. */
export const EXPORT_PASTS = 50;

export const isoMoment = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

/** Everything in its order, without holding it. */
export async function* walked<Item>(
  read: (stretch: Stretch) => Promise<Item[]>,
  { site, placeOf }: { site: string; placeOf: (item: Item) => string },
): AsyncGenerator<Item> {
  for (let after = ''; ; ) {
    const items = await read({ site, after, limit: EXPORT_CHUNK });
    yield* items;
    const last = items.at(-1);
    if (last === undefined || items.length < EXPORT_CHUNK) return;
    after = placeOf(last);
  }
}

/** The address to link to. */
export const linkOf = (site: Site, url: string): string => linkUrl(url, site.origins, site.policy.pages);

/** How a page is named to whoever reads the file. */
export const nameOf = (
  site: Site,
  { url, id }: Pick<Page, 'url' | 'id'>,
): { url: string | null; id: string | null } => ({
  url: url === null ? null : linkOf(site, url),
  id,
});

/** The address of a comment that was sealed for the store, as the file may have it: one member or none. */
export function addressFor(
  { keys }: Pick<Deps, 'keys'>,
  { site, emails }: ExportOptions,
  stored: string | null,
): { email?: string; sealed?: string } {
  const email = stored === null ? null : openEmail(stored, keys, site.id);
  if (email === null) return {};
  return emails ? { email: revealEmail(email) } : { sealed: sealEmailForExport(email, keys) };
}

/** Masks the author's own address in what others wrote of the comment. */
export function ownAddressMask(
  { keys }: Pick<Deps, 'keys'>,
  { site }: Pick<ExportOptions, 'site'>,
  stored: string | null,
): (text: string) => string {
  return (text) => {
    const email = stored === null ? null : openEmail(stored, keys, site.id);
    return email === null ? text : maskOwnAddress(text, email).text;
  };
}

/** Texts joined to pieces that are worth a write each. */
export async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Characters. */
const PIECE = 64 * 1024;
