import type { Behaviour, FilterServer } from './filters.ts';
import { startFilter } from './filters.ts';
import type { Answer, TestService } from './service.ts';
import { ADMIN, commentBody, makeSite, startService } from './service.ts';

/** What phases said of a comment. */
export interface Screened {
  status: string;
  screening: {
    phase: string;
    outcome: string;
    code: string | null;
    score: number | null;
    detail: string | null;
  }[];
}

/** A service that asks real filters, for the tests of one file. */
export interface AskedFilters {
  service(): TestService;
  listen(behave: Behaviour): Promise<FilterServer>;
  freshSite(policy?: object): Promise<string>;
  post(site: string, rest?: object, headers?: Record<string, string>): Promise<Answer>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The comment of a post's answer, with what its first filter `said`. */
  stored(answer: Answer): Promise<Screened & { said: Screened['screening'][number] | undefined }>;
}

export function useFilters(): AskedFilters {
  let service: TestService;
  const servers: FilterServer[] = [];
  let sites = 0;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await service.stop();
  });

  return {
    service: () => service,
    async listen(behave) {
      const server = await startFilter(behave);
      servers.push(server);
      return server;
    },
    async freshSite(policy = {}) {
      sites += 1;
      await makeSite(service.deps, `site${sites}`, policy);
      return `site${sites}`;
    },
    post: (site, rest = {}, headers = {}) =>
      service.call({
        method: 'POST',
        path: `/v1/sites/${site}/comments`,
        body: commentBody(rest as never),
        headers,
      }),
    admin: (method, path, body) =>
      service.call({ method, path: `/v1/admin/filters${path}`, headers: ADMIN, body }),
    async stored(answer) {
      const { id } = (answer.json as { comment: { id: string } }).comment;
      const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
      const one = json as Screened;
      return { ...one, said: one.screening.find(({ phase }) => phase.startsWith('filter:')) };
    },
  };
}
