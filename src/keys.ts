import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';

/** Every purpose a key is derived for. One purpose, one key: a value made for one can't be used for another. */
export type KeyPurpose =
  | 'seal'
  | 'author'
  | 'identity'
  | 'staff'
  | 'setup'
  | 'page'
  | 'duplicate'
  | 'cursor'
  | 'edit'
  | 'idempotency'
  | 'limit'
  | 'reader'
  | 'event'
  | 'learner'
  | 'likeness'
  | 'stand-in'
  | 'import'
  | 'export'
  | 'export-nonce'
  | 'mail';

/**
 * The keys of one installation, all derived by HKDF-SHA-256 (RFC 5869) from the one random data key
 * that the store keeps wrapped under GATEHOUSE_SECRET.
 */
export interface Keyring {
  /** HMAC-SHA-256 of the parts, as bytes. Parts are length-prefixed, so ("ab","c") differs from ("a","bc"). */
  mac(purpose: KeyPurpose, ...parts: string[]): Buffer;
  /** AES-256-GCM with a fresh nonce: base64url of nonce ‖ tag ‖ ciphertext. `context` must be given again to open. */
  seal(plain: string, context: string): string;
  /** The plain text, or null where the value was altered or sealed under another key or context. */
  open(sealed: string, context: string): string | null;
  /**
   * As `seal`, under a key of its own, but the same text always gives the same bytes: for files that are compared.
   * The nonce is made from the text, as in RFC 8452's idea: it comes twice only where the text does.
   */
  sealForExport(plain: string, context: string): string;
  openFromExport(sealed: string, context: string): string | null;
}

const NONCE = 12;
const TAG = 16;

/** As a key object, so that the bytes are taken in once and not at every use. */
function derive(root: Uint8Array, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `gatehouse/${info}`, 32)));
}

/** Nonces are drawn many at a time: asking the system costs as much as a seal. */
const nonces = Buffer.alloc(NONCE * 256);
let noncesUsed = nonces.length;

function nextNonce(): Buffer {
  if (noncesUsed === nonces.length) {
    randomFillSync(nonces);
    noncesUsed = 0;
  }
  noncesUsed += NONCE;
  return Buffer.from(nonces.subarray(noncesUsed - NONCE, noncesUsed));
}

function encrypt(key: KeyObject, plain: Uint8Array, context: string, nonce = nextNonce()): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  // GCM is a stream: nothing is left over at the end but the tag.
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: KeyObject, sealed: Buffer, context: string): Buffer | null {
  if (sealed.length < NONCE + TAG) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    // A wrong tag is an answer, not a fault: the caller decides what an unreadable seal means.
    return null;
  }
}

/** The keyring over a 32-byte data key. */
export function createKeyring(dataKey: Uint8Array): Keyring {
  const derived = new Map<KeyPurpose, KeyObject>();
  const keyFor = (purpose: KeyPurpose): KeyObject => {
    let key = derived.get(purpose);
    if (!key) {
      key = derive(dataKey, purpose);
      derived.set(purpose, key);
    }
    return key;
  };
  const mac: Keyring['mac'] = (purpose, ...parts) => {
    let text = '';
    for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
    return createHmac('sha256', keyFor(purpose)).update(text).digest();
  };
  return {
    mac,
    seal: (plain, context) => encrypt(keyFor('seal'), Buffer.from(plain), context).toString('base64url'),
    open(sealed, context) {
      return decrypt(keyFor('seal'), Buffer.from(sealed, 'base64url'), context)?.toString('utf8') ?? null;
    },
    sealForExport(plain, context) {
      const nonce = mac('export-nonce', context, plain).subarray(0, NONCE);
      return encrypt(keyFor('export'), Buffer.from(plain), context, nonce).toString('base64url');
    },
    openFromExport(sealed, context) {
      return decrypt(keyFor('export'), Buffer.from(sealed, 'base64url'), context)?.toString('utf8') ?? null;
    },
  };
}

/** A fresh data key, 32 random bytes. */
export function createDataKey(): Buffer {
  return randomBytes(32);
}

/** The data key wrapped under the operator's secret, safe to store beside the data. */
export function wrapDataKey(dataKey: Uint8Array, secret: string): string {
  return encrypt(derive(Buffer.from(secret), 'wrap'), dataKey, 'data-key').toString('base64url');
}

/** The data key, or null where the secret is another one. */
export function unwrapDataKey(wrapped: string, secret: string): Buffer | null {
  return decrypt(derive(Buffer.from(secret), 'wrap'), Buffer.from(wrapped, 'base64url'), 'data-key');
}

/** SHA-256 in hex, for values that are random already (tokens): no salt is needed to hide 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
