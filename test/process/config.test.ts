import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../../config/settings.ts';
import { localUrl, readConfig } from '../../src/config.ts';
import { problemsOf } from '../support/config-problems.ts';

const SECRET = 'thirty-two bytes of a secret, at least.';

test('an empty environment gives every default, frozen', () => {
  const config = readConfig({});
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 8080,
    mongodbUri: null,
    dataDir: './data',
    secret: null,
    previousSecret: null,
    adminToken: null,
    trustProxy: 0,
    publicUrl: null,
    dashboardOrigins: [],
    rateLimits: { off: false, classes: {} },
    logLevel: 'info',
    demo: true,
    metricsToken: null,
    allowPrivateWebhooks: false,
    webhookRetrySeconds: [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
    webhookTimeoutMs: 15_000,
    akismetUrl: null,
    importMaxBytes: 1_073_741_824,
    smtp: null,
    mailFrom: null,
    warnings: [],
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('the demo is off in production unless it is asked for', () => {
  expect(readConfig({ NODE_ENV: 'production' }).demo).toBe(false);
  expect(readConfig({ NODE_ENV: 'production', DEMO: 'on' }).demo).toBe(true);
  expect(readConfig({ DEMO: 'off' }).demo).toBe(false);
});

test('every setting that has a form is read', () => {
  const config = readConfig({
    HOST: '::1',
    PORT: '0',
    MONGODB_URI: 'mongodb://u:p@a:27017,b:27018/gatehouse?replicaSet=rs',
    GATEHOUSE_SECRET: SECRET,
    GATEHOUSE_SECRET_PREVIOUS: `${SECRET} before`,
    GATEHOUSE_ADMIN_TOKEN: 'x'.repeat(24),
    TRUST_PROXY: '10.0.0.0/8, fd00::/8,192.0.2.7',
    PUBLIC_URL: 'https://talk.example/gatehouse/',
    DASHBOARD_ORIGINS: 'https://desk.example, http://localhost:3000',
    RATE_LIMITS: 'comments=200/60, login=off',
    LOG_LEVEL: 'debug',
    METRICS_TOKEN: 'm',
    SMTP_URL: 'smtp://post:p%40ss@mail.example',
    MAIL_FROM: 'talk@news.example',
  });
  expect(config).toMatchObject({
    host: '::1',
    port: 0,
    trustProxy: ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'],
    publicUrl: 'https://talk.example/gatehouse',
    dashboardOrigins: ['https://desk.example', 'http://localhost:3000'],
    rateLimits: { off: false, classes: { comments: { limit: 200, windowSeconds: 60 }, login: false } },
    logLevel: 'debug',
    smtp: {
      host: 'mail.example',
      port: 587,
      secure: false,
      login: { user: 'post', password: 'p@ss' },
    },
    mailFrom: 'talk@news.example',
  });
  expect(readConfig({ RATE_LIMITS: 'off' }).rateLimits).toEqual({ off: true });
  expect(readConfig({ RATE_LIMITS: 'off' }).warnings).toEqual([
    'RATE_LIMITS is off: clients may ask and write without limit',
  ]);
  expect(readConfig({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
});

test('mail without an address that people can reach is warned of', () => {
  expect(readConfig({ SMTP_URL: 'smtp://mail.example' }).warnings).toEqual([
    'PUBLIC_URL is not set: links in mail lead to where the service listens',
  ]);
  expect(readConfig({ SMTP_URL: 'smtp://mail.example', PUBLIC_URL: 'https://a.example' }).warnings).toEqual(
    [],
  );
});

test.each([
  ['mongodb://db', true],
  ['mongodb://u:p@a:27017,b:27018/?replicaSet=rs', true],
  ['mongodb+srv://db.example?w=majority', true],
  ['mongodb://db/gatehouse', false],
  ['mongodb://a,b/gatehouse?replicaSet=rs', false],
])('%s is warned of as naming no database: %s', (MONGODB_URI, isWarned) => {
  const { warnings } = readConfig({ MONGODB_URI, GATEHOUSE_SECRET: 'x'.repeat(32) });
  expect(warnings).toEqual(
    isWarned ? ['MONGODB_URI names no database: the driver takes the one called test'] : [],
  );
});

test.each([
  ['mongodb://u:p@db/admin', true],
  ['mongodb://a,b/admin?replicaSet=rs', true],
  ['mongodb://u:p@db/gatehouse?authSource=admin', false],
])('%s is warned of as naming MongoDB’s own database: %s', (MONGODB_URI, isWarned) => {
  const { warnings } = readConfig({ MONGODB_URI, GATEHOUSE_SECRET: 'x'.repeat(32) });
  expect(warnings).toEqual(isWarned ? [expect.stringContaining('authSource')] : []);
});

test('who listens on every address is reached at localhost, and is told that others need PUBLIC_URL', () => {
  const port = 8080;
  const told = ['PUBLIC_URL is not set: links lead to localhost, which other machines can’t follow'];
  for (const host of ['0.0.0.0', '::', '0', '::0', '0:0:0:0:0:0:0:0']) {
    expect(localUrl({ host, port })).toBe('http://localhost:8080');
    expect(readConfig({ HOST: host }).warnings).toEqual(told);
    expect(readConfig({ HOST: host, PUBLIC_URL: 'http://192.168.0.7:8080' }).warnings).toEqual([]);
  }
  expect(localUrl({ host: '::1', port })).toBe('http://[::1]:8080');
  expect(localUrl({ host: 'fe80::1%eth0', port })).toBe('http://[fe80::1]:8080');
  expect(localUrl({ host: '192.168.0.7', port })).toBe('http://192.168.0.7:8080');
  expect(localUrl({ host: '10.0.0.0', port })).toBe('http://10.0.0.0:8080');
});

test.each([
  ['smtp://mail.example', { host: 'mail.example', port: 25, secure: false, login: null }],
  ['smtp://[::1]:2525', { host: '::1', port: 2525, secure: false, login: null }],
  ['smtps://a:b@mail.example', { port: 465, secure: true, login: { user: 'a', password: 'b' } }],
])('%s is read with the port that is usual for it', (url, read) => {
  expect(readConfig({ SMTP_URL: url }).smtp).toMatchObject(read);
});

test('an empty variable counts as not set', () => {
  expect(readConfig(Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, ''])))).toEqual(
    readConfig({}),
  );
});

test('a misspelt name is warned of with the right one, and other programs’ names are nobody’s mistake', () => {
  const others = [
    'HOME',
    'HOST_NAME',
    'HOSTNAME',
    'PORTS',
    'DEBUG',
    'XDG_DATA_DIRS',
    'PUBLIC_KEY',
    'SMTP_HOST',
  ];
  const { warnings } = readConfig({
    GATEHOUSE_ADMIN_TOKN: 'x',
    GATEHOUSE_SERVICE_HOST: '10.0.0.1',
    MONGODB_URL: 'mongodb://db/gatehouse',
    MONGO_URL: 'mongodb://db/gatehouse',
    TRUST_PROXIES: '1',
    LOGLEVEL: 'debug',
    ...Object.fromEntries(others.map((name) => [name, 'x'])),
  });
  expect(warnings).toEqual([
    'GATEHOUSE_ADMIN_TOKN is not a setting and is ignored; did you mean GATEHOUSE_ADMIN_TOKEN?',
    'GATEHOUSE_SERVICE_HOST is not a setting and is ignored',
    'MONGODB_URL is not a setting and is ignored; did you mean MONGODB_URI?',
    'MONGO_URL is not a setting and is ignored; did you mean MONGODB_URI?',
    'TRUST_PROXIES is not a setting and is ignored; did you mean TRUST_PROXY?',
    'LOGLEVEL is not a setting and is ignored; did you mean LOG_LEVEL?',
  ]);
});

describe('a secret in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileOf = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('is read from where its variable points, without the line break behind it', () => {
    const config = readConfig({
      MONGODB_URI_FILE: fileOf('uri', 'mongodb://db/gatehouse\n'),
      GATEHOUSE_SECRET_FILE: fileOf('secret', `${SECRET}\r\n`),
      GATEHOUSE_SECRET_PREVIOUS_FILE: fileOf('previous', `${SECRET} before`),
      GATEHOUSE_ADMIN_TOKEN_FILE: fileOf('admin', `${'t'.repeat(24)}\n`),
      METRICS_TOKEN_FILE: fileOf('metrics', 'm\n'),
      SMTP_URL_FILE: fileOf('smtp', 'smtp://post:secret@mail.example\n'),
      PUBLIC_URL: 'https://talk.example',
    });
    expect(config).toMatchObject({
      mongodbUri: 'mongodb://db/gatehouse',
      secret: SECRET,
      previousSecret: `${SECRET} before`,
      adminToken: 't'.repeat(24),
      metricsToken: 'm',
      smtp: { login: { user: 'post', password: 'secret' } },
      warnings: [],
    });
  });

  test('that can’t be read, is empty, too short, or given beside the variable itself is complained of, once', () => {
    const problems = problemsOf({
      MONGODB_URI: 'mongodb://db/gatehouse',
      GATEHOUSE_SECRET_FILE: join(folder, 'none'),
      GATEHOUSE_ADMIN_TOKEN_FILE: fileOf('short', 'c4nary'),
      METRICS_TOKEN_FILE: fileOf('empty', '\n'),
      SMTP_URL: 'smtp://mail.example',
      SMTP_URL_FILE: fileOf('both', 'smtp://mail.example'),
    });
    expect(problems).toEqual([
      `GATEHOUSE_SECRET_FILE: ${JSON.stringify(join(folder, 'none'))} can't be read (ENOENT)`,
      `METRICS_TOKEN_FILE: ${JSON.stringify(join(folder, 'empty'))} is empty`,
      'SMTP_URL, SMTP_URL_FILE: both are set; keep one of them',
      expect.stringMatching(/^GATEHOUSE_ADMIN_TOKEN: has 6 characters/),
    ]);
    expect(problems.join('\n')).not.toContain('c4nary');
  });
});
