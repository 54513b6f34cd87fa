import { SETTINGS } from '../../config/settings.ts';
import { problemsOf } from '../support/config-problems.ts';

/** What is said of settings that can't be started with. */

const SECRET = 'thirty-two bytes of a secret, at least.';

test.each<[string, string]>([
  ['PORT', '65536'],
  ['PORT', '8e3'],
  ['HOST', 'a b'],
  ['HOST', '192.168.0.256'],
  ['HOST', '10.0.0.0.1'],
  ['HOST', 'xn--a'],
  ['MONGODB_URI', 'postgres://db'],
  ['DATA_DIR', ' '],
  ['GATEHOUSE_SECRET', 'x'.repeat(31)],
  ['GATEHOUSE_SECRET', ' '.repeat(40)],
  ['GATEHOUSE_ADMIN_TOKEN', 'x'.repeat(23)],
  ['GATEHOUSE_ADMIN_TOKEN', `${'x'.repeat(24)} y`],
  ['TRUST_PROXY', '33'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', 'true'],
  ['PUBLIC_URL', 'talk.example'],
  ['PUBLIC_URL', 'ftp://talk.example'],
  ['PUBLIC_URL', 'https://user@talk.example'],
  ['PUBLIC_URL', 'https://talk.example/?a'],
  ['DASHBOARD_ORIGINS', '*'],
  ['DASHBOARD_ORIGINS', 'https://desk.example/path'],
  ['RATE_LIMITS', 'on'],
  ['RATE_LIMITS', 'comments=0/60'],
  ['RATE_LIMITS', 'comments=1/60,comments=2/60'],
  ['RATE_LIMITS', 'posts=1/60'],
  ['LOG_LEVEL', 'loud'],
  ['DEMO', 'perhaps'],
  ['METRICS_TOKEN', 'ü'],
  ['ALLOW_PRIVATE_WEBHOOKS', 'some'],
  ['WEBHOOK_RETRY_SECONDS', '1,soon'],
  ['WEBHOOK_TIMEOUT_MS', '0'],
  ['IMPORT_MAX_BYTES', '1GB'],
  ['SMTP_URL', 'mail.example'],
  ['SMTP_URL', 'smtp://user@mail.example'],
  ['SMTP_URL', 'smtp://mail.example/?pool=true'],
  ['MAIL_FROM', 'nobody'],
  ['AKISMET_URL', 'rest'],
])('%s=%j is refused with the name and what is allowed', (name, value) => {
  const problems = problemsOf({ [name]: value }).filter((problem) => problem.startsWith(`${name}: `));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`allowed: ${SETTINGS[name as keyof typeof SETTINGS].allowed}`);
});

test('all problems come at once', () => {
  const problems = problemsOf({ PORT: 'x', DEMO: 'x', LOG_LEVEL: 'x', MONGODB_URI: 'mongodb://a' });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'LOG_LEVEL',
    'DEMO',
    'GATEHOUSE_SECRET',
  ]);
});

test.each<[string, string, string[]]>([
  [
    'DASHBOARD_ORIGINS',
    'nope, https://desk.example, https://desk.example/x',
    ['nope', 'https://desk.example/x'],
  ],
  ['TRUST_PROXY', '10.0.0.0/33,10.0.0.0/8,me', ['10.0.0.0/33', 'me']],
  ['WEBHOOK_RETRY_SECONDS', '0,soon,5,604801', ['soon', '604801']],
  [
    'RATE_LIMITS',
    'comments=0/60,votes=1/60,posts=1/60,votes=off,login=5/0',
    ['comments=0/60', 'posts=1/60', 'votes=off', 'login=5/0'],
  ],
])('each item of %s that is wrong is named, on a line of its own', (name, value, wrong) => {
  const problems = problemsOf({ [name]: value });
  expect(problems.map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual(
    wrong.map((item) => `${name}: ${JSON.stringify(item)}`),
  );
});

test('a previous secret needs a current one', () => {
  expect(problemsOf({ GATEHOUSE_SECRET_PREVIOUS: SECRET })).toHaveLength(1);
});

test('no complaint quotes a secret', () => {
  const canary = 'c4nary wíth spaces';
  const secrets = Object.entries(SETTINGS).filter(([, setting]) => 'secret' in setting);
  const problems = problemsOf(Object.fromEntries(secrets.map(([name]) => [name, canary])));
  expect(problems.length).toBeGreaterThanOrEqual(secrets.length);
  expect(problems.join('\n')).not.toContain('c4nary');
});

test.each(['https://me:c4nary@talk.example/', 'https://me:c4n/c4nary@talk.example/'])(
  'no complaint quotes the password in a URL: %s',
  (url) => {
    const problems = problemsOf({
      PUBLIC_URL: url,
      AKISMET_URL: url,
      DASHBOARD_ORIGINS: `https://a.example,${url}`,
    });
    expect(problems).toHaveLength(3);
    for (const problem of problems) expect(problem).toContain('"https://…@talk.example/"');
  },
);
