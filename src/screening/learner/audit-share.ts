/** Hashes are spread over so many numbers. */
const RANGE = 2 ** 32;

/** FNV-1a with the last steps of MurmurHash3: ids of one moment differ in their end alone. */
function spread(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Whether a comment is of the share that a person sees whatever the learner makes of it. By its id, which is drawn
 * here: nobody who posts can choose, every instance says the same, and so does a second look.
 */
export const isShownAllTheSame = (id: string, share: number): boolean => spread(id) < share * RANGE;
