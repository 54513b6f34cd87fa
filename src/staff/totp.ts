import { Secret, TOTP } from 'otpauth';
import type { Keyring } from '../keys.ts';
import { foldText } from '../text/fold.ts';
import { TOTP_WINDOW } from './moderator.ts';

/** Seconds that a code stands for (RFC 6238, 5.2). */
const PERIOD = 30;
const SECRET_BYTES = 20;
const CODE = /^\d{6}$/;

const sealContext = (moderatorId: string): string => `totp:${moderatorId}`;

/** Six digits, SHA-1, 30 seconds: what every authenticator takes, otplib's default among them. */
const totpOf = (secret: Secret, label = ''): TOTP =>
  new TOTP({ issuer: 'Gatehouse', label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD });

export interface TotpOffer {
  /** Base 32. */
  secret: string;
  /** `otpauth://totp/…`, as a QR code carries it. */
  otpauthUrl: string;
  sealed: string;
}

/** A new secret for an account. `label` tells its owner's entries apart. */
export function offerTotp(keys: Keyring, moderatorId: string, label: string): TotpOffer {
  const secret = new Secret({ size: SECRET_BYTES });
  return {
    secret: secret.base32,
    otpauthUrl: totpOf(secret, label).toString(),
    sealed: keys.seal(secret.base32, sealContext(moderatorId)),
  };
}

export interface TotpCheck {
  keys: Keyring;
  moderatorId: string;
  /** As kept. */
  sealed: string;
  code: string;
  now: number;
}

/** The step of a right code, null for a wrong one. Whether it was used before is for the caller to see. */
export function totpStep({ keys, moderatorId, sealed, code, now }: TotpCheck): number | null {
  const secret = keys.open(sealed, sealContext(moderatorId));
  if (secret === null) throw new Error('the seal of a second factor is broken');
  // Folded: in the digits of whichever keyboard, and in groups as some authenticators show them.
  const token = foldText(code).replaceAll(' ', '');
  if (!CODE.test(token)) return null;
  const delta = totpOf(Secret.fromBase32(secret)).validate({ token, timestamp: now, window: TOTP_WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD) + delta;
}
