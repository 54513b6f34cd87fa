import { nextHour, nextMorning } from '../../../src/mail/slots.ts';

const at = (text: string): number => Date.parse(text);

test.each([
  ['UTC', '2026-05-04T10:20:00Z', '2026-05-04T11:00:00Z'],
  ['UTC', '2026-05-04T10:00:00Z', '2026-05-04T11:00:00Z'],
  ['Asia/Kolkata', '2026-05-04T10:20:00.001Z', '2026-05-04T10:30:00Z'],
  ['Asia/Kolkata', '2026-05-04T10:30:00Z', '2026-05-04T11:30:00Z'],
  ['Asia/Kathmandu', '2026-05-04T10:20:00Z', '2026-05-04T11:15:00Z'],
  ['America/St_Johns', '2026-05-04T10:20:00Z', '2026-05-04T10:30:00Z'],
  // Clocks go from 2:00 to 2:30 in October, and from 2:00 to 1:30 in April.
  ['Australia/Lord_Howe', '2027-10-02T15:10:00Z', '2027-10-02T16:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T14:10:00Z', '2027-04-03T15:30:00Z'],
])('the next full hour in %s after %s is %s', (zone, now, hour) => {
  expect(nextHour(zone, at(now))).toBe(at(hour));
});

test.each([
  ['UTC', '2026-05-04T07:59:59Z', '2026-05-04T08:00:00Z'],
  ['UTC', '2026-05-04T08:00:00Z', '2026-05-05T08:00:00Z'],
  ['Asia/Tehran', '2026-05-04T04:29:00Z', '2026-05-04T04:30:00Z'],
  ['Asia/Tehran', '2026-05-04T22:00:00Z', '2026-05-05T04:30:00Z'],
  ['America/New_York', '2026-05-04T02:00:00Z', '2026-05-04T12:00:00Z'],
  ['Asia/Kathmandu', '2026-05-04T02:00:00Z', '2026-05-04T02:15:00Z'],
  // On the days on which clocks are changed, by an hour, by half of one, and at midnight itself.
  ['Europe/Berlin', '2027-03-28T05:59:59Z', '2027-03-28T06:00:00Z'],
  ['Europe/Berlin', '2027-10-31T06:59:59Z', '2027-10-31T07:00:00Z'],
  ['America/New_York', '2027-03-14T01:00:00Z', '2027-03-14T12:00:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T20:59:00Z', '2027-10-02T21:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T21:29:00Z', '2027-04-03T21:30:00Z'],
  ['America/Santiago', '2027-09-05T10:59:59Z', '2027-09-05T11:00:00Z'],
])('the next morning in %s after %s is %s', (zone, now, morning) => {
  expect(nextMorning(zone, at(now))).toBe(at(morning));
});
