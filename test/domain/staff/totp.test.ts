import { generateSync, verifySync } from 'otplib';
import { createKeyring } from '../../../src/keys.ts';
import { offerTotp, totpStep } from '../../../src/staff/totp.ts';

const keys = createKeyring(Buffer.alloc(32, 3));
const id = 'moderator';
const stepOf = (sealed: string, code: string, seconds: number) =>
  totpStep({ keys, moderatorId: id, sealed, code, now: seconds * 1000 });

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('at %d seconds %s is the code of RFC 6238’s secret', (seconds, code) => {
  // Its appendix B, whose codes of eight digits end in those of six; the secret in base 32.
  const sealed = keys.seal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', `totp:${id}`);
  expect(stepOf(sealed, code, seconds)).toBe(Math.floor(seconds / 30));
});

it('agrees with otplib about every code, the step before and the step after included', () => {
  const { secret, sealed } = offerTotp(keys, id, 'm@staff.example');
  for (let step = 1000; step < 1050; step++) {
    const code = generateSync({ secret, epoch: step * 30 });
    expect(verifySync({ secret, token: code, epoch: step * 30 }).valid).toBe(true);
    const found = [-60, -30, 0, 29, 30, 59, 60].map((late) => stepOf(sealed, code, step * 30 + late));
    expect(found).toEqual([null, step, step, step, step, step, null]);
  }
});

it.each(['', '12345', '1234567', '12345a', '-12345', '1e5'])('%j is no code', (code) => {
  const { sealed } = offerTotp(keys, id, 'x');
  expect(stepOf(sealed, code, 30_000)).toBeNull();
});

it('a secret opens for its own account only', () => {
  const { sealed, secret } = offerTotp(keys, id, 'x');
  expect(sealed).not.toContain(secret);
  expect(() => totpStep({ keys, moderatorId: 'other', sealed, code: '123456', now: 0 })).toThrow(/seal/);
});
