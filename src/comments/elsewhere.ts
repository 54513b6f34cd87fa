import type { Actor } from './comment.ts';

/**
 * People, filters and the service of another installation, who came along with its comments. Their ids mean nothing
 * here, and whoever sends a file can write any into it: each stands behind a word that no id of ours begins with.
 */

const ELSEWHERE = 'imported';
const PREFIX = `${ELSEWHERE}/`;

/** The id here of somebody whom another installation knows by that id; null: it did not say. */
export const elsewhereId = (id: string | null): string => (id === null ? ELSEWHERE : `${PREFIX}${id}`);

/** The id as a file may tell it: of somebody from elsewhere the former one; null where none was ever said. */
export function idToTell({ id }: Pick<Actor, 'id'>): string | null {
  if (id === ELSEWHERE) return null;
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

export const isOfElsewhere = ({ id }: Pick<Actor, 'id'>): boolean =>
  id === ELSEWHERE || id.startsWith(PREFIX);
