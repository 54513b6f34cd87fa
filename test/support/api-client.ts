import type { Service } from './built-service.ts';
import { ADMIN_TOKEN } from './built-service.ts';
import type { Answer, Sent } from './http-client.ts';
import { expectJson } from './http-client.ts';

/** The contract's shapes, as far as the proofs read them. Written from API.md, not from the sources. */
export type Status = 'pending' | 'approved' | 'rejected' | 'spam' | 'trash';
export type Action = 'approve' | 'reject' | 'spam' | 'trash' | 'restore';

export interface PublicComment {
  id: string;
  site: string;
  page: { url: string | null; title: string | null; id: string | null };
  url: string | null;
  parentId: string | null;
  depth: number;
  author: { key: string | null; name: string | null; url: string | null } | null;
  body: { text: string; html: string } | null;
  status: Status;
  createdAt: string;
  replies?: PublicComment[];
  replyCount: number;
  repliesCursor?: string;
  deleted: boolean;
}

export interface ModeratedComment extends PublicComment {
  version: number;
  revision: number;
  emailMasked: string | null;
  screening: { phase: string; outcome: string }[];
}

export interface HistoryEntry {
  action: string;
  by: { name: string | null };
  from: Status;
  to: Status;
  decisionId: string;
  undone: boolean;
}

export interface Posted {
  comment: PublicComment;
  editToken: string;
}

export interface Decided {
  comment: ModeratedComment;
  decisionId: string;
}

export interface Problem {
  type: string;
  status: number;
  code: string;
  detail: string;
  errors?: { pointer?: string; parameter?: string; header?: string; code: string; detail: string }[];
  current?: { status: Status; version: number; by: unknown; at: string };
}

export interface Listing {
  comments: PublicComment[];
  total: number;
  nextCursor: string | null;
  prevCursor: string | null;
}

export interface QueuePage {
  items: ModeratedComment[];
  total: number;
  nextCursor: string | null;
}

export type Counts = Record<Status | 'reported', number> & { oldestPendingAt: string | null };

export interface NewComment {
  page: { url?: string; title?: string | null; id?: string | null };
  parentId?: string | null;
  author?: { name?: string; email?: string; url?: string | null; identity?: string };
  body: string;
}

/** What a test says to the service; `api.send` is there for everything else. */
export interface Api {
  send(sent: Sent): Promise<Answer>;
  /** As `send`, with the root token. */
  asAdmin(sent: Sent): Promise<Answer>;
  createSite(id: string, rest?: Record<string, unknown>): Promise<void>;
  post(site: string, comment: NewComment, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a comment that must be taken. */
  posted(site: string, comment: NewComment, headers?: Record<string, string>): Promise<Posted>;
  decide(
    id: string,
    decision: { action: Action; version?: number },
    headers?: Record<string, string>,
  ): Promise<Answer>;
  undo(decisionId: string, headers?: Record<string, string>): Promise<Answer>;
  detail(id: string): Promise<ModeratedComment & { history: HistoryEntry[] }>;
  counts(site?: string): Promise<Counts>;
  /** Every item of the queue, by its cursors. */
  walkQueue(query: Record<string, string>): Promise<ModeratedComment[]>;
  list(site: string, query: Record<string, string>): Promise<Listing>;
  /** Every item of a listing, by its cursors; the roots only in `tree`. */
  walkList(site: string, query: Record<string, string>): Promise<{ items: PublicComment[]; total: number }>;
}

const BEARER = { Authorization: `Bearer ${ADMIN_TOKEN}` };

/** The calls of one running service. */
export function createApi({ client }: Pick<Service, 'client'>): Api {
  const send = (sent: Sent): Promise<Answer> => client.send(sent);
  const asAdmin = (sent: Sent): Promise<Answer> => send({ ...sent, headers: { ...BEARER, ...sent.headers } });
  const post: Api['post'] = (site, comment, headers) =>
    send({ method: 'POST', path: `/v1/sites/${site}/comments`, headers, body: comment });
  const list: Api['list'] = async (site, query) =>
    expectJson<Listing>(
      await send({ path: `/v1/sites/${site}/comments?${new URLSearchParams(query)}` }),
      200,
    );
  const moderation = '/v1/moderation';
  return {
    send,
    asAdmin,
    async createSite(id, rest = {}) {
      const site = {
        id,
        name: id,
        origins: [`https://${id}.example`],
        locale: 'en',
        timeZone: 'UTC',
        ...rest,
      };
      expectJson(await asAdmin({ method: 'POST', path: '/v1/admin/sites', body: site }), 201);
    },
    post,
    posted: async (site, comment, headers) => expectJson<Posted>(await post(site, comment, headers), 201),
    decide: (id, decision, headers) =>
      asAdmin({ method: 'POST', path: `${moderation}/comments/${id}/decisions`, headers, body: decision }),
    undo: (decisionId, headers) =>
      asAdmin({ method: 'POST', path: `${moderation}/decisions/${decisionId}/undo`, headers }),
    detail: async (id) => expectJson(await asAdmin({ path: `${moderation}/comments/${id}` }), 200),
    counts: async (site) =>
      expectJson(
        await asAdmin({ path: `${moderation}/counts${site === undefined ? '' : `?site=${site}`}` }),
        200,
      ),
    async walkQueue(query) {
      const items: ModeratedComment[] = [];
      let cursor: string | null = null;
      do {
        const asked = new URLSearchParams({ limit: '100', ...query, ...(cursor === null ? {} : { cursor }) });
        const page: QueuePage = expectJson(await asAdmin({ path: `${moderation}/queue?${asked}` }), 200);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
    list,
    async walkList(site, query) {
      const items: PublicComment[] = [];
      let cursor: string | null = null;
      let total = 0;
      do {
        const page: Listing = await list(site, {
          limit: '100',
          ...query,
          ...(cursor === null ? {} : { cursor }),
        });
        items.push(...page.comments);
        total = page.total;
        cursor = page.nextCursor;
      } while (cursor !== null);
      return { items, total };
    },
  };
}
