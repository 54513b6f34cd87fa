import { get } from 'node:http';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { createSmtpPost } from '../../src/outgoing/smtp.ts';
import type { Caller } from '../support/matrix-callers.ts';
import { everyCaller, METRICS_TOKEN } from '../support/matrix-callers.ts';
import type { Rule, Things } from '../support/matrix-rules.ts';
import { RULES } from '../support/matrix-rules.ts';
import { makePerson } from '../support/people.ts';
import type { CallOptions, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/**
 * Every route of the table, called by every kind of caller. What is to come out follows from the route's
 * rule, which is stated apart from the table; a route without one fails.
 */

let service: TestService;
let callers: Record<string, Caller>;

const keyOf = ({ method, path }: Route): string => `${method} ${path}`;
const idOf = ({ json }: { json: unknown }): string => (json as { id: string }).id;

async function post(): Promise<{ comment: string; author: string; editToken: string }> {
  const { json } = await service.call({
    method: 'POST',
    path: '/v1/sites/news/comments',
    body: commentBody(),
  });
  const { comment, editToken } = json as {
    comment: { id: string; author: { key: string } };
    editToken: string;
  };
  return { comment: comment.id, author: comment.author.key, editToken };
}

async function makeCallers(): Promise<void> {
  callers = await everyCaller(service, (await post()).editToken);
}

const asRoot = (path: string, body: unknown) => service.call({ method: 'POST', path, headers: ADMIN, body });

/** Only what the path asks for is made. */
let filters = 0;
async function makeFilter(): Promise<string> {
  filters += 1;
  const body = { name: `x${filters}`, url: 'http://127.0.0.1:9/', sites: ['news'], enabled: false };
  return idOf(await asRoot('/v1/admin/filters', body));
}

async function thingsFor({ path }: Route): Promise<Things> {
  const nothing = { comment: '', decision: '', token: '', moderator: '', author: '', page: '' };
  const things: Things = { ...nothing, filter: '', webhook: '', delivery: '' };
  if (/\{(comment|decision)\}/.test(path)) things.comment = (await post()).comment;
  if (path.includes('{decision}')) {
    const decided = await asRoot(`/v1/moderation/comments/${things.comment}/decisions`, {
      action: 'approve',
    });
    things.decision = (decided.json as { decisionId: string }).decisionId;
  }
  if (path.includes('{token}'))
    things.token = idOf(await asRoot('/v1/admin/tokens', { name: 'x', role: 'moderator', sites: ['news'] }));
  if (path.startsWith('/v1/admin/filters/{filter}')) things.filter = await makeFilter();
  if (path.includes('{webhook}')) {
    const made = { url: 'http://127.0.0.1:9/', events: ['comment.created'], site: 'news' };
    things.webhook = idOf(await asRoot('/v1/admin/webhooks', made));
  }
  if (path.includes('{delivery}'))
    things.delivery = idOf(await asRoot(`/v1/admin/webhooks/${things.webhook}/test`, undefined));
  if (path.includes('{page}')) {
    await post();
    const pages = await service.call({ path: '/v1/admin/sites/news/pages', headers: ADMIN });
    things.page = (pages.json as { items: { key: string }[] }).items[0]?.key ?? '';
  }
  if (path.includes('author')) things.author = (await post()).author;
  if (path.includes('{moderator}'))
    things.moderator = (await makePerson(service, { sites: ['news'] })).account.id;
  return things;
}

type Expected = 'let through' | 401 | 403 | 404;

/** 401, then 403 of the role, then 404, then 403 of the origin: the contract's order. */
function expected(route: Route, rule: Rule, caller: Caller): Expected {
  const writes = route.method !== 'GET';
  const isStaff = caller.is === 'moderator' || caller.is === 'admin';
  if (rule.for === 'author' && caller.is !== 'author') return 401;
  if (rule.for === 'metrics' && caller.is !== 'metrics') return 401;
  if (rule.for === 'moderator' || rule.for === 'admin' || rule.for === 'person') {
    if (!isStaff) return 401;
    if (rule.for === 'admin' && caller.is !== 'admin') return 403;
    if (caller.unmeant && writes) return 403;
    if (rule.for === 'person' && !caller.person) return 403;
    if (rule.scope === 'site' && !caller.inScope) return 404;
  }
  const served = caller.origin === null || (caller.origin === 'dashboard' && route.cors === 'dashboard');
  if (writes && !served && route.cors !== 'any' && route.cors !== 'none') return 403;
  return rule.scope === 'all' && !caller.everywhere ? 403 : 'let through';
}

/** The status of an answer that does not end; the caller leaves once it is known. */
function beginningOf({ path, headers }: CallOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = get({ port: service.port, path, headers }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    asking.on('error', reject);
  });
}

function outcomeOf(status: number, rule: Rule): Expected | number {
  if (status === 404 && rule.absent) return 'let through';
  return [401, 403, 404].includes(status) || status >= 500 ? status : 'let through';
}

beforeAll(async () => {
  // Mail is planned and never sent: nothing here brings it.
  const nowhere = { host: '127.0.0.1', port: 9, secure: false, login: null };
  const post = createSmtpPost({ server: nowhere, from: 'comments@comments.example', deadlineMs: 1000 });
  service = await startService({
    config: { metricsToken: METRICS_TOKEN },
    deps: (deps) => ({ ...deps, post }),
  });
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'blog');
  await makeCallers();
});
afterAll(() => service.stop());

it('has a rule for every route of the table, and for no other', () => {
  expect(Object.keys(RULES).sort()).toEqual(ROUTES.map(keyOf).sort());
});

describe.each(ROUTES.map((route) => [keyOf(route), route] as const))('%s', (key, route) => {
  it('answers every kind of caller as its rule says', async () => {
    const rule = RULES[key];
    if (!rule) throw new Error(`${key} has no rule in test/support/matrix-rules.ts`);
    const [wanted, got]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
    for (const [name, caller] of Object.entries(callers)) {
      const things = await thingsFor(route);
      // The edit token is good for its own comment only, and once it is deleted for nothing.
      if (rule.for === 'author' && caller.is === 'author') {
        const mine = await post();
        things.comment = mine.comment;
        caller.headers = { authorization: `Bearer ${mine.editToken}` };
      }
      const headers = { ...caller.headers };
      if (route.body === 'form') headers['content-type'] = 'application/x-www-form-urlencoded';
      const body = rule.body?.(things);
      const call = { method: route.method, path: rule.path(things), headers, body };
      const status = rule.streams ? await beginningOf(call) : (await service.call(call)).status;
      wanted[name] = expected(route, rule, caller);
      got[name] = outcomeOf(status, rule);
    }
    if (rule.signsOut) await makeCallers();
    expect(got).toEqual(wanted);
  });
});
