import type { Api } from './api-client.ts';
import { createApi } from './api-client.ts';
import type { Installation, Service } from './built-service.ts';
import { ADMIN_TOKEN, createInstallation } from './built-service.ts';
import type { Outlet } from './canaries.ts';
import { CLIENT_ADDRESSES } from './canary-birds.ts';
import type { EventReader } from './event-reader.ts';
import { readEvents } from './event-reader.ts';
import type { Answer, Sent } from './http-client.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';

/** A site where comments wait, and one where they don't. Both take comments of the first one's host. */
export const HELD = 'held';
export const OPEN = 'open';

/** A service that sees canaries, and everything that came out of it. */
export interface CanaryRun {
  installation: Installation;
  service: Service;
  api: Api;
  /** Each answer, headers and all. */
  outlets: Outlet[];
  answers: { sent: Sent; answer: Answer }[];
  /** The live stream, open from before the first comment. */
  live: EventReader;
  /** Where a moderator of the site where comments wait is told of them. */
  mailbox: Mailbox;
  /** How many requests went through `send`. */
  requests(): number;
  /** The headers of a request of one of two clients behind a proxy. */
  fromClient(headers?: Record<string, string>): Record<string, string>;
  send(sent: Sent): Promise<Answer>;
  postTo(site: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  sendForm(fields: Record<string, string> | URLSearchParams): Promise<Answer>;
}

/** A request in few words. */
export const describeRequest = (sent: Sent): string =>
  `${sent.method ?? 'GET'} ${sent.path} ${JSON.stringify(sent.body ?? '').slice(0, 200)}`;

const RATES =
  'comments=100000/60,author=100000/60,edits=100000/60,reads=100000/60,reports=100000/60,votes=100000/60,moderation=100000/60';
/** Everything that may say more than it should is on; limits are counted, though never reached. */
const SETTINGS = {
  TRUST_PROXY: '1',
  RATE_LIMITS: RATES,
  LOG_LEVEL: 'trace',
  DEMO: 'on',
  NODE_ENV: 'development',
};

export async function startCanaryRun(env: Record<string, string> = {}): Promise<CanaryRun> {
  const outlets: Outlet[] = [];
  const answers: { sent: Sent; answer: Answer }[] = [];
  const collect = (sent: Sent, answer: Answer): void => {
    answers.push({ sent, answer });
    const bytes = Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), answer.body]);
    outlets.push({ from: `the answer to ${describeRequest(sent)}`, bytes });
  };
  const mailbox = await startMailbox();
  const installation = createInstallation({ env: { ...SETTINGS, SMTP_URL: mailbox.url, ...env } });
  const service = await installation.start({ onAnswer: collect });
  const api = createApi(service);
  const origins = [`https://${HELD}.example`];
  await api.createSite(HELD, { origins, policy: { notify: { moderators: 'each' } } });
  await api.createSite(OPEN, { origins, policy: { moderation: 'none' } });

  const account = { name: 'Mod', email: 'mod@staff.example', role: 'moderator', sites: [HELD] };
  const body = { ...account, password: 'a long enough password' };
  await api.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body });

  const live = await readEvents(Number(new URL(service.url).port), {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });

  let requests = 0;
  const fromClient: CanaryRun['fromClient'] = (headers = {}) => {
    requests += 1;
    return { 'X-Forwarded-For': CLIENT_ADDRESSES[requests % 2] ?? '', ...headers };
  };
  const send: CanaryRun['send'] = (sent) => api.send({ ...sent, headers: fromClient(sent.headers) });
  return {
    installation,
    service,
    api,
    outlets,
    answers,
    live,
    mailbox,
    requests: () => requests,
    fromClient,
    send,
    postTo: (site, body, headers = {}) =>
      send({ method: 'POST', path: `/v1/sites/${site}/comments`, headers, body }),
    sendForm: (fields) =>
      send({
        method: 'POST',
        path: `/v1/sites/${HELD}/form`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

let comments = 0;

/** A comment by that address, unlike any other; `rest` replaces members, those of `author` one by one. */
export function commentBy(email: string, rest: Record<string, unknown> = {}): Record<string, unknown> {
  const { author, ...others } = rest as { author?: Record<string, unknown> };
  comments += 1;
  return {
    page: { url: `https://${HELD}.example/page` },
    body: `A comment ${comments}`,
    ...others,
    author: { name: 'A reader', email, ...author },
  };
}
