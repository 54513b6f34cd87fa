/** Whether this is `npm run test:long`. */
export const isLongRun = process.env.GATEHOUSE_TEST_LONG === '1';
