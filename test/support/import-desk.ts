import type { ImportView } from '../../src/moving/present-import.ts';
import { ADMIN, type Answer, makeSite, startService, type TestService } from './service.ts';
import { until } from './until.ts';

/** Imports over HTTP, and what is seen of them afterwards. */

const HOSTS = [
  'example.tld',
  'test.wordpress.org',
  'example.org',
  'localhost:4000',
  'radio-t.com',
  'example.com',
];

export interface SentImport {
  site: string;
  format: string;
  file: Buffer | string;
  dryRun?: boolean;
  key?: string;
}

export interface ImportedShown {
  id: string;
  legacyId: string | null;
  body: { text: string; html: string } | null;
  author: { name: string | null; key: string | null } | null;
  createdAt: string;
  deleted: boolean;
  replies: ImportedShown[];
}

export interface ImportDesk {
  /** A site that takes the pages of the samples' hosts; its id. */
  newSite(policy?: object): Promise<string>;
  send(sent: SentImport): Promise<Answer>;
  /** Sends it, and fails where it is not taken at once. */
  take(sent: SentImport): Promise<ImportView>;
  /** Sends one that may take longer than an answer waits, and fails where it is not taken. */
  takeLarge(sent: SentImport): Promise<ImportView>;
  /** What readers see under a query. */
  thread(site: string, query: string): Promise<ImportedShown[]>;
  /** Its comments by status. */
  totals(site: string): Promise<Record<string, number>>;
}

let sites = 0;

function createImportDesk(service: TestService): ImportDesk {
  const send = ({ site, format, file, dryRun = false, key }: SentImport): Promise<Answer> =>
    service.call({
      method: 'POST',
      path: `/v1/admin/sites/${site}/imports?format=${format}&dryRun=${dryRun}`,
      headers: {
        ...ADMIN,
        'content-type': 'application/octet-stream',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: file,
    });
  return {
    async newSite(policy = {}) {
      sites += 1;
      const { id } = await makeSite(service.deps, `moved-${sites}`, { pages: { hosts: HOSTS }, ...policy });
      return id;
    },
    send,
    async take(sent) {
      const answer = await send(sent);
      expect(answer.text).toContain('importId');
      expect(answer.status).toBe(201);
      return answer.json as ImportView;
    },
    async takeLarge(sent) {
      const answer = await send(sent);
      expect(answer.text).toContain('importId');
      if (answer.status === 201) return answer.json as ImportView;
      expect(answer.status).toBe(202);
      return until('the import to be done', async () => {
        const { json } = await service.call({ path: answer.headers.location ?? '', headers: ADMIN });
        const view = json as ImportView;
        if (view.state === 'failed') throw new Error(JSON.stringify(view.failure));
        return view.state === 'done' && view;
      });
    },
    async thread(site, query) {
      const { json } = await service.call({ path: `/v1/sites/${site}/comments?${query}` });
      return (json as { comments: ImportedShown[] }).comments;
    },
    async totals(site) {
      const { json } = await service.call({ path: `/v1/moderation/counts?site=${site}`, headers: ADMIN });
      return json as Record<string, number>;
    },
  };
}

/** Starts a service before a file's tests, and ends it after them. The members are there from the first test on. */
export function prepareImportDesk(): { service: TestService; desk: ImportDesk } {
  const prepared = {} as { service: TestService; desk: ImportDesk };
  beforeAll(async () => {
    const service = await startService();
    Object.assign(prepared, { service, desk: createImportDesk(service) });
  });
  afterAll(() => prepared.service.stop());
  return prepared;
}
