import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../folder.ts';
import { giveToFolderOwner } from '../../owner.ts';
import { codeOf } from '../../system-error.ts';

const FILE = 'gatehouse.db';
/** There is nothing at the path. */
const NOTHING_THERE = ['ENOENT', 'ENOTDIR'];

export const dataFileOf = (dataDir: string): string => join(dataDir, FILE);

/** The data file of a folder. Throws an Error for people where there is none, the system's where one may not look. */
export function existingFileIn(dataDir: string): string {
  const file = dataFileOf(dataDir);
  try {
    statSync(file);
    return file;
  } catch (error) {
    if (!NOTHING_THERE.includes(codeOf(error))) throw error;
    throw new Error(`${resolve(dataDir)} holds no data of Gatehouse.`);
  }
}

/** Makes the data folder where it is missing. Throws an Error for people where a file stands there. */
export function makeDataDir(dataDir: string): void {
  if (existsSync(dataDir)) {
    if (!statSync(dataDir).isDirectory()) throw new Error(`${dataDir} is a file, and no folder.`);
    return;
  }
  makeFolder(dataDir);
  giveToFolderOwner(dataDir);
}
