'use strict';
/**
 * Run by the build: starts the service as the loader does, and when it has been stopped writes what V8 has
 * compiled by then. Functions that ran are in the cache, those that never did are not.
 */
const fs = require('node:fs');
const path = require('node:path');

const { load, cacheFile } = require(path.resolve(process.argv[2], 'gatehouse.cjs'));
const { script, exports: service } = load();

service.run(process.argv.slice(3)).then((code) => {
  fs.mkdirSync(path.dirname(cacheFile), { recursive: true });
  fs.writeFileSync(cacheFile, script.createCachedData());
  process.exit(code);
});
