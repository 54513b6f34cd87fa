import { nextHour, nextMorning } from '../../../src/mail/slots.ts';

const at = (text: string): number => Date.parse(text);

test('the next hour is a full one, and later than now', () => {
  expect(nextHour(at('2026-05-04T10:20:00Z'))).toBe(at('2026-05-04T11:00:00Z'));
  expect(nextHour(at('2026-05-04T10:00:00Z'))).toBe(at('2026-05-04T11:00:00Z'));
});

test.each([
  ['UTC', '2026-05-04T07:59:59Z', '2026-05-04T08:00:00Z'],
  ['UTC', '2026-05-04T08:00:00Z', '2026-05-05T08:00:00Z'],
  ['Asia/Tehran', '2026-05-04T04:29:00Z', '2026-05-04T04:30:00Z'],
  ['Asia/Tehran', '2026-05-04T22:00:00Z', '2026-05-05T04:30:00Z'],
  ['America/New_York', '2026-05-04T02:00:00Z', '2026-05-04T12:00:00Z'],
])('the next morning in %s after %s is %s', (zone, now, morning) => {
  expect(nextMorning(zone, at(now))).toBe(at(morning));
});
