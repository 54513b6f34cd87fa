/** Builds dist/ once before the tests where it is stale: some start the built service, the SQLite writer is a file of it. */
module.exports = async () => {
  const { buildAll, isStale } = await import('../build.mjs');
  if (isStale()) await buildAll();
};
