/** Whether this is `npm run test:long`. */
export const isLongRun = process.env.GATEHOUSE_TEST_LONG === '1';

/** How many random cases of `whole` a property is tried on: all in the long run, a quarter by default. */
export const randomCases = (whole: number): number => (isLongRun ? whole : Math.ceil(whole / 4));
