/** Preloaded before a command (`node --require`): a file system without hard links, such as exFAT on a stick. */
const fs = require('node:fs');

const refused = (syscall) =>
  Object.assign(new Error(`EPERM: operation not permitted, ${syscall}`), { code: 'EPERM', syscall });

fs.linkSync = () => {
  throw refused('link');
};
fs.promises.link = () => Promise.reject(refused('link'));
