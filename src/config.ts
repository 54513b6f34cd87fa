import { SETTINGS, type Setting, type SettingName } from '../config/settings.ts';
import { type Environment, FILE_NAMES, withFiles } from './config-files.ts';
import { readers, WrongItems } from './config-readers.ts';
import type { SmtpServer } from './outgoing/outgoing.ts';
import type { RateLimitSettings } from './requests/rate-limit-settings.ts';
import { StartupError } from './startup-error.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The settings as read, checked and frozen. What each does: config/settings.ts. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly mongodbUri: string | null;
  readonly dataDir: string;
  readonly secret: string | null;
  readonly previousSecret: string | null;
  readonly adminToken: string | null;
  /** A number of proxies, or their addresses and CIDR ranges. */
  readonly trustProxy: number | string[];
  /** Without a trailing slash; null: made from host and port. */
  readonly publicUrl: string | null;
  readonly dashboardOrigins: string[];
  readonly rateLimits: RateLimitSettings;
  readonly logLevel: LogLevel;
  readonly demo: boolean;
  readonly metricsToken: string | null;
  readonly allowPrivateWebhooks: boolean;
  /** How long after the try before each try of a delivery comes, in seconds. */
  readonly webhookRetrySeconds: readonly number[];
  readonly webhookTimeoutMs: number;
  /** Null: its public address. */
  readonly akismetUrl: string | null;
  readonly importMaxBytes: number;
  /** Null: no mail is sent. */
  readonly smtp: SmtpServer | null;
  /** Null: made from where browsers reach the service. */
  readonly mailFrom: string | null;
  /** What an operator should know, though the service can start. */
  readonly warnings: readonly string[];
}

/** To listen there, in any spelling (`0`, `::0`), is to listen on every address of the machine: none to go to. */
const ANY_ADDRESS = /^(?:0+(?:\.0+)*|[0:]*:[0:]*)$/;

/** Where a service that listens there is reached from the same machine. */
export function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  if (ANY_ADDRESS.test(host)) return `http://localhost:${port}`;
  // No URL can carry the zone of a link-local address: each machine has names of its own for them.
  return `http://${host.includes(':') ? `[${host.replace(/%.*/, '')}]` : host}:${port}`;
}

const NAMES = Object.keys(SETTINGS) as SettingName[];

/**
 * Reads the settings from the environment: the only place that looks at it.
 *
 * @throws StartupError naming each variable that is wrong, what is wrong, and what is allowed.
 */
export function readConfig(given: Environment = process.env): Config {
  const problems: string[] = [];
  const env = withFiles(given, (problem) => problems.push(problem));
  const read = <T>(name: SettingName, reader: (text: string) => T): T | null => {
    const setting: Setting = SETTINGS[name];
    const text = env[name] || setting.default;
    if (text === null) return null;
    try {
      return reader(text);
    } catch (error) {
      problems.push(...complaints(name, text, error));
      return null;
    }
  };

  const values = {
    host: read('HOST', readers.host),
    port: read('PORT', readers.wholeNumber(0, 65_535)),
    mongodbUri: read('MONGODB_URI', readers.mongodbUri),
    dataDir: read('DATA_DIR', readers.path),
    secret: read('GATEHOUSE_SECRET', readers.secret),
    previousSecret: read('GATEHOUSE_SECRET_PREVIOUS', readers.secret),
    adminToken: read('GATEHOUSE_ADMIN_TOKEN', readers.token(24, 4096)),
    trustProxy: read('TRUST_PROXY', readers.trustProxy),
    publicUrl: read('PUBLIC_URL', readers.webUrl),
    dashboardOrigins: read('DASHBOARD_ORIGINS', readers.origins),
    rateLimits: read('RATE_LIMITS', readers.rateLimits),
    logLevel: read('LOG_LEVEL', readers.oneOf(LOG_LEVELS)),
    demo: read('DEMO', readers.onOff) ?? env.NODE_ENV !== 'production',
    metricsToken: read('METRICS_TOKEN', readers.token(1, 255)),
    allowPrivateWebhooks: read('ALLOW_PRIVATE_WEBHOOKS', readers.onOff),
    webhookRetrySeconds: read(
      'WEBHOOK_RETRY_SECONDS',
      readers.wholeNumbers({ most: 50, from: 0, to: 604_800 }),
    ),
    akismetUrl: read('AKISMET_URL', readers.webUrl),
    webhookTimeoutMs: read('WEBHOOK_TIMEOUT_MS', readers.wholeNumber(1, 600_000)),
    importMaxBytes: read('IMPORT_MAX_BYTES', readers.wholeNumber(1, 2 ** 40)),
    smtp: read('SMTP_URL', readers.smtpUrl),
    mailFrom: read('MAIL_FROM', readers.mailAddress),
  };

  problems.push(...contradictions(env));
  if (problems.length > 0) throw new StartupError(problems);
  // Without a problem every setting with a default has a value.
  return Object.freeze({ ...values, warnings: Object.freeze(warningsFor(env)) }) as Config;
}

/** One line: the variable, what is wrong with it, what is allowed. Secrets are not quoted. */
function complaint(name: SettingName, text: string, wrong: string): string {
  const { allowed, secret }: Setting = SETTINGS[name];
  // A user in a URL is what is wrong with it, and their password, of whatever signs, no business of who reads the log.
  const shown = text.replace(/\/\/.*@/gs, '//…@');
  const quoted = secret ? '' : `${JSON.stringify(shown.length > 100 ? `${shown.slice(0, 100)}…` : shown)} `;
  return `${name}: ${quoted}${wrong}; allowed: ${allowed}`;
}

/** One, or one for each item of a list that is wrong. */
function complaints(name: SettingName, text: string, error: unknown): string[] {
  if (error instanceof WrongItems) return error.items.map(({ item, wrong }) => complaint(name, item, wrong));
  return [complaint(name, text, error instanceof Error ? error.message : String(error))];
}

/** Settings that are well-formed each but can't stand together. */
function contradictions(env: Environment): string[] {
  const found: string[] = [];
  // A file that can't be read has been complained of.
  const isGiven = (name: SettingName): boolean => Boolean(env[name] || env[`${name}_FILE`]);
  if (env.MONGODB_URI && !isGiven('GATEHOUSE_SECRET')) {
    found.push(
      'GATEHOUSE_SECRET: is required with MONGODB_URI, since every instance must have the same; ' +
        `allowed: ${SETTINGS.GATEHOUSE_SECRET.allowed}`,
    );
  }
  if (env.GATEHOUSE_SECRET_PREVIOUS && !isGiven('GATEHOUSE_SECRET')) {
    found.push(
      'GATEHOUSE_SECRET_PREVIOUS: names the former secret, but GATEHOUSE_SECRET, the new one, is not set; ' +
        `allowed: ${SETTINGS.GATEHOUSE_SECRET_PREVIOUS.allowed}`,
    );
  }
  return found;
}

/** Names that mean nothing though they look like the service's own, and what an operator had better know. */
function warningsFor(env: Environment): string[] {
  const warnings: string[] = [];
  for (const name of Object.keys(env)) {
    if (name in SETTINGS || FILE_NAMES.includes(name) || name.startsWith('GATEHOUSE_TEST_')) continue;
    const near = nearTo(name);
    if (near === undefined && !name.startsWith('GATEHOUSE_')) continue;
    warnings.push(
      `${name} is not a setting and is ignored${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  if (env.RATE_LIMITS?.trim() === 'off')
    warnings.push('RATE_LIMITS is off: clients may ask and write without limit');
  if (/^[^/]+:\/\/[^/]+\/?(?:\?|$)/.test(env.MONGODB_URI ?? ''))
    warnings.push('MONGODB_URI names no database: the driver takes the one called test');
  if (/^[^/]+:\/\/[^/]+\/admin(?:\?|$)/.test(env.MONGODB_URI ?? ''))
    warnings.push(
      'MONGODB_URI names the database admin, which is MongoDB’s own; authSource says that users are kept there',
    );
  if (env.SMTP_URL && !env.PUBLIC_URL)
    warnings.push('PUBLIC_URL is not set: links in mail lead to where the service listens');
  else if (ANY_ADDRESS.test(env.HOST?.trim() ?? '') && !env.PUBLIC_URL)
    warnings.push('PUBLIC_URL is not set: links lead to localhost, which other machines can’t follow');
  return warnings;
}

/** Other programs' variables are nobody's mistake: the shorter a name is, the nearer one must come to it. */
const SHORTEST = 8;

function nearTo(name: string): string | undefined {
  const known = [...NAMES, ...FILE_NAMES].filter(({ length }) => length >= SHORTEST);
  return known.find((one) => {
    const most = Math.min(3, Math.floor((one.length + 1) / 4));
    return Math.abs(one.length - name.length) <= most && distance(one, name) <= most;
  });
}

/** Edits between two names (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
