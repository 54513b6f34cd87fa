/**
 * Preloaded into the service: Node is as new as DRIVER_NODE_API says, and of better-sqlite3 only the releases that
 * DRIVER_LOADABLE names (`12`, `13`) can be loaded. Where the real Node is too old for 13, 12 stands for it. Each that
 * is asked for is noted in DRIVER_NOTES.
 */
const { appendFileSync } = require('node:fs');
const Module = require('node:module');

const NAME_OF_13 = 'better-sqlite3-napi';
const BINARY_OF_12 = /[\\/]better_sqlite3\.node$/;
const loadable = (process.env.DRIVER_LOADABLE ?? '').split(',');
const real = Number(process.versions.napi) >= 10 ? NAME_OF_13 : 'better-sqlite3';
const versions = Object.freeze({ ...process.versions, napi: process.env.DRIVER_NODE_API });
Object.defineProperty(process, 'versions', { value: versions });

/** In the system's words where a binary is for another one. */
function ask(release) {
  appendFileSync(process.env.DRIVER_NOTES, `${release} `);
  if (!loadable.includes(release)) throw new Error(`the binary of ${release}: invalid ELF header`);
}

let isStandIn = false;
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request !== NAME_OF_13) return load.call(this, request, ...rest);
  ask('13');
  isStandIn = real !== NAME_OF_13;
  return load.call(this, real, ...rest);
};
// 12 itself is in the bundle, but for its binary.
const open = Module._extensions['.node'];
Module._extensions['.node'] = (module, filename) => {
  if (BINARY_OF_12.test(filename) && !isStandIn) ask('12');
  return open(module, filename);
};
