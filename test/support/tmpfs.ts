import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own, that can be filled to the last byte. */
export interface SmallDisk {
  folder: string;
  /** Writes a file until nothing more fits. */
  fill(): void;
  /** Takes that file away. */
  empty(): void;
  unmount(): void;
}

const CHUNKS = [65_536, 4096, 512, 1];

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      const descriptor = openSync(filler, 'a');
      for (const size of CHUNKS) {
        const chunk = Buffer.alloc(size, 'x');
        try {
          for (;;) writeSync(descriptor, chunk);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
      closeSync(descriptor);
    },
    empty: () => rmSync(filler, { force: true }),
    unmount() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Why no small disk can be had here; null where it can. */
export function smallDiskMissing(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a full disk: a tmpfs can be mounted by root on Linux only';
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (status === 0) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? null : `a full disk: no tmpfs can be mounted (${stderr.trim()})`;
}
