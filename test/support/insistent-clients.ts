import type { Action, Decided, Posted } from './api-client.ts';
import { ADMIN_TOKEN, type Service } from './built-service.ts';
import { type Answer, expectJson, type Sent } from './http-client.ts';
import type { Ledger, SentComment, SentDecision } from './kill-load.ts';
import { createRandom, type Random } from './random.ts';
import { pause, until } from './until.ts';

/** Clients of several instances that post and decide, and repeat under its key what was not answered. */
export interface InsistentClients {
  /** Acknowledged writes of each client. */
  acknowledged: number[];
  /** Answers by what they were and their status, for whoever looks at a run. */
  answers: Record<string, number>;
  /** Settles once none sends any more; rejects with the first answer that none of them should have got. */
  running: Promise<void>;
  /** They end what they have begun. */
  end(): void;
}

export interface InsistentOptions {
  services: readonly Service[];
  ledger: Ledger;
  seed: number;
  clients: number;
}

/** A caller waits no longer than this for an answer, in milliseconds, and asks another instance. */
const ASKS_AGAIN_MS = 10_000;
/** What can't be had for longer, in milliseconds, is not to be had. */
const PATIENCE_MS = 300_000;
const PACE_MS = 40;
const ACTIONS: Action[] = ['approve', 'approve', 'approve', 'spam', 'reject'];
const BEARER = { Authorization: `Bearer ${ADMIN_TOKEN}` };

export function startClients({ services, ledger, seed, clients }: InsistentOptions): InsistentClients {
  const acknowledged = Array<number>(clients).fill(0);
  const answers: Record<string, number> = {};
  let goesOn = true;

  /** Null where none came in time. */
  async function ask(kind: string, random: Random, sent: Sent): Promise<Answer | null> {
    const signal = AbortSignal.timeout(ASKS_AGAIN_MS);
    const answer = await random
      .pick(services)
      .client.send({ ...sent, signal })
      .catch(() => null);
    const name = `${kind} ${answer?.status ?? 'none'}`;
    answers[name] = (answers[name] ?? 0) + 1;
    return answer;
  }

  const insist = (kind: string, random: Random, sent: Sent): Promise<Answer> =>
    until(
      `an answer to ${kind}`,
      async () => {
        const answer = await ask(kind, random, sent);
        const isLater =
          answer === null || answer.status === 503 || answer.text.includes('idempotency-key-in-progress');
        if (isLater) await pause(100);
        return isLater ? null : answer;
      },
      PATIENCE_MS,
    );

  async function post(random: Random, parent: SentComment | null): Promise<SentComment> {
    const number = ledger.comments.length;
    const { page } = parent?.request ?? { page: { url: random.pick(ledger.pages) } };
    const author = { name: 'A reader', email: `reader${number % 50}@readers.example` };
    const request = { page, parentId: parent?.id ?? null, author, body: `Comment number ${number}` };
    const sent: SentComment = { request, key: `${seed}-c-${number}`, answer: null, id: null };
    ledger.comments.push(sent);
    sent.answer = await insist('post', random, postingOf(ledger, sent));
    sent.id = expectJson<Posted>(sent.answer, 201).comment.id;
    return sent;
  }

  async function decide(random: Random, commentId: string): Promise<SentDecision> {
    const [action, key] = [random.pick(ACTIONS), `${seed}-d-${ledger.decisions.length}`];
    const sent: SentDecision = { commentId, action, undoes: null, key, answer: null, decisionId: null };
    ledger.decisions.push(sent);
    const path = `/v1/moderation/comments/${commentId}/decisions`;
    const headers = { ...BEARER, 'Idempotency-Key': key };
    sent.answer = await insist('decide', random, { method: 'POST', path, headers, body: { action } });
    sent.decisionId = expectJson<Decided>(sent.answer, 200).decisionId;
    return sent;
  }

  async function client(index: number): Promise<void> {
    const random = createRandom(seed + index);
    let shown: SentComment | null = null;
    while (goesOn) {
      const comment = await post(random, random.next() < 0.3 ? shown : null);
      const { action } = await decide(random, comment.id ?? '');
      // Answers to answers would go too deep in time.
      if (action === 'approve' && comment.request.parentId === null) shown = comment;
      acknowledged[index] = (acknowledged[index] ?? 0) + 2;
      await pause(PACE_MS);
    }
  }

  async function reader(path: string): Promise<void> {
    const random = createRandom(seed - 1);
    while (goesOn) {
      const answer = await ask('read', random, { path, headers: BEARER });
      if (answer && answer.status !== 503) expectJson(answer, 200);
      await pause(3 * PACE_MS);
    }
  }

  const page = encodeURIComponent(ledger.pages[0] ?? '');
  const reads = [
    `/v1/sites/${ledger.site}/comments?page=${page}`,
    `/v1/moderation/queue?site=${ledger.site}&status=all&limit=10`,
    `/v1/moderation/counts?site=${ledger.site}`,
  ];
  const all = [...Array.from({ length: clients }, (_, index) => client(index)), ...reads.map(reader)];
  const running = Promise.all(all).then(() => undefined);
  // Whoever waits for it hears of it; until then it ends no process.
  running.catch(() => undefined);
  return {
    acknowledged,
    answers,
    running,
    end() {
      goesOn = false;
    },
  };
}

/** The request that a comment was sent by. */
export function postingOf({ site }: Ledger, { request, key }: SentComment): Sent {
  const headers = { 'Idempotency-Key': key ?? '' };
  return { method: 'POST', path: `/v1/sites/${site}/comments`, headers, body: request };
}
