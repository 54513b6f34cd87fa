import { readConfig } from '../../src/config.ts';
import { StartupError } from '../../src/startup-error.ts';

/** What is wrong with an environment, a line each; none where it can be started with. */
export function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartupError) return error.problems;
    throw error;
  }
  return [];
}
