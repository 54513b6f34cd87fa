import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { Site } from '../sites/site.ts';
import { readConfirmToken, readUnsubscribeToken } from './tokens.ts';

/** A reader at the link of a mail. */
export interface ReaderAtLink {
  site: Site;
  reader: string;
}

/** Changes nothing. Throws `not-found` for what is no link of ours, is over, or has nothing to confirm any more. */
export async function readConfirmation(deps: Deps, token: string): Promise<ReaderAtLink> {
  const link = readConfirmToken(deps.keys, token);
  const site = link && (await deps.sites.find(link.site));
  if (!link || !site || link.until <= deps.clock.now()) throw new AppError('not-found');
  const { reader } = link;
  const wishes = await deps.subscriptions.ofReader({ reader, limit: 1 });
  if (wishes.length === 0) throw new AppError('not-found');
  return { site, reader };
}

/** The reader says that the wish is theirs; a second time changes nothing. Throws as above. */
export async function confirmReplies(deps: Deps, token: string): Promise<ReaderAtLink> {
  const found = await readConfirmation(deps, token);
  await deps.subscriptions.confirm(found.reader, deps.clock.now());
  return found;
}

/** Changes nothing. Throws `not-found` for what is no link of ours. */
export async function readUnsubscription(deps: Deps, token: string): Promise<ReaderAtLink> {
  const link = readUnsubscribeToken(deps.keys, token);
  const site = link && (await deps.sites.find(link.site));
  if (!link || !site) throw new AppError('not-found');
  return { site, reader: link.reader };
}

/** Ends all mail of the site to the reader, and forgets their address for it; again it changes nothing. Throws as above. */
export async function unsubscribe(deps: Deps, token: string): Promise<ReaderAtLink> {
  const found = await readUnsubscription(deps, token);
  await deps.subscriptions.removeReader(found.reader);
  return found;
}
