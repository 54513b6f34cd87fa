import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './system-error.ts';

/**
 * Makes a folder where it is missing, and what is missing above it. Throws the system's error.
 *
 * Not by `recursive`: of a file system that says ENOENT to a new folder though its parent is there, as /proc and mounts
 * that have gone do, Node.js asks for the two in turns for ever, and hears no signal meanwhile.
 * @param mode of each folder that is made; the process's own umask is taken from it
 */
export function makeFolder(folder: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path))
    missing.push(path);
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path, { mode });
    } catch (error) {
      // Another process was faster.
      if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
    }
  }
}
