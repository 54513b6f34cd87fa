'use strict';
/**
 * Run by the build: starts the service as the loader does, and writes what V8 has compiled: of the parts that a
 * start needs when it is told that the first answers are given, of the others when the service has been stopped.
 * Functions that ran are in a cache, those that never did are not.
 */
const fs = require('node:fs');
const path = require('node:path');

const { load, parts, cacheFileOf } = require(path.resolve(process.argv[2], 'gatehouse.cjs'));
const written = new Set();

function writeCaches() {
  for (const [name, { script }] of parts) {
    if (written.has(name)) continue;
    written.add(name);
    fs.mkdirSync(path.dirname(cacheFileOf(name)), { recursive: true });
    fs.writeFileSync(cacheFileOf(name), script.createCachedData());
  }
}

process.on('message', () => {
  writeCaches();
  process.send('written');
});
// The builder's own end is no message to wait for.
process.channel?.unref();

load()
  .exports.run(process.argv.slice(3))
  .then((code) => {
    writeCaches();
    process.exit(code);
  });
