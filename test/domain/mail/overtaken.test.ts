import type { Deps } from '../../../src/deps.ts';
import { digestAt } from '../../../src/mail/due.ts';
import type { DigestMessage } from '../../../src/mail/message.ts';
import { isOvertaken } from '../../../src/mail/overtaken.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 29, 11, 10);
const to = { site: 'news', moderator: 'ann' };
const due = (at: number): DigestMessage => ({ type: 'mail.digest', at, ...to });

/** What is asked of the outbox, which has a summary for that moment, if any. */
async function lookedFor(message: DigestMessage, later?: number) {
  const there = later === undefined ? null : digestAt(later, to);
  let looks = 0;
  const deps = {
    clock: { now: () => NOW },
    sites: { find: async () => ({ timeZone: 'Europe/Berlin' }) },
    outbox: {
      async find(id: string) {
        looks += 1;
        return id === there?.id ? there : null;
      },
    },
  } as unknown as Pick<Deps, 'outbox' | 'sites' | 'clock'>;
  return { isOvertaken: await isOvertaken(deps, message), looks };
}

test('a summary is overtaken by a later one that is due by now', async () => {
  const eleven = Date.UTC(2026, 10, 29, 11);
  expect(await lookedFor(due(eleven - 20 * HOUR), eleven)).toEqual({ isOvertaken: true, looks: 20 });
  expect(await lookedFor(due(eleven - 20 * HOUR), eleven + HOUR)).toEqual({ isOvertaken: false, looks: 20 });
});

test('of a clock that was decades behind only the hours are gone through of which anything is kept', async () => {
  const former = due(Date.UTC(1990, 0, 1, 1));
  const { isOvertaken, looks } = await lookedFor(former);
  expect(isOvertaken).toBe(false);
  expect(looks).toBeLessThanOrEqual(30 * 24 + 1);
  expect(await lookedFor(former, Date.UTC(2026, 10, 29, 9))).toMatchObject({ isOvertaken: true });
});
