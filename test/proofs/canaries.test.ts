import type { Api, Decided, Posted } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { CANARIES, ownAddressSpellings } from '../support/canary-birds.ts';
import type { Outlet } from '../support/canaries.ts';
import { distinct, findNeedles, needlesOf, spellingsOf } from '../support/canaries.ts';
import { readForm } from '../support/html-form.ts';
import type { Answer, Sent } from '../support/http-client.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { storedBytes } from '../support/stored-bytes.ts';

/**
 * E-mail addresses and client addresses go in by every door there is, spelled in every way; then every byte
 * that came out, and every byte that is stored, is searched for them.
 */
const HELD = 'held';
const OPEN = 'open';
const CLIENT_ADDRESSES = ['203.0.113.77', '2001:db8:cafe:f00d::77'];
/** What those would be called by whoever normalises them. */
const CLIENT_SPELLINGS = [
  ...CLIENT_ADDRESSES,
  '::ffff:203.0.113.77',
  '::ffff:cb00:714d',
  '2001:db8:cafe:f00d::/64',
  '2001:db8:cafe:f00d::',
  '2001:0db8:cafe:f00d:0000:0000:0000:0077',
  '2001:0db8:cafe:f00d',
];

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

let installation: Installation;
let service: Service;
let api: Api;
/** Everything that came out, with what had been asked. */
const outlets: Outlet[] = [];
const answers: { sent: Sent; answer: Answer }[] = [];

const name = (sent: Sent): string => `the answer to ${sent.method ?? 'GET'} ${sent.path} ${JSON.stringify(sent.body ?? '').slice(0, 200)}`;

function collect(sent: Sent, answer: Answer): void {
  answers.push({ sent, answer });
  outlets.push({ from: name(sent), bytes: Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), answer.body]) });
}

let requests = 0;
/** Each request comes from one of the two clients, through a proxy. */
function fromClient(headers: Record<string, string> = {}): Record<string, string> {
  requests += 1;
  return { 'X-Forwarded-For': CLIENT_ADDRESSES[requests % 2] ?? '', ...headers };
}

const send = (sent: Sent): Promise<Answer> => api.send({ ...sent, headers: fromClient(sent.headers) });

function commentBy(email: string, rest: Record<string, unknown> = {}): Record<string, unknown> {
  const { author, ...others } = rest as { author?: Record<string, unknown> };
  return {
    page: { url: `https://${HELD}.example/page` },
    body: `A comment ${requests}`,
    ...others,
    author: { name: 'A reader', email, ...author },
  };
}

const postTo = (site: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  send({ method: 'POST', path: `/v1/sites/${site}/comments`, headers, body });

const sendForm = (fields: Record<string, string> | URLSearchParams): Promise<Answer> =>
  send({ method: 'POST', path: `/v1/sites/${HELD}/form`, headers: FORM, body: new URLSearchParams(fields).toString() });

beforeAll(async () => {
  const rates = 'comments=100000/60,author=100000/60,edits=100000/60,reads=100000/60,moderation=100000/60';
  installation = createInstallation({
    env: { TRUST_PROXY: '1', RATE_LIMITS: rates, LOG_LEVEL: 'trace', DEMO: 'on', NODE_ENV: 'development' },
  });
  service = await installation.start({ onAnswer: collect });
  api = createApi(service);
  const origins = [`https://${HELD}.example`];
  await api.createSite(HELD, { origins });
  await api.createSite(OPEN, { origins, policy: { moderation: 'none' } });
});

afterAll(() => installation.dispose());

describe('an address goes in', () => {
  test.each(CANARIES)('as the e-mail of a comment: %s', async (address) => {
    for (const site of [HELD, OPEN]) {
      const answer = await postTo(site, commentBy(address), { 'Idempotency-Key': `key-of-${requests}` });
      expect(answer.status).toBe(201);
    }
  });

  test.each(CANARIES)('in name, text and title of its own comment, in every spelling: %s', async (address) => {
    for (const spelled of ownAddressSpellings(address)) {
      for (const site of [HELD, OPEN]) {
        const page = { url: `https://${HELD}.example/${requests}`, title: `About ${spelled} and more` };
        const author = { name: `Me, ${spelled} himself` };
        const answer = await postTo(site, commentBy(address, { page, author, body: `Write to ${spelled}, please` }));
        const { comment } = expectJson<Posted>(answer, 201);
        expect({ site, status: comment.status }).toEqual({ site, status: 'pending' });
        expectJson<Decided>(await api.decide(comment.id, { action: 'approve' }), 200);
      }
    }
  });

  test.each(CANARIES)('as name, url, page address and page id, which are refused: %s', async (address) => {
    const encoded = encodeURIComponent(address);
    const page = { url: `https://${HELD}.example/page` };
    const tries = [
      { author: { name: address } },
      { author: { url: `https://readers.example/?me=${encoded}` } },
      { author: { url: `mailto:${address}` } },
      { page: { url: `https://${HELD}.example/?e=${encoded}` } },
      { page: { ...page, id: address } },
      { page: { url: address } },
    ];
    for (const change of tries) expect((await postTo(HELD, commentBy(address, change))).status).toBe(422);
  });

  test.each(CANARIES)('in what is malformed, mistyped, too long or unknown: %s', async (address) => {
    const wrong: [unknown, number][] = [
      [commentBy(`${address} and more`), 422],
      [commentBy(`${address}@`), 422],
      [commentBy([address] as unknown as string), 422],
      [commentBy({ [address]: address } as unknown as string), 422],
      [commentBy(address, { body: `${address} `.repeat(2000) }), 422],
      [commentBy(address, { parentId: address }), 422],
      [commentBy(address, { subscribe: address }), 422],
      [commentBy(address, { page: address }), 422],
      [commentBy(address, { author: { name: `${address} `.repeat(20) } }), 422],
      [[address], 422],
      [`"${address}"`, 422],
      [`{"author":{"email":"${address}"`, 400],
      ['', 400],
      [`{"body":"${address} ${'x'.repeat(300_000)}"}`, 413],
    ];
    for (const [body, status] of wrong) {
      const answer = await postTo(HELD, body, { 'Content-Type': 'application/json' });
      expect({ body: JSON.stringify(body).slice(0, 80), status: answer.status }).toEqual({ body: JSON.stringify(body).slice(0, 80), status });
    }
    const typed = await postTo(HELD, JSON.stringify(commentBy(address)), { 'Content-Type': `text/plain; a="${encodeURIComponent(address)}"` });
    expect(typed.status).toBe(415);
    const unknown = commentBy(address, { [address]: address, author: { [address]: address } });
    expect((await postTo(HELD, unknown)).status).toBe(201);
  });

  test.each(CANARIES)('in paths and query strings: %s', async (address) => {
    const encoded = encodeURIComponent(address);
    const page = encodeURIComponent(`https://${HELD}.example/page`);
    const list = `/v1/sites/${HELD}/comments`;
    const queries = ['limit', 'sort', 'format', 'cursor', 'focus', 'replyLimit', 'q', encoded];
    const paths = [
      ...queries.map((parameter) => `${list}?page=${page}&${parameter}=${encoded}`),
      `${list}?page=${encoded}`,
      `${list}?page=${encodeURIComponent(`https://${HELD}.example/?e=${encoded}`)}`,
      `${list}?pageId=${encoded}`,
      `/v1/sites/${encoded}/comments?page=${page}`,
      `/v1/sites/${encoded}`,
      `/v1/comments/${encoded}`,
      `/v1/comments/${encoded}/replies?cursor=${encoded}`,
      `/v1/sites/${HELD}/comments/legacy/${encoded}`,
      `/v1/moderation/queue?author=${encoded}`,
      `/v1/moderation/queue?site=${encoded}`,
      `/v1/moderation/comments/${encoded}`,
      `/${encoded}`,
      `/%zz${encoded}`,
      `/v1/sites/${HELD}/comments?page=%zz${encoded}`,
    ];
    for (const path of paths) {
      for (const method of ['GET', 'DELETE', 'OPTIONS']) await send({ method, path });
      await api.asAdmin({ path, headers: fromClient() });
    }
  });

  test.each(CANARIES)('in headers: %s', async (address) => {
    const ascii = encodeURIComponent(address);
    const values = [ascii, ...(/^[ -~]*$/.test(address) ? [address] : [Buffer.from(address).toString('latin1')])];
    const names = ['X-Request-Id', 'User-Agent', 'Referer', 'Origin', 'Accept-Language', 'Authorization', 'Cookie', 'If-None-Match'];
    const more = ['X-Forwarded-For', 'X-Forwarded-Host', 'Forwarded', 'X-Real-IP', 'Gatehouse-Reader', 'From', 'Traceparent', 'Accept'];
    const page = encodeURIComponent(`https://${HELD}.example/page`);
    for (const value of values) {
      for (const header of [...names, ...more, 'Idempotency-Key', 'Content-Type']) {
        const prefix = header === 'Authorization' ? 'Bearer ' : header === 'Origin' || header === 'Referer' ? 'https://' : '';
        const headers = { [header]: prefix + value };
        await send({ path: `/v1/sites/${HELD}/comments?page=${page}`, headers });
        await postTo(HELD, commentBy(address), headers);
        await send({ path: '/nowhere', headers });
      }
    }
  });

  test.each(CANARIES)('by the form, taken, refused and sent again as the refusal has it: %s', async (address) => {
    const page = `https://${HELD}.example/form`;
    const taken = await sendForm({ page, author: 'A reader', email: address, comment: `Said ${requests}` });
    expect(taken.status).toBe(303);
    for (const spelled of ownAddressSpellings(address)) {
      const own = { author: `I am ${spelled}`, comment: `Write to ${spelled}`, url: spelled, page_title: spelled };
      const refused = await sendForm({ page, email: address, ...own });
      expect(refused.status).toBe(422);
      const { fields } = readForm(refused.text, 'commentform');
      fields.set('url', '');
      expect((await sendForm(fields)).status).toBe(303);
    }
    const empty = await sendForm({ page, author: '', email: address, comment: '' });
    expect(empty.status).toBe(422);
    await sendForm({ page: `https://elsewhere.example/?e=${encodeURIComponent(address)}`, email: address, comment: 'x', author: 'x' });
    await sendForm({ page, author: address, email: address, comment: address });
    await sendForm({ page, comment_parent: address, comment_post_ID: address, email: address, author: 'x', comment: 'y' });
  });

  test.each(CANARIES)('by an edit of its own comment: %s', async (address) => {
    const { comment, editToken } = expectJson<Posted>(await postTo(OPEN, commentBy(address)), 201);
    const headers = { Authorization: `Bearer ${editToken}` };
    for (const spelled of ownAddressSpellings(address)) {
      const answer = await send({ method: 'PATCH', path: `/v1/comments/${comment.id}`, headers, body: { body: `Now ${spelled} it is` } });
      expect(answer.status).toBe(200);
    }
    await send({ path: `/v1/comments/${comment.id}`, headers });
    await send({ method: 'PATCH', path: `/v1/comments/${comment.id}`, headers, body: { body: [address] } });
    expectJson<Decided>(await api.decide(comment.id, { action: 'approve' }), 200);
  });
});

describe('afterwards', () => {
  test('moderators recognise each author by the masked address, readers see none', async () => {
    const items = await api.walkQueue({ site: HELD, status: 'all' });
    const masked = new Set(items.map(({ emailMasked }) => emailMasked));
    const due = CANARIES.map((address) => `${[...address][0]}...${address.slice(address.lastIndexOf('@'))}`);
    expect([...masked]).toEqual(expect.arrayContaining(due));
    const publicly = answers.filter(({ sent }) => sent.headers?.Authorization === undefined);
    expect(publicly.length).toBeGreaterThan(100);
    expect(publicly.filter(({ answer }) => answer.text.includes('emailMasked') && answer.status !== 404).map(({ sent }) => sent.path)).toEqual(
      // The published description names the member, and no value of it.
      publicly.filter(({ sent }) => sent.path === '/openapi.json' || sent.path === '/docs').map(({ sent }) => sent.path),
    );
  });

  test('every page and list that shows anything of it is read', async () => {
    const pages = new Set<string>();
    for (const site of [HELD, OPEN]) {
      for (const { id, page } of await api.walkQueue({ site, status: 'all' })) {
        if (page.url !== null) pages.add(page.url);
        await api.detail(id);
        await send({ path: `/v1/comments/${id}` });
        await send({ path: `/v1/comments/${id}/replies` });
      }
      await api.counts(site);
      for (const path of [`/v1/sites/${site}`, `/v1/admin/sites/${site}`, `/v1/admin/sites/${site}/pages/aliases`]) {
        await api.asAdmin({ path });
        await send({ path });
      }
      for (const url of pages) {
        const page = encodeURIComponent(url);
        for (const format of ['tree', 'flat', 'html']) await send({ path: `/v1/sites/${site}/comments?page=${page}&format=${format}` });
        await send({ path: `/v1/sites/${site}/thread?page=${page}` });
        await send({ path: `/v1/sites/${site}/counts?page=${page}` });
      }
    }
    for (const path of ['/', '/?lang=fa', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/errors', '/v1/admin/tokens', '/v1/admin/sites']) {
      await send({ path });
      await api.asAdmin({ path });
    }
    expect(answers.filter(({ answer }) => answer.status >= 500).map(({ sent }) => name(sent))).toEqual([]);
  }, 60_000);

  test('no address came out or is stored, neither plain nor escaped nor as a hash anyone could compute', async () => {
    const running = await storedBytes(installation);
    await service.stop();
    const stopped = await storedBytes(installation);
    const log = [
      { from: 'standard output', bytes: Buffer.from(service.stdout()) },
      { from: 'standard error', bytes: Buffer.from(service.stderr()) },
    ];
    const all = [...outlets, ...log, ...running, ...stopped];
    const secrets = CANARIES.flatMap((address) => [...spellingsOf(address), address.slice(0, address.lastIndexOf('@'))]);
    const needles = distinct([...new Set([...secrets, ...CLIENT_SPELLINGS])].flatMap(needlesOf));
    expect(findNeedles(all, needles).slice(0, 20)).toEqual([]);
  }, 120_000);

  test('the search would have found what is there: the comments’ own words are in answers and store', async () => {
    const words = needlesOf('A comment').slice(0, 1);
    const found = findNeedles([...outlets, ...(await storedBytes(installation))], words);
    expect(found.some((line) => line.includes('answer to'))).toBe(true);
    expect(found.some((line) => /in (?:file|collection) /.test(line))).toBe(true);
    expect(service.logs().length).toBeGreaterThan(100);
    expect(answers.some(({ answer }) => jsonStatus(answer) === 422)).toBe(true);
  });
});

function jsonStatus(answer: Answer): number | null {
  return answer.headers['content-type']?.startsWith('application/problem+json') ? jsonOf<{ status: number }>(answer).status : null;
}
