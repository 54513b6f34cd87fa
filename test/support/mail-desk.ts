import type { MailRunner } from '../../src/mail/runner.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { ADMIN, type Answer, commentBody, makeSite, type TestService } from './service.ts';

export interface PostedForMail {
  comment: { id: string; status: string };
  editToken: string;
}

/** What happens over HTTP that mail tells of, and what the links in it lead to. */
export interface MailDesk {
  /** A site of its own; its id. */
  siteWith(policy: PolicyPatch, locale?: string): Promise<string>;
  post(site: string, rest?: Record<string, unknown>): Promise<PostedForMail>;
  decide(id: string, action: string): Promise<Answer>;
  /** A comment as moderators see it. */
  detail(id: string): Promise<Record<string, unknown>>;
  press(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** An address that no other test of the file has. */
  newReader(): string;
  /** Whether all that happened was planned for, and nothing is on its way. */
  isPlanned(): Promise<boolean>;
}

export function createMailDesk({ service, runner }: { service: TestService; runner: MailRunner }): MailDesk {
  let sites = 0;
  let readers = 0;
  return {
    async siteWith(policy, locale = 'en') {
      sites += 1;
      const id = `mail-${sites}`;
      await makeSite(service.deps, id, policy, { locale });
      return id;
    },
    async post(site, rest = {}) {
      const { status, json, text } = await service.call({
        method: 'POST',
        path: `/v1/sites/${site}/comments`,
        body: commentBody(rest),
      });
      if (status !== 201) throw new Error(`${status} ${text}`);
      return json as PostedForMail;
    },
    decide: (id, action) =>
      service.call({
        method: 'POST',
        path: `/v1/moderation/comments/${id}/decisions`,
        headers: ADMIN,
        body: { action },
      }),
    async detail(id) {
      const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
      return json as Record<string, unknown>;
    },
    press: (path, headers = {}) => service.call({ method: 'POST', path, headers }),
    newReader() {
      readers += 1;
      return `reader-${readers}@readers.example`;
    },
    async isPlanned() {
      const { last } = await service.deps.events.ends();
      const waiting = await runner.figures.waiting();
      return (await service.deps.events.position('mail')) === last && waiting === 0;
    },
  };
}
