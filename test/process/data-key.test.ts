import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataKeyStore, unlockDataKey } from '../../src/data-key.ts';
import { findSecrets } from '../../src/secret.ts';
import { StartupError } from '../../src/startup-error.ts';
import { unlessMissing } from '../support/not-run.ts';
import { mountSmallDisk, smallDiskMissing } from '../support/tmpfs.ts';

const OLD = 'the secret of last year, thirty-two bytes';
const NEW = 'the secret of this year, thirty-two bytes';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-secret-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** The one value that unlocking needs, with a store's compare-and-set. */
function keyStore(wrapped: string | null = null): DataKeyStore & { wrapped: string | null; writes: number } {
  return {
    wrapped,
    writes: 0,
    async readDataKey() {
      return this.wrapped;
    },
    async writeDataKey(next, expected) {
      if (this.wrapped !== expected) return false;
      this.wrapped = next;
      this.writes += 1;
      return true;
    },
  };
}

const secrets = (secret: string | null, previousSecret: string | null = null) =>
  findSecrets({ secret, previousSecret, dataDir });

test('a new store gets a key, and the generated secret opens it at the next start', async () => {
  const store = keyStore();
  const first = await unlockDataKey(store, secrets(null));
  const second = await unlockDataKey(store, secrets(null));
  expect([first.how, second.how]).toEqual(['made', 'opened']);
  expect(second.dataKey.equals(first.dataKey)).toBe(true);
  expect(store.writes).toBe(1);
});

test('the generated secret is readable by its owner only and never replaced', async () => {
  await unlockDataKey(keyStore(), secrets(null));
  const file = join(dataDir, 'secret');
  const text = readFileSync(file, 'utf8');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => secrets(null).create()).toThrow(StartupError);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

unlessMissing({ missing: smallDiskMissing() })(
  'a full disk leaves no half of a secret, which later starts would take for a damaged one',
  () => {
    const disk = mountSmallDisk(1);
    try {
      const generated = () => findSecrets({ secret: null, previousSecret: null, dataDir: disk.folder });
      disk.fill();
      expect(() => generated().create()).toThrow('ENOSPC');
      disk.empty();
      expect(generated().current).toBeNull();
      expect(generated().create()).toBe(generated().current);
    } finally {
      disk.unmount();
    }
  },
);

test('a data folder that does not exist yet is made for its owner only', async () => {
  const folder = join(dataDir, 'a/b');
  findSecrets({ secret: null, previousSecret: null, dataDir: folder }).create();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('with the previous secret named the key is wrapped anew and stays the same key', async () => {
  const store = keyStore();
  const { dataKey } = await unlockDataKey(store, secrets(OLD));
  const rewrapped = await unlockDataKey(store, secrets(NEW, OLD));
  expect(rewrapped.how).toBe('rewrapped');
  expect(rewrapped.dataKey.equals(dataKey)).toBe(true);
  expect((await unlockDataKey(store, secrets(NEW))).how).toBe('opened');
  await expect(unlockDataKey(store, secrets(OLD))).rejects.toThrow('GATEHOUSE_SECRET');
});

test('another secret is refused, and so is none for a store that has data', async () => {
  const store = keyStore();
  await unlockDataKey(store, secrets(OLD));
  const before = store.wrapped;
  await expect(unlockDataKey(store, secrets(NEW))).rejects.toThrow(StartupError);
  await expect(unlockDataKey(store, secrets(NEW, `${NEW}?`))).rejects.toThrow(StartupError);
  await expect(unlockDataKey(store, secrets(null))).rejects.toThrow('holds no secret');
  expect(store.wrapped).toBe(before);
});

test('of two instances that start at once on a new store both get the same key', async () => {
  const store = keyStore();
  const [one, other] = await Promise.all([
    unlockDataKey(store, secrets(OLD)),
    unlockDataKey(store, secrets(OLD)),
  ]);
  expect(one?.dataKey.equals(other?.dataKey ?? Buffer.alloc(0))).toBe(true);
});

test.each<[string, () => void]>([
  ['too short', () => writeFileSync(join(dataDir, 'secret'), 'short', { mode: 0o600 })],
  [
    'open to others',
    () => {
      writeFileSync(join(dataDir, 'secret'), OLD);
      chmodSync(join(dataDir, 'secret'), 0o644);
    },
  ],
])('a secret file that is %s is refused without quoting it', (_, arrange) => {
  arrange();
  expect(() => secrets(null)).toThrow(StartupError);
  try {
    secrets(null);
  } catch (error) {
    expect(String(error)).not.toContain(OLD);
  }
});
