#!/usr/bin/env node
'use strict';
/**
 * Starts Gatehouse: runs the parts in server/, which lies beside this file, through V8's code cache where the
 * build left one for this version of Node. A part is loaded when it is first required. A cache that V8 rejects
 * is ignored; everything works without it, only the start is slower.
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** What stack traces call a part. V8 keeps it with the cached code, so it may not say where the build was. */
const SCHEME = 'gatehouse:';
const SUFFIX = `${process.version}-${process.arch}.bin`;
const ENTRY = 'main.cjs';

const fileOf = (name) => path.join(__dirname, 'server', name);
const cacheFileOf = (name) => path.join(__dirname, 'cache', `${name}-${SUFFIX}`);

const isProgram = require.main === module;
/** By name: the part's exports, whether its cache was taken, and, for the build, its compiled script. */
const parts = new Map();

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    // Not built for this Node: the start is slower, nothing else.
    return undefined;
  }
}

/** The exports of another part, by the name that esbuild gave it. */
const exportsOf = (id) => load(id.slice(2).replace(/\.js$/, '.cjs')).exports;

/** What a part requires: another part, or what Node finds. */
const requireFrom = (id) => (id.startsWith('./') ? exportsOf(id) : require(id));

/** Compiles and runs a part, once. */
function load(name = ENTRY) {
  const known = parts.get(name);
  if (known) return known;
  const file = fileOf(name);
  const cachedData = readIfThere(cacheFileOf(name));
  // The build leaves nothing but ASCII in it.
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), { filename: SCHEME + name, cachedData });
  const cached = cachedData !== undefined && !script.cachedDataRejected;
  const part = { exports: {}, cached, script: isProgram ? null : script };
  parts.set(name, part);
  const run = script.runInThisContext();
  run.call(part.exports, part.exports, requireFrom, part, file, __dirname, exportsOf);
  return part;
}

/** Stack traces name the sources' files and lines; a part's map is read when the first trace through it is printed. */
function mapStackTraces() {
  const maps = new Map();
  const mapOf = (name) => {
    if (!maps.has(name)) {
      const text = readIfThere(`${fileOf(name)}.map`);
      const { SourceMap } = require('node:module');
      maps.set(name, text ? new SourceMap(JSON.parse(text.toString('utf8'))) : null);
    }
    return maps.get(name);
  };
  const entryFor = (frame) => {
    const script = frame.getFileName();
    if (!script?.startsWith(SCHEME)) return undefined;
    return mapOf(script.slice(SCHEME.length))?.findEntry(
      frame.getLineNumber() - 1,
      frame.getColumnNumber() - 1,
    );
  };
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const entry = entryFor(frame);
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
if (isProgram) {
  load()
    .exports.run(process.argv.slice(2))
    .then((code) => process.exit(code));
} else {
  module.exports = { load, parts, cacheFileOf };
}
