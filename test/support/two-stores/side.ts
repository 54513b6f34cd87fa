import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { mongo } from 'mongoose';
import type { Clock } from '../../../src/clock.ts';
import type { Difference } from '../../../src/comments/difference.ts';
import type { Deps } from '../../../src/deps.ts';
import { createFilterRunner } from '../../../src/filters/runner.ts';
import { createIdSource } from '../../../src/ids.ts';
import { createMailRunner } from '../../../src/mail/runner.ts';
import { createBatchWatch } from '../../../src/moderation/batch-watch.ts';
import { exportGeneric } from '../../../src/moving/export-generic.ts';
import { noTally } from '../../../src/moving/export-site.ts';
import { sweepAll } from '../../../src/moving/retention-runner.ts';
import type { OutgoingMail } from '../../../src/outgoing/outgoing.ts';
import { createWebhookRunner } from '../../../src/webhooks/runner.ts';
import { connectTo, type StoreName } from '../lane.ts';
import { createRandom } from '../random.ts';
import { searchFilled } from '../search-filled.ts';
import { ADMIN, type Answer, type CallOptions, startServiceOver, type TestService } from '../service.ts';
import { type OpenedStore, openStore } from '../stores.ts';
import { until } from '../until.ts';

/** What came to a subscriber or an outside filter. */
export interface Heard {
  path: string;
  message: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** One of two whole services that are told the same: over one kind of store, with all that goes on behind its answers. */
export interface Side {
  name: StoreName;
  call(options: CallOptions): Promise<Answer>;
  /** Where what it sends is heard, without a slash at the end. */
  outside: string;
  /** What was heard since it was asked last. */
  heard(): Heard[];
  mails(): Pick<OutgoingMail, 'to' | 'subject' | 'text'>[];
  /** Waits until nothing is under way behind the answers. */
  settle(): Promise<void>;
  /** Stops the service and its store, and starts both on the same data. */
  restart(): Promise<void>;
  /** Takes away what the sites' retention has no more time for. */
  sweep(): Promise<void>;
  exported(site: string): Promise<string>;
  verify(): Promise<Difference[]>;
  /** What went wrong behind the answers since it was asked last. */
  troubles(): string[];
  stop(): Promise<void>;
}

export interface SideOptions {
  kind: StoreName;
  clock: Clock;
  /** Of ids and keys: where it is the same on both sides these are, too. */
  seed: number;
}

const DATA_KEY = Buffer.alloc(32, 'two stores');

/** A verdict that the text alone decides on. */
function verdictOn(text: string): object {
  const sum = [...text].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 0);
  return { verdict: ['ham', 'spam', 'unsure'][sum % 3], score: (sum % 101) / 100 };
}

/** A subscriber and a filter: `/fail…` answers 500, `/filter…` with a verdict. */
async function startOutside(heard: Heard[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '' } = request;
      const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Heard['message'];
      heard.push({ path, message });
      if (path.startsWith('/fail')) return response.writeHead(500).end();
      if (message.type !== 'comment.check') return response.writeHead(204).end();
      const { text } = message.data.body as { text: string };
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(verdictOn(text)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Whether all that rides in documents has been handed on, and all that is filled in behind has been. */
async function isFolded(database: mongo.Db): Promise<boolean> {
  const waiting = await Promise.all([
    database.collection('comments').findOne({ work: true }),
    database.collection('comments').findOne({ wordsDue: { $exists: true } }),
    database.collection('inbox').findOne({}),
    database.collection('directory-todo').findOne({}),
    database.collection('journal').findOne({ state: 'applying' }),
  ]);
  return waiting.every((one) => one === null);
}

/** Whether every consumer has taken what is in the log, and all is delivered or given up. */
async function isDelivered({ events, outbox }: Deps): Promise<boolean> {
  const { last } = await events.ends();
  const consumers = ['webhooks', 'filters', 'mail'];
  const positions = await Promise.all(consumers.map((consumer) => events.position(consumer)));
  if (positions.some((position) => position !== null && position !== last)) return false;
  return (await outbox.depth()).waiting === 0;
}

interface Running {
  service: TestService;
  stop(): Promise<void>;
}

/** A service with the parts of the process that work behind it; their tries are made at once. */
async function start(
  store: OpenedStore,
  { clock, report, more }: { clock: Clock; report: (error: unknown) => void; more: Partial<Deps> },
): Promise<Running> {
  const service = await startServiceOver(store, DATA_KEY, { clock, deps: (deps) => ({ ...deps, ...more }) });
  const { deps } = service;
  store.storage.onInvalidation((change) => {
    if (change.kind === 'site') forget(deps, change.site);
  });
  const options = { retrySeconds: [0, 0], timeoutMs: 5000, report };
  const mail = createMailRunner(deps, { ...options, onRefusal: () => undefined });
  const runners = [createBatchWatch(deps, report), createWebhookRunner(deps, options)];
  runners.push(createFilterRunner(deps, options));
  for (const runner of runners) runner.start();
  await mail.start();
  return {
    service,
    async stop() {
      await Promise.all([...runners, mail].map((runner) => runner.stop()));
      await service.stop();
    },
  };
}

function forget({ learner, precedents }: Deps, site: string): void {
  learner.forget(site);
  precedents.forget(site);
}

/** On a slow machine an import is answered before its end, on the one side or the other: both say what came of it. */
async function atItsEnd(service: TestService, answer: Answer): Promise<Answer> {
  const { location } = answer.headers;
  if (answer.status !== 202 || !location?.includes('/imports/')) return answer;
  const view = await until('the import to be done', async () => {
    const { json } = await service.call({ path: location, headers: ADMIN });
    return (json as { state: string }).state === 'done' && json;
  });
  return { ...answer, status: 201, json: view, text: JSON.stringify(view) };
}

export async function openSide({ kind, clock, seed }: SideOptions): Promise<Side> {
  const store = await openStore({ kind, clock });
  const random = createRandom(seed);
  const ids = createIdSource((bytes) => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.between(0, 255);
  });
  const heard: Heard[] = [];
  const mails: OutgoingMail[] = [];
  const troubles: string[] = [];
  const server = await startOutside(heard);
  const post: Deps['post'] = {
    async send(mail) {
      mails.push(mail);
      return { ok: true };
    },
  };
  const report = (error: unknown): void =>
    void troubles.push(error instanceof Error ? `${error.stack} ${error.cause}` : String(error));
  // It learns from the decisions of one moment in the order in which a store has written them, which is told nowhere.
  const learner: Deps['learner'] = {
    judge: async () => null,
    forget: () => undefined,
    unlearn: () => undefined,
    stop: async () => undefined,
  };
  const begin = () => start(store, { clock, report, more: { ids, post, learner } });
  let running = await begin();
  const own = 'uri' in store.place ? await connectTo(store.place.uri) : null;

  return {
    name: kind,
    outside: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    call: async (options) => atItsEnd(running.service, await running.service.call(options)),
    heard: () => heard.splice(0),
    mails: () => mails.splice(0).map(({ to, subject, text }) => ({ to, subject, text })),
    troubles: () => troubles.splice(0),
    async settle() {
      const { deps } = running.service;
      if (own) await until('the fold', () => isFolded(own.database));
      else await searchFilled(store);
      await until('the deliveries', () => isDelivered(deps));
      // Read anew from the log: what is in memory may not have heard of the newest.
      for (const site of await deps.sites.ids()) forget(deps, site);
    },
    async restart() {
      await running.stop();
      await store.reopen();
      running = await begin();
    },
    async sweep() {
      const { retention } = running.service.deps;
      await until('the lease', () => retention.hold());
      await sweepAll(running.service.deps, { rest: async () => true, onTaken: () => undefined });
      await retention.release();
    },
    async exported(id) {
      const site = await running.service.deps.sites.find(id);
      if (!site) return '';
      let file = '';
      for await (const line of exportGeneric(running.service.deps, { site, emails: true }, noTally()))
        file += line;
      return file;
    },
    async verify() {
      const found: Difference[] = [];
      for await (const one of store.storage.verify({ repair: false })) found.push(one);
      return found;
    },
    async stop() {
      await running.stop();
      await own?.close();
      await store.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
