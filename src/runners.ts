import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { createFilterRunner } from './filters/runner.ts';
import type { Log } from './log.ts';
import { createMailRunner, type MailRunner } from './mail/runner.ts';
import { sitesWithoutPost } from './mail/sender.ts';
import { createBatchWatch } from './moderation/batch-watch.ts';
import { finishErasures } from './moving/repeat-erasures.ts';
import { createRetentionRunner, type RetentionRunner } from './moving/retention-runner.ts';
import type { Turn } from './webhooks/courier.ts';
import { createWebhookRunner, type WebhookRunner } from './webhooks/runner.ts';

/** What goes on behind the answers of one process. */
export interface Runners {
  webhooks: WebhookRunner;
  mail: MailRunner;
  retention: RetentionRunner;
  /** Waits a moment for what is under way. */
  stop(): Promise<void>;
}

/** What is said of a webhook or a filter whose calls take another turn. */
const TURNS: Readonly<Record<Turn['what'], string>> = {
  fails: 'a receiver fails: what it is due waits and is tried again',
  answers: 'a receiver answers again',
  gone: 'a receiver answered 410 and is switched off',
  dead: 'a delivery was given up',
};

function tell(log: Log, whose: 'webhook' | 'filter', { receiver, what, ...rest }: Turn): void {
  const level = what === 'answers' ? 'info' : 'warn';
  log[level]({ [whose]: receiver, ...rest }, TURNS[what]);
}

/** Starts them. From its fulfilment on none of them misses an event. */
export async function startRunners(
  deps: Deps,
  { config, log }: { config: Config; log: Log },
): Promise<Runners> {
  const reportAs = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const tellingOf = (whose: 'webhook' | 'filter') => (turn: Turn) => tell(log, whose, turn);
  const calls = { retrySeconds: config.webhookRetrySeconds, timeoutMs: config.webhookTimeoutMs };
  const batches = createBatchWatch(deps, reportAs('batches will be looked at again'));
  batches.start();
  const webhooks = createWebhookRunner(deps, {
    ...calls,
    report: reportAs('webhooks will be looked at again'),
    onTurn: tellingOf('webhook'),
  });
  webhooks.start();
  const filters = createFilterRunner(deps, {
    ...calls,
    report: reportAs('filters will be looked at again'),
    onTurn: tellingOf('filter'),
  });
  filters.start();
  const mail = createMailRunner(deps, {
    ...calls,
    report: reportAs('mail will be looked at again'),
    onRefusal: ({ failure, status, step }) => log.warn({ failure, status, step }, 'a mail was not taken'),
  });
  await mail.start();
  const silent = await sitesWithoutPost(deps);
  if (silent.length > 0) log.warn({ sites: silent }, 'SMTP_URL is not set: these sites send no mail');
  const retention = createRetentionRunner(deps, {
    report: reportAs('retention will go on at the next look'),
  });
  retention.start();
  const erasing = finishErasures(deps).catch(
    reportAs('an erasure that was cut off will be finished at the next start'),
  );
  return {
    webhooks,
    mail,
    retention,
    async stop() {
      await Promise.all([
        erasing,
        batches.stop(),
        webhooks.stop(),
        filters.stop(),
        mail.stop(),
        retention.stop(),
      ]);
    },
  };
}
