import type { Deps } from '../../src/deps.ts';
import { createMailRunner, type MailRunner, type MailRunnerOptions } from '../../src/mail/runner.ts';
import { createSmtpPost } from '../../src/outgoing/smtp.ts';
import { type Mailbox, type ReceivedMail, startMailbox } from './mailbox.ts';
import { type ServiceOptions, startService, type TestService } from './service.ts';
import { until } from './until.ts';

const FROM = 'comments@comments.example';

/** A service whose mail goes to the mailbox, once its runner is started. */
export function withPost(mailbox: Mailbox, { deadlineMs = 5000 } = {}): ServiceOptions {
  const post = createSmtpPost({ server: mailbox.server, from: FROM, deadlineMs });
  return { deps: (deps) => ({ ...deps, post }) };
}

/** The part of the process that plans and sends mail, with a schedule that takes no time. */
export async function startMail(deps: Deps, options: Partial<MailRunnerOptions> = {}): Promise<MailRunner> {
  const runner = createMailRunner(deps, {
    retrySeconds: [0, 0, 0],
    timeoutMs: 5000,
    report: () => undefined,
    onRefusal: () => undefined,
    ...options,
  });
  await runner.start();
  return runner;
}

/** A service that sends its mail, and the mailbox that takes it. */
export interface Mailing {
  mailbox: Mailbox;
  service: TestService;
  runner: MailRunner;
  stop(): Promise<void>;
}

export async function startMailing(options: ServiceOptions = {}): Promise<Mailing> {
  const mailbox = await startMailbox();
  const service = await startService({ ...options, ...withPost(mailbox) });
  const runner = await startMail(service.deps);
  return {
    ...{ mailbox, service, runner },
    async stop() {
      await runner.stop();
      await service.stop();
      await mailbox.stop();
    },
  };
}

/** Waits for the mail to that address whose text holds `part`. */
export function mailTo(mailbox: Mailbox, address: string, part = ''): Promise<ReceivedMail> {
  return until(`a mail to ${address}`, () =>
    mailbox.mails.find(({ recipients, text = '' }) => recipients.includes(address) && text.includes(part)),
  );
}

/** The path and query of the link that the mail's plain part has under that label. */
export function linkIn({ text = '' }: ReceivedMail, label: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.indexOf(`${label}:`);
  const url = lines[at + 1];
  if (at === -1 || url === undefined) throw new Error(`no link ${label} in ${text}`);
  const { pathname, search } = new URL(url);
  return pathname + search;
}
