interface Need {
  /** What is not there, or null where everything is. */
  missing: string | null;
  /** Whether a run with CI set must have it: then what is missing fails. */
  dueInCi?: boolean;
}

/**
 * What a test needs of the machine may be missing on a newcomer's. Then the test is reported as not run,
 * loudly, never passed over; where it is due in CI it fails there.
 */
export function unlessMissing({ missing, dueInCi = false }: Need): jest.It {
  if (missing === null) return test;
  process.stderr.write(`\nNOT RUN: ${missing}\n`);
  if (!dueInCi || process.env.CI !== 'true') return test.skip;
  const failing = (name: string): void => {
    test(name, () => {
      throw new Error(`not run: ${missing}`);
    });
  };
  return failing as jest.It;
}
