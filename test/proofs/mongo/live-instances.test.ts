import { createApi } from '../../support/api-client.ts';
import type { Installation, Service } from '../../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation } from '../../support/built-service.ts';
import type { EventReader } from '../../support/event-reader.ts';
import { readEvents } from '../../support/event-reader.ts';
import { eventually } from '../../support/eventually.ts';

/** Several processes on one database tell all of it to all. */

const ROUNDS = 10;

let installation: Installation;
beforeAll(() => {
  installation = createInstallation();
});
afterAll(() => installation.dispose());

function listen(to: Service, lastEventId?: string): Promise<EventReader> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return readEvents(Number(new URL(to.url).port), { headers, lastEventId });
}

test('a change through one is heard through the other, and a stream goes on there', async () => {
  const [one, other] = [await installation.start(), await installation.start()];
  const api = createApi(one);
  await api.createSite('live');
  const here = await listen(other);
  await eventually(() => expect(here.lastId()).not.toBe(''));
  const page = { url: 'https://live.example/1' };
  const author = { name: 'A reader', email: 'reader@readers.example' };
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { comment } = await api.posted('live', { page, author, body: `Comment ${round}` });
    const begun = performance.now();
    await here.hears('the comment', ({ data }) => data.id === comment.id);
    waits.push(performance.now() - begun);
  }
  here.close();
  await here.ended();
  const { comment } = await api.posted('live', { page, author, body: 'While nobody listened' });
  const there = await listen(one, here.lastId());
  const heard = await there.hears('the missed comment', ({ event }) => event === 'comment');
  expect(heard.data.id).toBe(comment.id);
  process.stderr.write(
    `heard after ${waits
      .sort((a, b) => a - b)
      .map((ms) => ms.toFixed(0))
      .join(', ')} ms\n`,
  );
});
