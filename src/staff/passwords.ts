import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError, type FieldError } from '../errors.ts';
import { countCharacters } from '../text/normalize.ts';

/** In characters. */
const LEAST = 12;
const MOST = 200;

export interface Cost {
  /** Base-2 logarithm of N. */
  ln: number;
  r: number;
  p: number;
}

/**
 * One of the settings of equal strength in OWASP's Password Storage Cheat Sheet (N = 2^15, r = 8, p = 3):
 * 32 MiB for a third to half of a second of one core. docs/decisions/0030 says why scrypt.
 */
export const COST: Cost = { ln: 15, r: 8, p: 3 };

/** Hashes that wait at most; with one at a time the last of them waits for some seconds. */
const MOST_WAITING = 20;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Slow hashes of passwords, in PHC form: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export interface Passwords {
  /** Throws `rate-limited` where too many wait already. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed. `kept` null takes as long and is false: who has no
   * password must not answer sooner than who has another. Throws `rate-limited` as above.
   */
  verify(password: string, kept: string | null): Promise<boolean>;
}

/** A password as it is compared: in NFKC, so that it is the same from every keyboard (NIST SP 800-63B, 3.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC');

/** What is wrong with a new password; [] for a good one. */
export function passwordErrors(password: string, pointer: string): FieldError[] {
  if (/\p{Surrogate}/u.test(password)) return [{ pointer, code: 'invalid' }];
  const length = countCharacters(normalized(password));
  if (length < LEAST) return [{ pointer, code: 'too-short', params: { minimum: LEAST } }];
  return length > MOST ? [{ pointer, code: 'too-long', params: { limit: MOST } }] : [];
}

/** Lets one through at a time, in the order they came. */
function createTurnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    if (waiting > MOST_WAITING) throw new AppError('rate-limited', { headers: { 'Retry-After': '5' } });
    waiting += 1;
    const turn = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  return new Promise((resolve, reject) => {
    scrypt(normalized(password), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const encode = ({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;

const PHC = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

function decode(kept: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const [, ln, r, p, salt = '', hash = ''] = PHC.exec(kept) ?? [];
  if (hash === '') throw new Error('a kept password hash is not in the form that this version knows');
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/**
 * Hashing runs in Node's thread pool, off the event loop, and one at a time: a flood of log-ins takes one
 * core and 32 MiB, whatever its size, and is told to come again once MOST_WAITING wait.
 */
export function createPasswords(cost: Cost = COST): Passwords {
  const inTurn = createTurnstile();
  const nobody = encode(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  return {
    hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return inTurn(async () => encode(cost, salt, await derive(password, salt, cost)));
    },
    async verify(password, kept) {
      const { cost: keptCost, salt, hash } = decode(kept ?? nobody);
      return inTurn(async () => {
        const given = await derive(password, salt, keptCost);
        return timingSafeEqual(given, hash) && kept !== null;
      });
    },
  };
}
