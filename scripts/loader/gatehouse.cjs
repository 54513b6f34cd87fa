#!/usr/bin/env node
'use strict';
/**
 * Starts Gatehouse: runs server.cjs, which lies beside this file, through V8's code cache where the build
 * left one for this version of Node. A cache that V8 rejects is ignored; everything works without it, only
 * the start is slower.
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const bundle = path.join(__dirname, 'server.cjs');
/** What stack traces call the bundle. V8 keeps it with the cached code, so it may not say where the build was. */
const NAME = 'gatehouse:server.cjs';
const cacheFile = path.join(__dirname, 'cache', `server-${process.version}-${process.arch}.bin`);

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    // Not built for this Node: the start is slower, nothing else.
    return undefined;
  }
}

/** Compiles and runs the bundle: its compiled script, its exports, and whether the cache was taken. */
function load() {
  const cachedData = readIfThere(cacheFile);
  // The build leaves nothing but ASCII in it.
  const script = new vm.Script(fs.readFileSync(bundle, 'latin1'), { filename: NAME, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext().call(loaded.exports, loaded.exports, require, loaded, bundle, __dirname);
  return { script, exports: loaded.exports, cached: cachedData !== undefined && !script.cachedDataRejected };
}

/** Stack traces name the sources' files and lines; the map is read when the first trace is printed. */
function mapStackTraces() {
  let map;
  const entryFor = (line, column) => {
    if (map === undefined) {
      const text = readIfThere(`${bundle}.map`);
      const { SourceMap } = require('node:module');
      map = text ? new SourceMap(JSON.parse(text.toString('utf8'))) : null;
    }
    return map?.findEntry(line - 1, column - 1);
  };
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const isOurs = frame.getFileName() === NAME;
      const entry = isOurs ? entryFor(frame.getLineNumber(), frame.getColumnNumber()) : undefined;
      if (!entry?.originalSource) return `    at ${frame}`;
      const name = frame.getFunctionName();
      const source = entry.originalSource.replace(/^(\.\.\/)+/, '');
      const place = `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      return name ? `    at ${name} (${place})` : `    at ${place}`;
    });
    let head = 'Error';
    try {
      head = Error.prototype.toString.call(error);
    } catch {
      // An error whose message throws has nothing more to say.
    }
    return [head, ...lines].join('\n');
  };
}

mapStackTraces();
if (require.main === module) {
  load()
    .exports.run(process.argv.slice(2))
    .then((code) => process.exit(code));
} else {
  module.exports = { load, cacheFile };
}
