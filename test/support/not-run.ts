/**
 * What a test needs of the machine may be missing on a newcomer's. Then the test is reported as not run,
 * loudly, never passed over; where CI is set it fails, because there everything must be there.
 */
export function unlessMissing(missing: string | null): jest.It {
  if (missing === null) return test;
  process.stderr.write(`\nNOT RUN: ${expect.getState().testPath ?? 'a proof'}: ${missing}\n`);
  if (process.env.CI !== 'true') return test.skip;
  const failing = (name: string): void => {
    test(name, () => {
      throw new Error(`not run: ${missing}`);
    });
  };
  return failing as jest.It;
}
