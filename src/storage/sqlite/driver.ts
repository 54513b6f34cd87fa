import type Driver from 'better-sqlite3';
import { DataUnfit } from '../../startup-error.ts';

/** better-sqlite3 13 has binaries for these, built on the version of Node-API that Node 22.14 brought. */
const PROCESSORS_OF_13 = ['x64', 'arm64'];
const NODE_API_OF_13 = 10;

const runsRelease13 =
  Number(process.versions.napi) >= NODE_API_OF_13 && PROCESSORS_OF_13.includes(process.arch);

/**
 * The release of better-sqlite3 that this Node can run. Release 12 ends the process under Node 24.19 and later, and
 * 13 does under Node 20: docs/decisions/0256-two-releases-of-the-sqlite-driver.md. Both are the same to us. Each is
 * named in full, so that a bundler sees it; npm leaves out the one that can't be had.
 */
function loadDriver(): typeof Driver {
  try {
    return runsRelease13 ? require('better-sqlite3-napi') : require('better-sqlite3');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new DataUnfit(
      runsRelease13
        ? 'better-sqlite3-napi, which reads and writes it, is not installed: run npm ci, with optional packages'
        : 'better-sqlite3, which reads and writes it, is not installed: run npm ci, with optional packages; where it has to be compiled, that takes Python, make and a C++ compiler',
      { cause: error },
    );
  }
}

/**
 * Opens a file of SQLite's, or makes it, as better-sqlite3's documentation says of `new Database(file, options)`.
 *
 * @throws SqliteError where SQLite can't, DataUnfit where its driver is not installed
 */
export const openDatabase = (file: string, options?: Driver.Options): Driver.Database =>
  new (loadDriver())(file, options);
