import type { Site } from '../../sites/site.ts';
import type { Carrier } from './carried-email.ts';

/** A page that was left open longer, in milliseconds, tells nothing of who sends it: it may be sent again and again. */
const BELIEVED_FOR = 24 * 60 * 60 * 1000;

const contextOf = (site: string): string => `form-shown/${site}`;

/**
 * The moment of drawing for the way to the browser and back, sealed so that nobody sets it back; null where the
 * site does not ask how long people take.
 */
export function sealMoment(carrier: Carrier, site: Pick<Site, 'policy'>): string | null {
  if (site.policy.tooSoonSeconds === 0) return null;
  return carrier.keys.seal(String(carrier.now), contextOf(carrier.site));
}

/** Milliseconds since the form was drawn; null where the seal is not ours, of another site, or too old. */
export function elapsedSince(carrier: Carrier, sealed: string): number | null {
  const content = sealed === '' ? null : carrier.keys.open(sealed, contextOf(carrier.site));
  if (content === null) return null;
  const elapsed = carrier.now - Number(content);
  return elapsed > BELIEVED_FOR ? null : Math.max(0, elapsed);
}
