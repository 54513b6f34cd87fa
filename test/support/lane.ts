/** Which store this run is about: GATEHOUSE_TEST_STORE, set by scripts/test.mjs for each lane. */
export type StoreName = 'sqlite' | 'mongo-standalone' | 'mongo-replica';

const NAMES: StoreName[] = ['sqlite', 'mongo-standalone', 'mongo-replica'];

export function storeUnderTest(): StoreName {
  const wanted = process.env.GATEHOUSE_TEST_STORE ?? 'sqlite';
  const name = NAMES.find((known) => known === wanted);
  if (!name) throw new Error(`GATEHOUSE_TEST_STORE is ${wanted}; known are ${NAMES.join(', ')}`);
  return name;
}

export async function dropDatabase(uri: string): Promise<void> {
  const { createConnection } = await import('mongoose');
  const connection = await createConnection(uri).asPromise();
  await connection.dropDatabase();
  await connection.close();
}
