import { createHash } from 'node:crypto';
import { isIdOf } from '../ids.ts';

/** Of an author's key: a keyed pseudonym, see email.ts. */
const KEY_LENGTH = 26;
/** Fields of the half that is drawn; the other half mirrors it. */
const COLUMNS = 3;
const ROWS = 5;

/** Where the picture of an author is; null for one without a key. */
export function avatarUrl(publicUrl: string, key: string | null): string | null {
  return key === null ? null : `${publicUrl}/v1/avatars/${key}.svg`;
}

/** Whether it has the shape of an author's key. Whether there is such an author nobody learns from a picture. */
export const isAuthorKey = (text: string): boolean => isIdOf(KEY_LENGTH, text);

/**
 * An author's picture, drawn from nothing but their key: five by five fields, mirrored, in a colour that is
 * read well on light and on dark. Decoration: it has no name of its own.
 */
export function drawAvatar(key: string): string {
  const bytes = createHash('sha256').update(`avatar ${key}`).digest();
  const hue = (bytes.readUInt16BE(0) * 360) >> 16;
  const fields: string[] = [];
  for (let i = 0; i < COLUMNS * ROWS; i++) {
    if (((bytes[2 + i] ?? 0) & 1) === 0) continue;
    const [x, y] = [Math.floor(i / ROWS), i % ROWS];
    fields.push(`M${x + 1} ${y + 1}h1v1h-1z`);
    if (x < COLUMNS - 1) fields.push(`M${2 * COLUMNS - 1 - x} ${y + 1}h1v1h-1z`);
  }
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 7 7" shape-rendering="crispEdges" aria-hidden="true">' +
    `<path fill="hsl(${hue},40%,88%)" d="M0 0h7v7h-7z"/>` +
    `<path fill="hsl(${hue},55%,38%)" d="${fields.join('') || 'M3 3h1v1h-1z'}"/></svg>`
  );
}
