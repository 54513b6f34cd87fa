import type { Wordlist } from '../../src/screening/wordlist-store.ts';
import { createWordlistMemory, NONE } from '../../src/storage/wordlist-memory.ts';

const listOf = (site: string, terms: number): Wordlist => ({
  site,
  hold: Array.from({ length: terms }, (_, i) => `term ${i}`),
  reject: [],
  version: 1,
  changedAt: 0,
});

it('sites without lists, be they thousands, push none out that has terms', () => {
  const memory = createWordlistMemory();
  memory.set('long', listOf('long', 5000));
  for (let i = 0; i < 5000; i++) memory.set(`s${i}`, NONE);
  expect(memory.get('long')).toMatchObject({ site: 'long' });
  expect(memory.get('s0')).toBe(NONE);
});

it('lists are kept up to so many terms, those that were asked for last', () => {
  const memory = createWordlistMemory(1000);
  for (const site of ['a', 'b', 'c']) memory.set(site, listOf(site, 300));
  memory.get('a');
  memory.set('d', listOf('d', 300));
  expect(['a', 'b', 'c', 'd'].filter((site) => memory.has(site))).toEqual(['a', 'c', 'd']);
});
