import { growth } from '../support/growth.ts';

/** That the tests which ask whether a cost is linear would see one that is not. */

const passes = (length: number): number => {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += at % 7;
  return sum;
};

test('a cost that grows with the square of its input is seen, one that grows with it is not', async () => {
  expect(await growth((size) => passes(size * 1000), 8000)).toBeLessThan(3);
  expect(await growth((size) => passes(size * size), 8000)).toBeGreaterThan(5);
});
