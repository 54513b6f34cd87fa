/** Files that the bundle carries as text are text in tests, too. */
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }),
  getCacheKey: (text) => require('node:crypto').createHash('sha256').update(`text-1 ${text}`).digest('hex'),
};
