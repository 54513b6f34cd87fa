import type { Answer, TestService } from './service.ts';
import { ADMIN, commentBody, makeSite, startService } from './service.ts';

/** A comment as its moderators see it, as far as tests look at it. */
export interface Shown {
  id: string;
  status: string;
  version: number;
  revision: number;
  parentId: string | null;
  pinned: boolean;
  body: { text: string; html: string };
  author: { name: string | null; url: string | null; key: string | null; moderator: boolean };
  emailMasked: string | null;
  replyCount: number;
  decidedBy: { name: string } | null;
}

interface Detail extends Shown {
  history: { action: string; note: string | null; by: object }[];
  revisions: object[];
}

type Headers = Record<string, string>;

/** What a moderator does with one comment beside deciding: edit, answer, see the address, highlight. */
export interface StaffDesk {
  service: TestService;
  /** Of a moderator of all the sites here. */
  desk: Headers;
  /** Of one of none of them. */
  stranger: Headers;
  /** A comment that must be taken; its id. */
  posted: (site?: string, rest?: Record<string, unknown>) => Promise<string>;
  /** One that its author has deleted. */
  removed: (site: string, rest?: Record<string, unknown>) => Promise<string>;
  revise: (id: string, body: unknown, headers?: Headers) => Promise<Answer>;
  reply: (id: string, body: unknown, headers?: Headers) => Promise<Answer>;
  reveal: (id: string, headers?: Headers) => Promise<Answer>;
  highlight: (id: string, body: unknown, headers?: Headers) => Promise<Answer>;
  decide: (id: string, decision: object, headers?: Headers) => Promise<Answer>;
  detail: (id: string) => Promise<Detail>;
  /** As readers have it. */
  publicly: (id: string) => Promise<Answer>;
}

export const shown = (answer: Answer): Shown => (answer.json as { comment: Shown }).comment;

async function tokenFor(service: TestService, name: string, sites: string[]): Promise<Headers> {
  const body = { name, role: 'moderator', sites };
  const answer = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  return { authorization: `Bearer ${(answer.json as { token: string }).token}` };
}

async function makeSites({ deps }: TestService): Promise<void> {
  await makeSite(deps, 'news', { maxDepth: 2 });
  await makeSite(deps, 'held', { moderation: 'all' });
  await makeSite(deps, 'strict', { requiredFields: ['name', 'url'], bodyMin: 3 });
  await makeSite(deps, 'anonymous', { requiredFields: [], moderation: 'none' });
  await makeSite(deps, 'linkless', { authorUrl: false });
}

/** Starts it before the tests of a file and stops it after them. */
export function prepareStaff(): StaffDesk {
  const post = async (site: string, rest: Record<string, unknown>) => {
    const path = `/v1/sites/${site}/comments`;
    const answer = await world.service.call({ method: 'POST', path, body: commentBody(rest) });
    expect(answer.status).toBe(201);
    return answer.json as { comment: { id: string }; editToken: string };
  };
  const act = (method: string, place: string, body?: unknown, headers = world.desk) =>
    world.service.call({ method, path: `/v1/moderation/comments/${place}`, headers, body });
  const world = {
    posted: async (site = 'news', rest = {}) => (await post(site, rest)).comment.id,
    async removed(site, rest = {}) {
      const { comment, editToken } = await post(site, rest);
      const headers = { authorization: `Bearer ${editToken}` };
      await world.service.call({ method: 'DELETE', path: `/v1/comments/${comment.id}`, headers });
      return comment.id;
    },
    revise: (id, body, headers) => act('PATCH', id, body, headers),
    reply: (id, body, headers) => act('POST', `${id}/replies`, body, headers),
    reveal: (id, headers) => act('POST', `${id}/email`, undefined, headers),
    highlight: (id, body, headers) => act('POST', `${id}/highlight`, body, headers),
    decide: (id, decision, headers) => act('POST', `${id}/decisions`, decision, headers),
    detail: async (id) => (await act('GET', id)).json as Detail,
    publicly: (id) => world.service.call({ path: `/v1/comments/${id}` }),
  } as StaffDesk;
  beforeAll(async () => {
    world.service = await startService();
    await makeSites(world.service);
    const sites = ['news', 'held', 'strict', 'anonymous', 'linkless'];
    world.desk = await tokenFor(world.service, 'The desk', sites);
    world.stranger = await tokenFor(world.service, 'Another desk', ['elsewhere']);
  });
  afterAll(() => world.service.stop());
  return world;
}
