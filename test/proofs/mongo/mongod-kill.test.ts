import { startMongod } from '../../../scripts/mongod.mjs';
import type { Api } from '../../support/api-client.ts';
import { createApi } from '../../support/api-client.ts';
import { createInstallation } from '../../support/built-service.ts';
import type { Answer } from '../../support/http-client.ts';
import { expectAcknowledged, expectTrueCounts, readRows } from '../../support/kill-checks.ts';
import type { Ledger, SentComment, SentDecision } from '../../support/kill-load.ts';
import {
  createLedger,
  noteComment,
  noteDecision,
  sendComment,
  sendDecision,
} from '../../support/kill-load.ts';
import { storeUnderTest } from '../../support/lane.ts';
import { pause, until } from '../../support/until.ts';

/**
 * The database server itself is killed under load, the only one of a standalone or the primary of a replica
 * set. While it is away writes are 503; what was acknowledged is there afterwards, and the service heals.
 */
const CLIENTS = 8;
const SITE = 'server-kills';
const isReplicaSet = storeUnderTest() === 'mongo-replica';

function newComment(ledger: Ledger): SentComment {
  const number = ledger.comments.length;
  const sent: SentComment = {
    request: {
      page: { url: ledger.pages[number % ledger.pages.length] },
      author: { name: 'A reader', email: `reader${number}@readers.example` },
      body: `Comment ${number}`,
    },
    key: `comment-${number}`,
    answer: null,
    id: null,
  };
  ledger.comments.push(sent);
  return sent;
}

const isAway = ({ status }: Answer): boolean => status === 503;
/** Milliseconds, of the second that `Retry-After` asks for: nobody hammers at what is away. */
const RETRY_MS = 200;

/** Posts and approves until told to stop; what got 503 is tried again under its key until it is answered. */
async function client(
  api: Api,
  ledger: Ledger,
  { goesOn, hears }: { goesOn: () => boolean; hears: (answer: Answer) => void },
): Promise<number> {
  let refused = 0;
  const insist = async (call: () => Promise<Answer>): Promise<Answer> =>
    until(
      'the store to come back',
      async () => {
        const answer = await call();
        hears(answer);
        if (isAway(answer)) {
          refused += 1;
          await pause(RETRY_MS);
        }
        const isLater = isAway(answer) || answer.text.includes('idempotency-key-in-progress');
        return isLater ? null : answer;
      },
      120_000,
    );
  while (goesOn()) {
    const comment = newComment(ledger);
    noteComment(comment, await insist(() => sendComment(api, ledger, comment)));
    if (comment.id === null) throw new Error(`no comment: ${comment.answer?.text}`);
    const key = `decision-${ledger.decisions.length}`;
    const sent: SentDecision = {
      commentId: comment.id,
      action: 'approve',
      undoes: null,
      key,
      answer: null,
      decisionId: null,
    };
    ledger.decisions.push(sent);
    noteDecision(sent, await insist(() => sendDecision(api, sent)));
  }
  return refused;
}

test('nothing acknowledged is lost when mongod is killed, and the service heals when it is back', async () => {
  const server = await startMongod({ replicaSet: isReplicaSet });
  const installation = createInstallation({ mongodbUri: server.uri });
  try {
    const service = await installation.start();
    const api = createApi(service);
    await api.createSite(SITE);
    const ledger = createLedger(SITE, 3);
    let goesOn = true;
    const heard: string[] = [];
    const clients = Array.from({ length: CLIENTS }, (_, i) =>
      client(api, ledger, {
        goesOn: () => goesOn,
        hears: ({ status, text }) =>
          (heard[i] = `${new Date().toISOString()} ${status} ${text.slice(0, 200)}`),
      }),
    );
    const some = (count: number) => () =>
      ledger.decisions.filter(({ decisionId }) => decisionId !== null).length >= count;
    await until('some writes', some(100), 120_000);
    const victim = isReplicaSet ? await server.primary() : 0;
    await server.kill(victim);
    const before = ledger.decisions.length;
    if (!isReplicaSet) {
      await until('readyz to tell', async () => (await api.send({ path: '/readyz' })).status === 503);
    }
    await server.restart(victim);
    await until('writes to go on', some(before + 50), 120_000).catch((error: Error) => {
      const log = service.stdout().split('\n').slice(-20);
      throw new Error([error.message, ...heard, ...log, service.stderr()].join('\n'));
    });
    goesOn = false;
    const refused = (await Promise.all(clients)).reduce((sum, each) => sum + each, 0);
    if (!isReplicaSet) expect(refused).toBeGreaterThan(0);

    await until('readyz to heal', async () => (await api.send({ path: '/readyz' })).status === 200);
    const rows = await readRows(api, ledger);
    expectAcknowledged(ledger, rows);
    const approved = [...rows.values()].filter(({ status }) => status === 'approved').map(({ id }) => id);
    const decided = ledger.decisions
      .filter(({ decisionId }) => decisionId !== null)
      .map(({ commentId }) => commentId);
    expect(approved.sort()).toEqual(decided.sort());
    await expectTrueCounts(api, ledger, rows);
  } finally {
    await installation.dispose();
    await server.stop();
  }
});
