import { AppError } from '../../../src/errors.ts';
import { COST, createPasswords, passwordErrors } from '../../../src/staff/passwords.ts';

const cheap = { ln: 4, r: 8, p: 1 };

describe('a password', () => {
  it.each([
    ['x'.repeat(11), 'too-short'],
    ['x'.repeat(12), null],
    ['x'.repeat(200), null],
    ['x'.repeat(201), 'too-long'],
    // Characters are counted, not UTF-16 units.
    ['😀'.repeat(11), 'too-short'],
    ['😀'.repeat(200), null],
    ['گذرواژه‌ی بلند', null],
    [`${'x'.repeat(12)}\ud800`, 'invalid'],
  ])('%j: %s', (password, code) => {
    expect(passwordErrors(password, '/password')[0]?.code ?? null).toBe(code);
  });

  it('is right or wrong by every character, in whichever form a keyboard composes them', async () => {
    const passwords = createPasswords(cheap);
    const kept = await passwords.hash('Café déjà vu');
    for (const form of ['NFC', 'NFD'] as const)
      expect(await passwords.verify('Café déjà vu'.normalize(form), kept)).toBe(true);
    for (const wrong of ['café déjà vu', 'Café déjà v', 'Café déjà vu ', ''])
      expect(await passwords.verify(wrong, kept)).toBe(false);
  });

  it('is hashed with a salt of its own, in a form that names its cost', async () => {
    const passwords = createPasswords(cheap);
    const [one, two] = [await passwords.hash('a password'), await passwords.hash('a password')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(COST).toEqual({ ln: 15, r: 8, p: 3 });
  });

  it('stays right when the cost was raised since', async () => {
    const kept = await createPasswords(cheap).hash('a password');
    expect(await createPasswords({ ...cheap, ln: 5 }).verify('a password', kept)).toBe(true);
  });

  it('of nobody is never right', async () => {
    expect(await createPasswords(cheap).verify('anything', null)).toBe(false);
  });

  it('is hashed as RFC 7914 says', async () => {
    // Its third test vector: N = 16384, r = 8, p = 1, of which the first 32 bytes.
    const salt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '');
    const hash = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex');
    const kept = `$scrypt$ln=14,r=8,p=1$${salt}$${hash.toString('base64').replace(/=+$/, '')}`;
    expect(await createPasswords(cheap).verify('pleaseletmein', kept)).toBe(true);
  });
});

it('hashes wait for each other in order, and who comes when too many wait is told to come again', async () => {
  const passwords = createPasswords(cheap);
  const done: number[] = [];
  const tries = Array.from({ length: 30 }, (_, i) => passwords.verify('x', null).then(() => done.push(i)));
  const outcomes = await Promise.allSettled(tries);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(done).toEqual(Array.from({ length: 21 }, (_, i) => i));
  expect(refused).toHaveLength(9);
  for (const { reason } of refused) {
    expect(reason).toBeInstanceOf(AppError);
    expect([reason.code, reason.headers]).toEqual(['rate-limited', { 'Retry-After': '5' }]);
  }
  expect(await passwords.verify('x', null)).toBe(false);
});

it('hashing leaves the event loop free', async () => {
  const passwords = createPasswords();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await passwords.hash('a password');
  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
});
