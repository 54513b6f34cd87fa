import { createApi } from '../support/api-client.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation } from '../support/built-service.ts';
import type { EventReader } from '../support/event-reader.ts';
import { readEvents } from '../support/event-reader.ts';
import { eventually } from '../support/eventually.ts';
import { inParallel } from '../support/in-parallel.ts';
import type { Ledger } from '../support/kill-load.ts';
import { createLedger, runLoad } from '../support/kill-load.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { until } from '../support/until.ts';

/** The live stream of the built service: through kills, and at the end. */

const KILLS = 3;
const STREAMS = 50;

const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
const portOf = ({ url }: Service): number => Number(new URL(url).port);
const seed = seedOfRun();
process.stderr.write(`live series: GATEHOUSE_SEED=${seed}\n`);

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

/** Ids of what several streams, each the sequel of the one before, told: comments that came, and decisions. */
function toldBy(readers: EventReader[]): { comments: unknown[]; decisions: unknown[] } {
  const all = readers.flatMap(({ events }) => events);
  return {
    comments: all.filter(({ event }) => event === 'comment').map(({ data }) => data.id),
    decisions: all.filter(({ event }) => event === 'decision').map(({ data }) => data.decisionId),
  };
}

function acknowledgedIn({ comments, decisions }: Ledger): { comments: string[]; decisions: string[] } {
  return {
    comments: comments.flatMap(({ id }) => id ?? []),
    decisions: decisions.flatMap(({ decisionId }) => decisionId ?? []),
  };
}

test('whatever was acknowledged before a kill is heard after it, once, by who comes back', async () => {
  const ledger = createLedger('live', 3);
  const random = createRandom(seed);
  const readers: EventReader[] = [];
  const follow = async (service: Service): Promise<void> => {
    const lastEventId = readers.at(-1)?.lastId();
    readers.push(await readEvents(portOf(service), { headers, lastEventId }));
    await eventually(() => expect(readers.at(-1)?.lastId()).not.toBe(''));
  };
  let service = await installation.start();
  await createApi(service).createSite(ledger.site, { policy: { moderation: 'all' } });
  await follow(service);
  for (let kills = 0; kills < KILLS; kills++) {
    const doomed = service;
    const nth = random.between(30, 120);
    const onAcknowledged = (count: number): void => void (count === nth && void doomed.kill9());
    await runLoad(createApi(doomed), { random, ledger, clients: 8, most: 200, onAcknowledged });
    await doomed.ended;
    await until('the stream to break', () => readers.at(-1)?.hasEnded());
    service = await installation.start();
    await follow(service);
  }
  const due = acknowledgedIn(ledger);
  expect(due.comments.length).toBeGreaterThan(30);
  expect(due.decisions.length).toBeGreaterThan(10);
  await eventually(() => {
    const told = toldBy(readers);
    expect(due.comments.filter((id) => !told.comments.includes(id))).toEqual([]);
    expect(due.decisions.filter((id) => !told.decisions.includes(id))).toEqual([]);
  });
  const { comments, decisions } = toldBy(readers);
  expect(new Set(comments).size).toBe(comments.length);
  expect(new Set(decisions).size).toBe(decisions.length);
  expect(readers.some(({ events }) => events.some(({ event }) => event === 'reset'))).toBe(false);
});

test('SIGTERM ends every stream by itself, none is cut', async () => {
  const service = await installation.start();
  const readers = await inParallel([...Array(STREAMS)], 10, () => readEvents(portOf(service), { headers }));
  expect(await service.stop()).toEqual({ code: 0, signal: null });
  expect(service.logs().map(({ msg }) => msg)).not.toContain(
    'some requests were still under way and have been cut',
  );
  await Promise.all(readers.map((reader) => reader.ended()));
});
