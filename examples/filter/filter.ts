/**
 * An outside filter for Gatehouse in one file: it verifies the signature, answers, and learns from what people
 * decide. Start it with the secret that POST /v1/admin/filters gave:
 *
 *     FILTER_SECRET=whsec_… PORT=9000 node filter.ts     (Node 22.18 or newer)
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

const key = Buffer.from((process.env.FILTER_SECRET ?? '').replace('whsec_', ''), 'base64');
const seen = { ham: new Map<string, number>(), spam: new Map<string, number>() };
const learnt = new Map<string, Lesson>();
type Label = 'ham' | 'spam';
type Lesson = { version: number; label: Label; words: Set<string> };
type Decided = {
  commentId: string;
  version: number;
  label: Label | null;
  undone: boolean;
  body: { text: string };
};

/** Standard Webhooks: HMAC-SHA-256 over id, timestamp and the raw bytes; no older or newer than five minutes. */
function isSigned(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= 300)) return false;
  const right = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  return String(signatures)
    .split(' ')
    .map((one) => Buffer.from(one.replace('v1,', ''), 'base64'))
    .some((one) => one.length === right.length && timingSafeEqual(one, right));
}

const wordsOf = (text: string) =>
  new Set(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  );

function count({ label, words }: Lesson, by: number): void {
  for (const word of words) seen[label].set(word, (seen[label].get(word) ?? 0) + by);
}

/**
 * A decision is learnt once, however often it is told, and forgotten when it is taken back. One that comes after a
 * newer one was overtaken on its way.
 */
function learn({ commentId, version, label, undone, body }: Decided): void {
  const before = learnt.get(commentId);
  if (before && before.version > version) return;
  if (before) count(before, -1);
  const isLearnt = label !== null && !undone;
  const lesson = { version, label: label ?? 'ham', words: isLearnt ? wordsOf(body.text) : new Set<string>() };
  count(lesson, 1);
  learnt.set(commentId, lesson);
}

/** Naive Bayes over words, even odds to begin with. */
function judge(text: string): { verdict: string; score: number } {
  let odds = 0;
  for (const word of wordsOf(text)) {
    odds += Math.log(((seen.spam.get(word) ?? 0) + 1) / ((seen.ham.get(word) ?? 0) + 1));
  }
  const score = 1 / (1 + Math.exp(-odds));
  return { verdict: score > 0.9 ? 'spam' : score < 0.1 ? 'ham' : 'unsure', score };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  if (!isSigned(request.headers, body)) return void response.writeHead(401).end();
  const { type, data } = JSON.parse(body.toString('utf8'));
  if (type === 'comment.decided') learn(data);
  if (type !== 'comment.check') return void response.writeHead(204).end();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(judge(data.body.text)));
}

createServer((request, response) => {
  // Anybody may send what breaks off on its way, or makes no sense: the filter goes on.
  answer(request, response).catch(() => response.destroy());
}).listen(Number(process.env.PORT ?? 9000), '127.0.0.1', function listening(this: { address(): unknown }) {
  process.stdout.write(`${JSON.stringify(this.address())}\n`);
});
