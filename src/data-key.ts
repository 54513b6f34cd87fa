import { createDataKey, unwrapDataKey, wrapDataKey } from './keys.ts';
import type { Secrets } from './secret.ts';
import { StartupError } from './startup-error.ts';

/** The part of a store that keeps the wrapped data key. */
export interface DataKeyStore {
  /** The wrapped data key; null in a new store. */
  readDataKey(): Promise<string | null>;
  /** Writes it where none is (`expected` null) or where `expected` stands; false where another was faster. */
  writeDataKey(wrapped: string, expected: string | null): Promise<boolean>;
}

export interface UnlockedKey {
  /** 32 bytes. */
  dataKey: Buffer;
  /** `made` in a new store, `rewrapped` from the previous secret to the current one, else `opened`. */
  how: 'made' | 'opened' | 'rewrapped';
}

/**
 * The installation's data key: made in a new store, unwrapped in an old one, wrapped anew where it still
 * stands under the previous secret. Several instances may start at once; the first write wins.
 *
 * @throws StartupError where the secret is missing or another than the data was sealed under.
 */
export async function unlockDataKey(store: DataKeyStore, secrets: Secrets): Promise<UnlockedKey> {
  for (;;) {
    const wrapped = await store.readDataKey();
    const unlocked = wrapped === null ? await make(store, secrets) : await open(store, secrets, wrapped);
    if (unlocked !== null) return unlocked;
    // Another instance wrote in between: read what it wrote.
  }
}

/**
 * The data key of data that is only read: a change of the secret is carried out at the next start. `place` names the
 * data to people.
 *
 * @throws StartupError as `unlockDataKey` does, an Error for people where no service ever ran on the data.
 */
export async function openDataKey(wrapped: string | null, secrets: Secrets, place: string): Promise<Buffer> {
  if (wrapped === null) throw new Error(`${place} holds no data key: no service ever ran on it.`);
  const kept = { readDataKey: async () => wrapped, writeDataKey: async () => true };
  return (await unlockDataKey(kept, secrets)).dataKey;
}

async function make(store: DataKeyStore, secrets: Secrets): Promise<UnlockedKey | null> {
  secrets.current ??= secrets.create();
  const dataKey = createDataKey();
  const written = await store.writeDataKey(wrapDataKey(dataKey, secrets.current), null);
  return written ? { dataKey, how: 'made' } : null;
}

async function open(store: DataKeyStore, secrets: Secrets, wrapped: string): Promise<UnlockedKey | null> {
  const { current, previous } = secrets;
  if (current === null) {
    throw new StartupError([
      'GATEHOUSE_SECRET: is not set and DATA_DIR holds no secret, but the store holds data sealed under one; ' +
        'put the file "secret" back or set GATEHOUSE_SECRET to what it held',
    ]);
  }
  const dataKey = unwrapDataKey(wrapped, current);
  if (dataKey !== null) return { dataKey, how: 'opened' };
  const formerly = previous === null ? null : unwrapDataKey(wrapped, previous);
  if (formerly !== null) {
    const written = await store.writeDataKey(wrapDataKey(formerly, current), wrapped);
    return written ? { dataKey: formerly, how: 'rewrapped' } : null;
  }
  throw new StartupError([
    previous === null
      ? 'GATEHOUSE_SECRET: is not the secret that the data of this store was sealed under; set the right one, ' +
        'or name the former one in GATEHOUSE_SECRET_PREVIOUS to change it'
      : 'GATEHOUSE_SECRET, GATEHOUSE_SECRET_PREVIOUS: neither is the secret that the data of this store was sealed under',
  ]);
}
