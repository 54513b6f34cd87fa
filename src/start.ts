/**
 * What the process is started as: the service, or, loaded only then, a command of the operator's. Resolves to
 * the exit code.
 */
export async function run(args: string[]): Promise<number> {
  if (args.length === 1 && args[0] === 'serve') {
    const { serve } = await import('./main.ts');
    return serve();
  }
  if (args[0] === 'import') {
    const { keepYoungSmall } = await import('./heap.ts');
    keepYoungSmall();
  }
  const { runCommand } = await import('./cli.ts');
  return runCommand(args);
}
