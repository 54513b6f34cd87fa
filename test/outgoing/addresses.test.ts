import { isPublicAddress } from '../../src/outgoing/addresses.ts';
import { createOutgoing } from '../../src/outgoing/client.ts';

/** Names lead to one public address, so that what is refused is refused for its spelling. */
const outgoing = createOutgoing({ allowPrivate: false, lookup: async () => ['93.184.215.14'] });

const PRIVATE = [
  // Loopback and its spellings.
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0x7F.1/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://0177.0x0.0.01/',
  'https://127.255.255.254/',
  'https://127.0.0.1./',
  'https://127.0.0.1:8443/hook',
  'https://%31%32%37.0.0.1/',
  'https://①②⑦.⓪.⓪.①/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[0000:0000:0000:0000:0000:0000:0000:0001]/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://api.localhost/',
  'https://ｌｏｃａｌｈｏｓｔ/',
  'https://localhost.localdomain/',
  // Unspecified and "this network".
  'https://0.0.0.0/',
  'https://0/',
  'https://0x0/',
  'https://0.1.2.3/',
  'https://[::]/',
  // Private networks.
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://012.0.0.1/',
  'https://167772161/',
  'https://172.16.0.1/',
  'https://172.31.255.254/',
  'https://192.168.0.1/',
  'https://192.168.1/',
  'https://0xc0a80001/',
  'https://3232235521/',
  'https://100.64.0.1/',
  'https://100.127.255.254/',
  // Link-local, and where clouds tell machines their secrets.
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://metadata.google.internal/',
  'https://100.100.100.200/',
  // IPv4 within IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::FFFF:10.0.0.1]/',
  'https://[::ffff:93.184.215.14]/',
  'https://[::127.0.0.1]/',
  'https://[::7f00:1]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[64:ff9b:1::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a00:1::1]/',
  'https://[2001:0:7f00:1::]/',
  // Local networks of IPv6, and what is set aside.
  'https://[fc00::1]/',
  'https://[fd12:3456:789a::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[100::1]/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[4000::1]/',
  'https://[5f00::1]/',
  // Multicast, broadcast, documentation, benchmarks, reserved.
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://255.255.255.255/',
  'https://4294967295/',
  'https://192.0.0.1/',
  'https://192.0.2.1/',
  'https://198.51.100.1/',
  'https://203.0.113.1/',
  'https://198.18.0.1/',
  'https://192.88.99.1/',
  'https://240.0.0.1/',
  // Names that mean this network.
  'https://intranet/',
  'https://mongo:27017/',
  'https://printer.local/',
  'https://router.lan/',
  'https://nas.home.arpa/',
  'https://db.internal./',
  // No https.
  'http://hooks.example.com/',
  'http://93.184.215.14/',
];

const INVALID = [
  '',
  'hooks.example.com/hook',
  '//hooks.example.com/',
  'ftp://hooks.example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_x',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://',
  'https://user@hooks.example.com/',
  'https://user:secret@hooks.example.com/',
  'https://hooks.example.com@127.0.0.1/',
  'https://:@127.0.0.1:80@hooks.example.com/',
  'https://256.1.1.1/',
  'https://1.2.3.4.5/',
  'https://[fe80::1%25eth0]/',
  'https://[::1/',
  'https://hooks.example.com:99999/',
  'https://hooks .example.com/',
  `https://hooks.example.com/${'a'.repeat(2000)}`,
];

const PUBLIC = [
  'https://hooks.example.com/gatehouse?key=1',
  'https://hooks.example.com.:8443/',
  'https://xn--mgbh0fb.example/',
  'https://نمونه.example/سلام',
  'https://93.184.215.14/',
  'https://1.1.1.1/',
  'https://0x01010101/',
  'https://172.15.255.255/',
  'https://172.32.0.1/',
  'https://100.63.255.255/',
  'https://100.128.0.1/',
  'https://169.253.255.255/',
  'https://223.255.255.255/',
  'https://[2606:4700:4700::1111]/',
  'https://[2a00:1450:4001:810::200e]/',
  'https://localhost.example.com/',
  'https://127.0.0.1.example.com/',
];

test.each(PRIVATE)('%s is refused as an address that is not public', async (url) => {
  await expect(outgoing.check(url)).resolves.toBe('private-address');
  const answer = await outgoing.send({ url, headers: {}, body: '', deadlineMs: 5000, maxBytes: 0 });
  expect(answer).toEqual({ ok: false, failure: 'private-address' });
});

test.each(INVALID)('%s is refused as no web address', async (url) => {
  await expect(outgoing.check(url)).resolves.toBe('invalid-url');
  const answer = await outgoing.send({ url, headers: {}, body: '', deadlineMs: 5000, maxBytes: 0 });
  expect(answer).toEqual({ ok: false, failure: 'invalid-url' });
});

test.each(PUBLIC)('%s is taken', async (url) => {
  await expect(outgoing.check(url)).resolves.toBeNull();
});

test('a name that leads to a private address is refused, also where public ones stand beside it', async () => {
  const answers: Record<string, string[]> = {
    'one.example': ['10.0.0.1'],
    'six.example': ['::1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'scoped.example': ['fe80::1%eth0'],
    'both.example': ['93.184.215.14', '2606:4700:4700::1111', '192.168.0.7'],
    'garbage.example': ['not an address'],
  };
  const careful = createOutgoing({ allowPrivate: false, lookup: async (name) => answers[name] ?? [] });
  for (const name of Object.keys(answers))
    await expect(careful.check(`https://${name}/`)).resolves.toBe('private-address');
});

test('a name that has no address now may be registered, since each call looks again', async () => {
  const lookup = async () => {
    throw new Error('ENOTFOUND');
  };
  const careful = createOutgoing({ allowPrivate: false, lookup });
  await expect(careful.check('https://soon.example/')).resolves.toBeNull();
  const call = { url: 'https://soon.example/', headers: {}, body: '', deadlineMs: 5000, maxBytes: 0 };
  await expect(careful.send(call)).resolves.toEqual({ ok: false, failure: 'refused' });
});

test('where private addresses are admitted, http and every host are; what is no web address is not', async () => {
  const open = createOutgoing({ allowPrivate: true });
  for (const url of ['http://127.0.0.1:9/', 'http://localhost:9/', 'https://10.0.0.1/', 'http://mongo/'])
    await expect(open.check(url)).resolves.toBeNull();
  for (const url of INVALID) await expect(open.check(url)).resolves.toBe('invalid-url');
});

test('no text that is not an address is a public one', () => {
  for (const text of ['', 'example.com', '1.1.1.1 ', '1.1.1.1/24', '::g'])
    expect(isPublicAddress(text)).toBe(false);
});
