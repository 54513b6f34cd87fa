/** A test file, as @swc/jest makes it, that asks the world (environment.cjs) for what it imports. */
const { createTransformer } = require('@swc/jest');

const { process: transform, getCacheKey } = createTransformer({
  swcrc: false,
  // Imports keep their paths, with the .ts.
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs', importInterop: 'swc' },
});

/** On the first line, as the source map counts. */
const ASKING =
  'require = Object.assign(requireFromWorld(require, (path) => require("node:path").join(__dirname, path)), { resolve: require.resolve });';

module.exports = {
  process(...args) {
    const made = transform(...args);
    return { ...made, code: ASKING + made.code };
  },
  getCacheKey: (...args) => `${getCacheKey(...args)}-world-1`,
};
