import { createKeyMemory } from '../../src/storage/key-memory.ts';

const KEYS = [1, 2, 3, 4, 5, 6, 7, 8];

it('the commonest keys stand first, and of eight one need not be looked up', () => {
  const memory = createKeyMemory();
  memory.learn(
    new Map([
      [3, 50],
      [6, 900],
      [7, 2],
    ]),
  );
  expect(memory.ordered(KEYS)).toEqual([6, 3, 1, 2, 4, 5, 7, 8]);
  expect(memory.kindsOf(KEYS)).toEqual({ few: [1, 2, 4, 5, 7, 8], many: [3, 6] });
  expect(memory.soughtOf(KEYS)).toEqual({ keys: [3, 1, 2, 4, 5, 7, 8], isTold: false });
  expect(memory.soughtOf([6])).toEqual({ keys: [6], isTold: false });
});

it('of keys whose sharers are told none is looked up but those that are others', () => {
  const memory = createKeyMemory();
  memory.tell(KEYS);
  memory.tell([9]);
  expect(memory.soughtOf(KEYS)).toEqual({ keys: [], isTold: true });
  expect(memory.soughtOf([9])).toEqual({ keys: [], isTold: true });
  expect(memory.soughtOf([1, 2, 3, 4, 5, 6, 70, 80])).toEqual({ keys: [70, 80], isTold: true });
  // Each of them is told, but who shares one with another is not.
  expect(memory.soughtOf([1, 20, 30, 40, 50, 60, 70, 80]).isTold).toBe(false);
  memory.forget();
  expect(memory.soughtOf(KEYS).isTold).toBe(false);
});
