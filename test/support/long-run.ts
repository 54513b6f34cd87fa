/** Whether this is `npm run test:long`. */
export const isLongRun = process.env.GATEHOUSE_TEST_LONG === '1';

/** Of a series of alike cases: all in the long run, by default one of so many, the first among them. */
export const sampleOf = <Case>(whole: readonly Case[], { oneOf }: { oneOf: number }): Case[] =>
  whole.filter((_, i) => isLongRun || i % oneOf === 0);

/** How many random cases of `whole` a property is tried on: all in the long run, a quarter by default. */
export const randomCases = (whole: number): number => (isLongRun ? whole : Math.ceil(whole / 4));
