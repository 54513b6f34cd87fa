import { readConfig } from '../../../src/config.ts';
import { askedWait, nextTry } from '../../../src/webhooks/schedule.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const retrySeconds = readConfig({}).webhookRetrySeconds;
const waits = (random: number) =>
  Array.from({ length: retrySeconds.length + 1 }, (_, tries) => {
    const next = nextTry({ retrySeconds, tries, now: NOW, random });
    return next === null ? null : (next - NOW) / 1000;
  });

test('tries come as the contract says, a tenth sooner or later, and after the last there is none', () => {
  expect(waits(0.5)).toEqual([...retrySeconds, null]);
  expect(waits(0)).toEqual([...retrySeconds.map((seconds) => seconds * 0.9), null]);
  for (const [i, wait] of waits(0.999_999).entries())
    expect(wait ?? 0).toBeLessThanOrEqual((retrySeconds[i] ?? 0) * 1.1);
});

test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['0', 0],
  ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['Sunday, 01-Mar-26 12:01:00 GMT', 60_000],
  // Names no zone, so that a machine which is not on UTC is the one to read it wrongly.
  ['Sun Mar  1 12:01:00 2026', 60_000],
  ['999999999', 24 * 3_600_000],
  ['9999999999', 24 * 3_600_000],
  ['9'.repeat(400), 24 * 3_600_000],
  ['Sun, 01 Mar 2099 12:00:00 GMT', 24 * 3_600_000],
  ['-5', 0],
  ['1e9', 0],
  ['soon', 0],
  ['', 0],
])('Retry-After: %s asks for %d ms', (text, ms) => {
  expect(askedWait(text, NOW)).toBe(ms);
});

test('Retry-After puts a try off, never forward, and raises none from the dead', () => {
  const at = (tries: number, retryAfter: string) =>
    nextTry({ retrySeconds, tries, now: NOW, retryAfter, random: 0.5 });
  expect(at(1, '600')).toBe(NOW + 600_000);
  expect(at(3, '1')).toBe(NOW + 1_800_000);
  expect(at(10, '600')).toBeNull();
});
