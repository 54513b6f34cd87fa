'use strict';
/** Run by the build in a process of its own: prints the names of the parts whose compiled code V8 does not take. */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.resolve(process.argv[2]);
const { cacheFileOf } = require(path.join(dist, 'gatehouse.cjs'));
const names = fs.readdirSync(path.join(dist, 'server')).filter((name) => name.endsWith('.cjs'));

for (const name of names) {
  if (!fs.existsSync(cacheFileOf(name))) continue;
  const script = new vm.Script(fs.readFileSync(path.join(dist, 'server', name), 'latin1'), {
    filename: `gatehouse:${name}`,
    cachedData: fs.readFileSync(cacheFileOf(name)),
  });
  if (script.cachedDataRejected) process.stdout.write(`${name}\n`);
}
