import { SLOT_MS } from '../../src/comments/tallies.ts';
import { momentOf } from '../../src/dashboard/days.ts';
import { boundsOf, dayAfter } from '../../src/moderation/days.ts';

const span = (zone: string | undefined, day: string): string[] => [
  momentOf(day, zone, false),
  momentOf(day, zone, true),
];

test.each([
  // Midnight is left out: the day begins at one.
  ['Asia/Tehran', '2022-03-22', '2022-03-21T20:30:00.000Z', '2022-03-22T19:29:59.999Z'],
  // The hour before midnight comes twice, and no hour of the day.
  ['Asia/Tehran', '2022-09-21', '2022-09-20T19:30:00.000Z', '2022-09-21T20:29:59.999Z'],
  ['Asia/Tehran', '2026-03-21', '2026-03-20T20:30:00.000Z', '2026-03-21T20:29:59.999Z'],
  ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00.000Z', '2026-01-01T18:14:59.999Z'],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
  ['Pacific/Kiritimati', '2026-12-31', '2026-12-30T10:00:00.000Z', '2026-12-31T09:59:59.999Z'],
  ['Pacific/Pago_Pago', '2026-12-31', '2026-12-31T11:00:00.000Z', '2027-01-01T10:59:59.999Z'],
])('in %s the day %s is from %s to %s', (zone, day, first, last) => {
  expect(span(zone, day)).toEqual([first, last]);
});

test('days begin and end where those of the statistics do, in every zone there is', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    for (const first of ['2022-03-20', '2026-03-28', '2026-10-24']) {
      const bounds = boundsOf(zone, first, 3).map((slot) => slot * SLOT_MS);
      const ours = [0, 1, 2].map((day) => span(zone, dayAfter(first, day)).map(Date.parse));
      const theirs = [0, 1, 2].map((day) => [bounds[day], (bounds[day + 1] ?? 0) - 1]);
      expect({ zone, days: ours }).toEqual({ zone, days: theirs });
    }
  }
});

test('a day that never was has no moment in it', () => {
  const [first = '', last = ''] = span('Pacific/Apia', '2011-12-30');
  expect(Date.parse(last)).toBe(Date.parse(first) - 1);
});

test('without a zone it is the day of the machine, and what is no day is no moment', () => {
  expect(span(undefined, '2026-02-03')[0]).toBe(new Date('2026-02-03T00:00:00').toISOString());
  for (const text of ['', 'soon', '2026-02-31x']) expect(span('UTC', text)).toEqual(['', '']);
  // As fields give it while the year is being typed.
  expect(Date.parse(momentOf('0002-03-04', 'Asia/Tehran', false))).toBeLessThan(Date.parse('1000-01-01'));
  expect(momentOf('99999-03-04', 'UTC', false)).toBe('+099999-03-04T00:00:00.000Z');
});
