import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from './config.ts';
import { makeFolder } from './folder.ts';
import { giveToFolderOwner } from './owner.ts';
import { StartupError } from './startup-error.ts';
import { codeOf } from './system-error.ts';

/** Where the secret comes from that wraps the data key. Its value goes nowhere else, least of all into a log. */
export interface Secrets {
  /** From GATEHOUSE_SECRET, else from the file; null where neither is there. */
  current: string | null;
  /** GATEHOUSE_SECRET_PREVIOUS. */
  previous: string | null;
  /** Makes one and keeps it in DATA_DIR; only for a store that has no data key yet. */
  create(): string;
}

const FILE = 'secret';
const LEAST_BYTES = 32;

/**
 * The secrets of this start.
 *
 * @throws StartupError for a file that is unreadable, too short, or open to others.
 */
export function findSecrets(config: Pick<Config, 'secret' | 'previousSecret' | 'dataDir'>): Secrets {
  const file = join(resolve(config.dataDir), FILE);
  return {
    current: config.secret ?? readSecretFile(file),
    previous: config.previousSecret,
    create: () => createSecretFile(resolve(config.dataDir), file),
  };
}

function readSecretFile(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new StartupError([`${file}: can't be read (${codeOf(error)})`], error);
  }
  if (Buffer.byteLength(text) < LEAST_BYTES) {
    throw new StartupError([`${file}: holds less than ${LEAST_BYTES} bytes; put the secret's copy back`]);
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new StartupError([`${file}: others may read it; allow only its owner (chmod 600)`]);
  }
  return text;
}

function createSecretFile(dataDir: string, file: string): string {
  const secret = randomBytes(48).toString('base64url');
  try {
    makeFolder(dataDir, 0o700);
    // Never over an existing file: without the old secret the data could not be read any more.
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeFileSync(descriptor, `${secret}\n`);
      fsyncSync(descriptor);
    } catch (error) {
      // Half a secret, on a full disk, would be taken for a damaged one by every later start.
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
    giveToFolderOwner(file);
    syncFolder(dataDir);
  } catch (error) {
    throw new StartupError(
      [`${file}: can't be written (${codeOf(error)}); set DATA_DIR or GATEHOUSE_SECRET`],
      error,
    );
  }
  return secret;
}

/** The file's name is durable only when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
