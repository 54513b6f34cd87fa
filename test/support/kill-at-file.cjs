/**
 * Preloaded before a command (`node --require`): ends the process by SIGKILL before its n-th step that changes
 * files, as a power cut would.
 *
 *   PROOF_KILL_AT_FILE={n}
 */
const fs = require('node:fs');

const STEPS = ['copyFileSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync'];
let count = 0;

for (const name of STEPS) {
  const original = fs[name];
  fs[name] = (...args) => {
    count += 1;
    if (count === Number(process.env.PROOF_KILL_AT_FILE)) process.kill(process.pid, 'SIGKILL');
    return original(...args);
  };
}
