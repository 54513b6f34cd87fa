import { readFileSync } from 'node:fs';
import { SETTINGS, type Setting } from '../config/settings.ts';
import { codeOf } from './system-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const entries: [string, Setting][] = Object.entries(SETTINGS);

/** The settings whose values are secrets: each may lie in a file that the variable of this name names instead. */
export const FILE_NAMES: readonly string[] = entries
  .filter(([, { secret }]) => secret)
  .map(([name]) => `${name}_FILE`);

/**
 * The environment with what lies in files filled in, as container engines and systemd hand out secrets: the content
 * without the white space around it. `complain` is told of files that can't be used, and of settings given both ways.
 */
export function withFiles(env: Environment, complain: (problem: string) => void): Environment {
  const filled: Record<string, string | undefined> = { ...env };
  for (const fileName of FILE_NAMES) {
    const file = env[fileName];
    const name = fileName.replace(/_FILE$/, '');
    if (!file) continue;
    if (env[name]) complain(`${name}, ${fileName}: both are set; keep one of them`);
    else filled[name] = readSecret(fileName, file, complain);
  }
  return filled;
}

function readSecret(name: string, file: string, complain: (problem: string) => void): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') complain(`${name}: ${JSON.stringify(file)} is empty`);
    return text;
  } catch (error) {
    complain(`${name}: ${JSON.stringify(file)} can't be read (${codeOf(error)})`);
    return undefined;
  }
}
