import type { Action, Api, Decided, NewComment, Posted } from './api-client.ts';
import type { Answer } from './http-client.ts';
import { jsonOf } from './http-client.ts';
import type { Random } from './random.ts';

/** A comment that was sent, and what came of it. */
export interface SentComment {
  request: NewComment;
  /** Its Idempotency-Key, where it had one. */
  key: string | null;
  /** Null while, or for ever when, no answer came. */
  answer: Answer | null;
  /** Its id, once acknowledged. */
  id: string | null;
}

/** A decision or an undo that was sent. */
export interface SentDecision {
  commentId: string;
  /** Null for an undo. */
  action: Action | null;
  undoes: string | null;
  key: string | null;
  answer: Answer | null;
  decisionId: string | null;
}

/** All that clients sent to one installation over its lives. Bodies are unique: each names its comment. */
export interface Ledger {
  site: string;
  pages: string[];
  comments: SentComment[];
  decisions: SentDecision[];
}

export interface Load {
  random: Random;
  ledger: Ledger;
  clients: number;
  /** Called after each acknowledged write, with their number in this round. */
  onAcknowledged?: (count: number) => void;
  /** No client sends more requests than this. */
  most: number;
}

const ACTIONS: Action[] = ['approve', 'approve', 'approve', 'reject', 'spam', 'trash'];

function pageUrl(site: string, page: number): string {
  return `https://${site}.example/page-${page}`;
}

export const createLedger = (site: string, pages: number): Ledger => ({
  site,
  pages: Array.from({ length: pages }, (_, page) => pageUrl(site, page)),
  comments: [],
  decisions: [],
});

const keyHeader = (key: string | null): Record<string, string> =>
  key === null ? {} : { 'Idempotency-Key': key };

export function sendComment(api: Api, ledger: Ledger, { request, key }: SentComment): Promise<Answer> {
  return api.post(ledger.site, request, keyHeader(key));
}

export function sendDecision(api: Api, sent: SentDecision): Promise<Answer> {
  if (sent.undoes !== null) return api.undo(sent.undoes, keyHeader(sent.key));
  return api.decide(sent.commentId, { action: sent.action ?? 'approve' }, keyHeader(sent.key));
}

/** Chooses a comment that is known to be on a page, to reply to; it may be hidden by now, which is refused. */
function pickParent(load: Load, page: string): string | null {
  const { random, ledger } = load;
  if (random.next() > 0.25) return null;
  const there = ledger.comments
    .slice(-200)
    .filter(({ id, request }) => id !== null && request.page.url === page);
  return there.length === 0 ? null : random.pick(there).id;
}

function nextComment(load: Load): SentComment {
  const { random, ledger } = load;
  const number = ledger.comments.length;
  const page = random.pick(ledger.pages);
  const sent: SentComment = {
    request: {
      page: { url: page },
      parentId: pickParent(load, page),
      author: { name: `Reader ${number % 7}`, email: `reader${number % 40}@readers.example` },
      body: `Comment number ${number}, سلام ${'x'.repeat(random.between(0, 300))}.`,
    },
    key: random.next() < 0.4 ? `comment-${number}` : null,
    answer: null,
    id: null,
  };
  ledger.comments.push(sent);
  return sent;
}

function nextDecision(load: Load): SentDecision | null {
  const { random, ledger } = load;
  const known = ledger.comments.slice(-150).filter(({ id }) => id !== null);
  if (known.length === 0) return null;
  const commentId = random.pick(known).id ?? '';
  const earlier = ledger.decisions.filter((each) => each.commentId === commentId && each.decisionId !== null);
  const undoes = earlier.length > 0 && random.next() < 0.3 ? (earlier.at(-1)?.decisionId ?? null) : null;
  const sent: SentDecision = {
    commentId,
    action: undoes === null ? random.pick(ACTIONS) : null,
    undoes,
    key: undoes === null && random.next() < 0.4 ? `decision-${ledger.decisions.length}` : null,
    answer: null,
    decisionId: null,
  };
  ledger.decisions.push(sent);
  return sent;
}

/** The refusals that a race between the clients may bring; anything else is a fault. */
function isFairRefusal({ status, text }: Answer): boolean {
  if (status === 409) return true;
  return status === 422 && text.includes('parent-not-found');
}

function check(answer: Answer, due: number): boolean {
  if (answer.status === due) return true;
  if (isFairRefusal(answer)) return false;
  throw new Error(`${answer.status} under load: ${answer.text.slice(0, 500)}`);
}

export function noteComment(sent: SentComment, answer: Answer): boolean {
  sent.answer = answer;
  if (!check(answer, 201)) return false;
  sent.id = jsonOf<Posted>(answer).comment.id;
  return true;
}

export function noteDecision(sent: SentDecision, answer: Answer): boolean {
  sent.answer = answer;
  if (!check(answer, 200)) return false;
  sent.decisionId = jsonOf<Decided>(answer).decisionId;
  return true;
}

async function sendNext(api: Api, load: Load): Promise<boolean> {
  const decision = load.random.next() < 0.4 ? nextDecision(load) : null;
  if (decision) return noteDecision(decision, await sendDecision(api, decision));
  const comment = nextComment(load);
  return noteComment(comment, await sendComment(api, load.ledger, comment));
}

/** Whether the error says that the service went away meanwhile. */
export const isCutOff = (error: unknown): boolean =>
  /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up|cut off/.test(String(error));

/** Sends from many clients at once until the service is gone; resolves to how much was acknowledged. */
export async function runLoad(api: Api, load: Load): Promise<number> {
  let acknowledged = 0;
  const client = async (): Promise<void> => {
    for (let sent = 0; sent < load.most; sent++) {
      try {
        if (await sendNext(api, load)) {
          acknowledged += 1;
          load.onAcknowledged?.(acknowledged);
        }
      } catch (error) {
        if (isCutOff(error)) return;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: load.clients }, client));
  return acknowledged;
}
