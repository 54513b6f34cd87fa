/** Builds before the tests what is stale: dist/, which some start and the SQLite writer is a file of, and the world. */
module.exports = async (_, { cacheDirectory }) => {
  const { buildAll, isStale } = await import('../build.mjs');
  if (isStale()) await buildAll();
  const { makeWorld } = await import('./world.mjs');
  process.env.GATEHOUSE_TEST_WORLD = await makeWorld(cacheDirectory);
};
