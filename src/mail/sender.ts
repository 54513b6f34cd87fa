import type { Deps } from '../deps.ts';

/** The address that mail comes from where none is set. Where the service is reached by a number it has no name of its own. */
export function senderOf(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  return `comments@${/^\[|^[\d.]+$/.test(hostname) ? 'localhost' : hostname}`;
}

/** Sites that would tell people by mail if there were a way out for it. */
export async function sitesWithoutPost({ sites, post }: Pick<Deps, 'sites' | 'post'>): Promise<string[]> {
  if (post !== null) return [];
  const found: string[] = [];
  for (const id of await sites.ids()) {
    const notify = (await sites.find(id))?.policy.notify;
    if (notify && (notify.replies || notify.moderators !== 'off')) found.push(id);
  }
  return found;
}
