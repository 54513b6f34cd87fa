import { SLOT_MS, slotOf } from '../../../src/comments/tallies.ts';
import { boundsOf, dayAfter, dayAt } from '../../../src/moderation/days.ts';

/** The first slot of each day, found by looking at every one. */
function byLooking(timeZone: string, first: string, days: number): number[] {
  const wanted = Array.from({ length: days + 1 }, (_, i) => dayAfter(first, i));
  let slot = slotOf(Date.parse(`${first}T00:00:00Z`)) - 100;
  return wanted.map((day) => {
    while (dayAt(timeZone, slot * SLOT_MS) < day) slot += 1;
    return slot;
  });
}

const hours = (bounds: number[]): number[] =>
  bounds.slice(1).map((bound, i) => ((bound - (bounds[i] ?? 0)) * SLOT_MS) / 3_600_000);

test.each([
  ['UTC', '2026-02-27', 4],
  ['Asia/Tehran', '2022-03-20', 5],
  ['Asia/Kathmandu', '2026-01-01', 3],
  ['Europe/Berlin', '2026-03-27', 5],
  ['Europe/Berlin', '2026-10-23', 5],
  ['America/Santiago', '2026-09-03', 6],
  ['America/St_Johns', '2026-03-06', 5],
  ['Australia/Lord_Howe', '2026-04-03', 4],
  ['Pacific/Kiritimati', '2026-12-30', 4],
  ['Pacific/Pago_Pago', '2026-12-30', 4],
  ['Pacific/Apia', '2011-12-28', 5],
  ['Africa/Casablanca', '2026-02-13', 5],
])('days in %s from %s on begin when a clock there says so', (zone, first, days) => {
  expect(boundsOf(zone, first, days)).toEqual(byLooking(zone, first, days));
});

test('a day on which clocks are changed has 23 or 25 hours, and one that never was has none', () => {
  expect(hours(boundsOf('Europe/Berlin', '2026-03-28', 3))).toEqual([24, 23, 24]);
  expect(hours(boundsOf('Europe/Berlin', '2026-10-24', 3))).toEqual([24, 25, 24]);
  expect(hours(boundsOf('Australia/Lord_Howe', '2026-04-05', 1))).toEqual([24.5]);
  expect(hours(boundsOf('Pacific/Apia', '2011-12-29', 3))).toEqual([24, 0, 24]);
});

test('a year in every zone there is comes to one hour less or more at most', () => {
  for (const zone of Intl.supportedValuesOf('timeZone').filter((_, i) => i % 7 === 0)) {
    const bounds = boundsOf(zone, '2026-01-01', 365);
    expect(bounds).toHaveLength(366);
    const total = ((bounds.at(-1) ?? 0) - (bounds[0] ?? 0)) * SLOT_MS;
    expect(Math.abs(total - 365 * 86_400_000)).toBeLessThanOrEqual(3_600_000);
  }
});

test('days are counted over ends of months and leap years', () => {
  expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
  expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28');
  expect(dayAt('Asia/Tehran', Date.UTC(2026, 0, 1, 20, 31))).toBe('2026-01-02');
});
