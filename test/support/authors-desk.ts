import type { Answer, TestService } from './service.ts';
import { ADMIN, commentBody, makeSite, startService } from './service.ts';

/** An author as the calls of moderators tell of them, as far as tests look at it. */
export interface Author {
  key: string;
  standing: string;
  version: number;
  counts: Record<string, number>;
}

export interface Authors {
  items: Author[];
  total: number;
  nextCursor: string | null;
}

export const AUTHORS = '/v1/moderation/authors';

interface Moderated {
  author: { standing: string };
  screening: object[];
}

/** A desk whose sites differ in how they take authors, and a clock that goes on by each post. */
export interface AuthorsDesk {
  service: TestService;
  /** Of a moderator of the site `news` alone. */
  desk: { authorization: string };
  /** Milliseconds. */
  now: number;
  post: (site: string, author: object, rest?: Record<string, unknown>) => Promise<Answer>;
  /** A comment that must be taken; its id and its author's key. */
  posted: (site: string, author: object) => Promise<{ id: string; key: string; status: string }>;
  decide: (id: string, action: string) => Promise<Answer>;
  patch: (key: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  list: (query: string, headers?: Record<string, string>) => Promise<Authors>;
  statusOf: (id: string) => Promise<string>;
  moderated: (id: string) => Promise<Moderated>;
}

/** What is wrong with which field of a call that must have been refused for its fields. */
export function fieldsOf(answer: Answer): [place: string | undefined, code: string][] {
  expect(answer.status).toBe(422);
  const { errors } = answer.json as { errors: { pointer?: string; parameter?: string; code: string }[] };
  return errors.map(({ pointer, parameter, code }) => [pointer ?? parameter, code]);
}

async function makeSites({ deps }: TestService): Promise<void> {
  const policy = { duplicateHours: 0, rateLimits: { author: false } } as const;
  for (const id of ['news', 'blog']) await makeSite(deps, id, { moderation: 'first', ...policy });
  await makeSite(deps, 'held', { moderation: 'all', ...policy });
  await makeSite(deps, 'open', { moderation: 'none', ...policy });
  await makeSite(deps, 'told', { moderation: 'none', banned: 'told', ...policy });
}

/** Starts it before the tests of a file and stops it after them. */
export function prepareAuthors(): AuthorsDesk {
  const world = {
    now: Date.UTC(2026, 0, 1),
    post(site, author, rest = {}) {
      world.now += 1000;
      return world.service.call({
        method: 'POST',
        path: `/v1/sites/${site}/comments`,
        body: commentBody({ author: { name: 'Mina', email: 'mina@example.org', ...author }, ...rest }),
      });
    },
    async posted(site, author) {
      const answer = await world.post(site, author);
      expect(answer.status).toBe(201);
      const { comment } = answer.json as { comment: { id: string; author: { key: string }; status: string } };
      return { id: comment.id, key: comment.author.key, status: comment.status };
    },
    decide: (id, action) =>
      world.service.call({
        method: 'POST',
        path: `/v1/moderation/comments/${id}/decisions`,
        headers: ADMIN,
        body: { action },
      }),
    patch: (key, body, headers = ADMIN) =>
      world.service.call({ method: 'PATCH', path: `${AUTHORS}/${key}`, headers, body }),
    get: (path, headers = ADMIN) => world.service.call({ path, headers }),
    list: async (query, headers = ADMIN) => (await world.get(`${AUTHORS}?${query}`, headers)).json as Authors,
    statusOf: async (id) =>
      ((await world.get(`/v1/moderation/comments/${id}`)).json as { status: string }).status,
    moderated: async (id) => (await world.get(`/v1/moderation/comments/${id}`)).json as Moderated,
  } as AuthorsDesk;
  beforeAll(async () => {
    world.service = await startService({ clock: { now: () => world.now } });
    await makeSites(world.service);
    const { json } = await world.service.call({
      method: 'POST',
      path: '/v1/admin/tokens',
      headers: ADMIN,
      body: { name: 'The desk', role: 'moderator', sites: ['news'] },
    });
    world.desk = { authorization: `Bearer ${(json as { token: string }).token}` };
  });
  afterAll(() => world.service.stop());
  return world;
}
