/**
 * Node's environment with the world in it (world.mjs): compiled once for each worker, run in each test file's own
 * context, so that every file has instances of its own.
 */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const path = process.env.GATEHOUSE_TEST_WORLD;
const world = new Script(readFileSync(path, 'latin1'), { filename: path });

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const run = world.runInContext(this.getVmContext());
    let modules = null;
    /** What `require` in a test file is: the world's module where it has it, else jest's. */
    this.global.requireFromWorld = (require, resolve) => {
      if (modules === null) {
        const made = {};
        run(require, made);
        modules = made.exports;
      }
      return (specifier) => {
        const known = modules[specifier.startsWith('.') ? resolve(specifier) : specifier];
        return known === undefined ? require(specifier) : known();
      };
    };
  }
};
