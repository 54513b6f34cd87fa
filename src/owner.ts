import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives what was just made to the owner of the folder it lies in, where root made it: commands are run as root though
 * the service is not, and it could not open their files.
 */
export function giveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid === 0) return;
  try {
    chownSync(path, uid, gid);
  } catch {
    // A file system without owners: whoever may open the folder may open the file.
  }
}
