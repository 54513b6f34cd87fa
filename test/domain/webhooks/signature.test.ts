import { newWebhookSecret, signedHeaders, verifiedMessage } from '../../../src/webhooks/signature.ts';

/** The vector that the libraries of Standard Webhooks are tested with. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VECTOR = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const NOW = VECTOR.timestamp * 1000;

const received = (
  headers: Record<string, string | string[] | undefined>,
  rest: { body?: string; now?: number } = {},
) => ({
  headers: {
    'webhook-id': VECTOR.id,
    'webhook-timestamp': String(VECTOR.timestamp),
    'webhook-signature': SIGNATURE,
    ...headers,
  },
  body: Buffer.from(rest.body ?? VECTOR.body),
  now: rest.now ?? NOW,
});

test('the published vector is signed as published, with the prefix of the secret and without', () => {
  for (const secret of [SECRET, SECRET.slice('whsec_'.length)])
    expect(signedHeaders(VECTOR, [secret])).toEqual({
      'webhook-id': VECTOR.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNATURE,
    });
});

test('the published vector is verified, also among other signatures and versions', () => {
  const proved = { id: VECTOR.id, timestamp: VECTOR.timestamp };
  expect(verifiedMessage(received({}), [SECRET])).toEqual(proved);
  const many = `v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw1enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= ${SIGNATURE}`;
  expect(verifiedMessage(received({ 'webhook-signature': many }), [SECRET])).toEqual(proved);
});

test('during a rotation a message carries a signature by each secret, and either secret proves it', () => {
  const [old, next] = [newWebhookSecret(), newWebhookSecret()];
  const headers = signedHeaders(VECTOR, [next, old]);
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  for (const secrets of [[old], [next], [newWebhookSecret(), old]])
    expect(verifiedMessage(received(headers), secrets)).not.toBeNull();
  expect(verifiedMessage(received(headers), [newWebhookSecret()])).toBeNull();
});

test('five minutes to either side are good, a second more is not', () => {
  for (const [seconds, good] of [
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ] as const)
    expect(verifiedMessage(received({}, { now: NOW + seconds * 1000 }), [SECRET]) !== null).toBe(good);
});

test.each([
  ['another body', {}, { body: '{"test": 2432232315}' }],
  ['another id', { 'webhook-id': 'msg_other' }, {}],
  ['another time', { 'webhook-timestamp': '1614265331' }, {}],
  ['no id', { 'webhook-id': undefined }, {}],
  ['an empty id', { 'webhook-id': '' }, {}],
  ['two ids', { 'webhook-id': [VECTOR.id, VECTOR.id] }, {}],
  ['no time', { 'webhook-timestamp': undefined }, {}],
  ['a time that is no number', { 'webhook-timestamp': '1614265330.0' }, {}],
  ['a time of letters', { 'webhook-timestamp': 'now' }, {}],
  ['no signature', { 'webhook-signature': undefined }, {}],
  ['an empty signature', { 'webhook-signature': '' }, {}],
  ['a signature of another version', { 'webhook-signature': SIGNATURE.replace('v1', 'v2') }, {}],
  ['a signature without its version', { 'webhook-signature': SIGNATURE.slice(3) }, {}],
  ['a signature cut short', { 'webhook-signature': SIGNATURE.slice(0, -8) }, {}],
  ['a version without a signature', { 'webhook-signature': 'v1,' }, {}],
])('%s proves nothing', (_what, headers, rest) => {
  expect(verifiedMessage(received(headers, rest), [SECRET])).toBeNull();
});

test('without a secret nothing is proved, and every new secret is another of 32 bytes', () => {
  expect(verifiedMessage(received({}), [])).toBeNull();
  const secrets = Array.from({ length: 50 }, newWebhookSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  }
});
