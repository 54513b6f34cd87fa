/**
 * Every setting of the service, in one place: this file is the manual. A setting is an environment variable;
 * an empty one counts as not set. src/config.ts checks them all at start and names every mistake at once.
 * docs/operations.md carries the same table, and a test compares the two.
 */
export interface Setting {
  /** As written in the environment where it is not set; null: there is none, and the feature is off. */
  default: string | null;
  /** What may stand there, in words. */
  allowed: string;
  /** What it does. */
  about: string;
  /** Its value is never repeated, not even in a complaint about it. */
  secret?: true;
}

export const SETTINGS = {
  HOST: {
    default: '127.0.0.1',
    allowed: 'an IP address or a host name',
    about: 'Address to listen on. `0.0.0.0` or `::` for every interface, as in a container.',
  },
  PORT: {
    default: '8080',
    allowed: 'a port from 0 to 65535',
    about: 'Port to listen on. `0` lets the system pick one; the `listening` log line tells which.',
  },
  MONGODB_URI: {
    default: null,
    allowed: 'a mongodb:// or mongodb+srv:// connection string',
    about: 'Keep everything in this MongoDB. Not set: in an SQLite file in `DATA_DIR`.',
    secret: true,
  },
  DATA_DIR: {
    default: './data',
    allowed: 'a folder that the process may write, made where missing',
    about: 'Folder of the SQLite file and of the generated secret. One process at a time.',
  },
  GATEHOUSE_SECRET: {
    default: null,
    allowed: 'at least 32 bytes, e.g. from `openssl rand -base64 48`; required with MONGODB_URI',
    about:
      'Wraps the data key that the store keeps, from which all seals, pseudonyms, look-ups and cursors derive. ' +
      'Not set: generated into `DATA_DIR/secret`, readable by its owner only. Without it the stored e-mail ' +
      'addresses are lost, so keep a copy apart from the data.',
    secret: true,
  },
  GATEHOUSE_SECRET_PREVIOUS: {
    default: null,
    allowed: 'the former GATEHOUSE_SECRET; only together with GATEHOUSE_SECRET',
    about: 'Set for one start to change the secret: the data key is wrapped anew, and nothing else changes.',
    secret: true,
  },
  GATEHOUSE_ADMIN_TOKEN: {
    default: null,
    allowed: 'at least 24 visible ASCII characters without spaces',
    about:
      'Bearer token of `root`, an admin of every site. Not set, and as long as there is no moderator: the ' +
      '`listening` log line of each start carries a `setupUrl` that makes the first admin, once.',
    secret: true,
  },
  TRUST_PROXY: {
    default: '0',
    allowed: 'a number of proxies from 0 to 32, or their addresses or CIDR ranges, comma-separated',
    about:
      'Which proxies in front may say who the client is (`X-Forwarded-For`). `0` trusts none. Too high a count ' +
      'lets clients choose their own address and with it their rate limit.',
  },
  PUBLIC_URL: {
    default: null,
    allowed: 'an absolute http or https URL without query, fragment or user',
    about:
      'Where browsers reach the service; base of every absolute link. Not set: `http://{HOST}:{PORT}`, with `localhost` for a HOST that is every interface.',
  },
  DASHBOARD_ORIGINS: {
    default: '',
    allowed: 'origins (scheme://host[:port]), comma-separated',
    about: 'Origins other than `PUBLIC_URL`’s whose pages may call the moderation and admin endpoints.',
  },
  RATE_LIMITS: {
    default: 'default',
    allowed:
      '`default`, `off`, or a list of class=limit/seconds and class=off, such as comments=200/60,login=off',
    about:
      'Rate limits of this installation; classes that are not named keep their default. `off` wins over what ' +
      'sites set, is logged as a warning and shown as metric `gatehouse_rate_limits_off`.',
  },
  LOG_LEVEL: {
    default: 'info',
    allowed: 'trace, debug, info, warn, error, fatal or silent',
    about:
      'Least level of the JSON log lines on standard output. Failures are lines at `warn` and `error`, each ' +
      'answer that was not kept already is one at `debug`, by its route.',
  },
  DEMO: {
    default: null,
    allowed: 'on or off',
    about:
      'Demo sites `demo` and `demo-fa` with an article each at `/`. Not set: on unless `NODE_ENV=production`.',
  },
  METRICS_TOKEN: {
    default: null,
    allowed: 'up to 255 visible ASCII characters without spaces',
    about:
      'Bearer token that `GET /metrics` then wants. Not set: anyone who reaches the service may read it.',
    secret: true,
  },
  ALLOW_PRIVATE_WEBHOOKS: {
    default: 'off',
    allowed: 'on or off',
    about:
      'Admits webhook URLs with http, and hosts that are not public: loopback, private networks, local names. ' +
      'For development, and where whoever is an admin may reach the whole network.',
  },
  WEBHOOK_RETRY_SECONDS: {
    default: '0,5,300,1800,7200,18000,36000,50400,72000,86400',
    allowed: 'up to 50 whole numbers of seconds from 0 to 604800, comma-separated',
    about:
      'When a delivery is tried, each in seconds after the try before, give or take a tenth. After the last it ' +
      'is dead, until someone sends it again.',
  },
  WEBHOOK_TIMEOUT_MS: {
    default: '15000',
    allowed: 'milliseconds from 1 to 600000',
    about: 'How long one try of a delivery may take, from the look-up of the name to the answer.',
  },
  IMPORT_MAX_BYTES: {
    default: '1073741824',
    allowed: 'bytes from 1 to 1099511627776',
    about:
      'Size of the largest file that may be sent for an import, unpacked; `gatehouse import` takes any. While it is ' +
      'read it lies in `DATA_DIR/imports`.',
  },
  SMTP_URL: {
    default: null,
    allowed:
      'smtp://[user:password@]host[:port] (STARTTLS where it is offered, wanted with a password), or smtps://',
    about:
      'Server that mail goes out through: notices to moderators and to readers, as sites’ `policy.notify` says. Not ' +
      'set: no mail is sent, and readers can’t ask for any.',
    secret: true,
  },
  MAIL_FROM: {
    default: null,
    allowed: 'an e-mail address',
    about:
      'Address that mail comes from, under the name of its site. Not set: `comments@` and the host of `PUBLIC_URL`.',
  },
  AKISMET_URL: {
    default: null,
    allowed: 'an absolute http or https URL without query, fragment or user',
    about: 'Replaces Akismet’s public address. A private one wants ALLOW_PRIVATE_WEBHOOKS, too.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
