import type Driver from 'better-sqlite3';
import { DataUnfit } from '../../startup-error.ts';

/** better-sqlite3 13 is built on the version of Node-API that Node 22.14 brought, and ends the process before. */
const NODE_API_OF_13 = 10;
type Release = 12 | 13;
/** In the order in which they are tried. */
const RELEASES: Release[] = Number(process.versions.napi) >= NODE_API_OF_13 ? [13, 12] : [12];

/**
 * A release of better-sqlite3, or why this machine can't run it: npm left it out, or its binary is for another system.
 * Each is named in full, so that a bundler sees it.
 */
function tryRelease(release: Release): typeof Driver | Error {
  try {
    const driver = release === 13 ? require('better-sqlite3-napi') : require('better-sqlite3');
    // The binary is looked for with the first database.
    new driver(':memory:').close();
    return driver;
  } catch (error) {
    return error as Error;
  }
}

/**
 * The release that this Node is to use: 12 ends the process under Node 24.19 and later, so 13 where it can be had. Both
 * are the same to us. See docs/decisions/0256-two-releases-of-the-sqlite-driver.md.
 */
function loadDriver(): typeof Driver {
  const reasons: string[] = [];
  for (const release of RELEASES) {
    const found = tryRelease(release);
    if (!(found instanceof Error)) return found;
    reasons.push(`${release}: ${found.message.split('\n')[0]}`);
  }
  throw new DataUnfit(
    `better-sqlite3, which reads and writes it, can't be loaded: run npm ci, with optional packages; where it has to be compiled, that takes Python, make, a C++ compiler and a path without quotation marks (${reasons.join('; ')})`,
  );
}

let driver: typeof Driver | undefined;

/**
 * Opens a file of SQLite's, or makes it, as better-sqlite3's documentation says of `new Database(file, options)`.
 *
 * @throws SqliteError where SQLite can't, DataUnfit where its driver can't be loaded
 */
export function openDatabase(file: string, options?: Driver.Options): Driver.Database {
  driver ??= loadDriver();
  return new driver(file, options);
}
