import { AppError } from '../../errors.ts';
import { commentForm } from '../schemas/form.ts';

/** The names a form is sent with. */
const FORM_NAMES = Object.keys(commentForm.shape) as (keyof typeof commentForm.shape)[];

/** A form as it was sent: '' for what was not. `trap` is what stood in the field that people do not see. */
export type TypedForm = Record<(typeof FORM_NAMES)[number] | 'trap', string>;

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function percentDecoded(bytes: Buffer): Buffer {
  const decoded = Buffer.alloc(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    const digits = byte === PERCENT ? bytes.toString('latin1', index + 1, index + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      decoded[length++] = Number.parseInt(digits, 16);
      index += 2;
    } else {
      decoded[length++] = byte === PLUS ? SPACE : byte;
    }
  }
  return decoded.subarray(0, length);
}

/** Visible ASCII that stands for itself: most of what is sent, names above all. */
const PLAIN = /^[!-$&-*,-~]*$/;

/** `raw` as latin1, a byte a character. */
function textOf(raw: string): string {
  if (PLAIN.test(raw)) return raw;
  try {
    return strictUtf8.decode(percentDecoded(Buffer.from(raw, 'latin1')));
  } catch (cause) {
    // TypeError: the bytes are no UTF-8. A guess would store what nobody wrote.
    throw new AppError('malformed-json', { cause });
  }
}

function* pairsOf(body: Buffer): Generator<[string, string]> {
  for (const pair of body.toString('latin1').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    yield [textOf(name), equals === -1 ? '' : textOf(pair.slice(equals + 1))];
  }
}

/**
 * Reads fields of `application/x-www-form-urlencoded` (WHATWG URL, 5.1), but for bytes that are no UTF-8: those are
 * refused as `malformed-json`. A `%` that begins no escape stands for itself. Of a name sent twice the
 * last counts, as it does for WordPress; names we do not know are passed over.
 */
export function readFields<Name extends string>(body: Buffer, names: readonly Name[]): Record<Name, string> {
  const fields = Object.fromEntries(names.map((name) => [name, ''])) as Record<Name, string>;
  for (const [name, value] of pairsOf(body)) if (Object.hasOwn(fields, name)) fields[name as Name] = value;
  return fields;
}

/** The form of a comment. `trapField` names the field that people do not see; null where there is none. */
export function readForm(body: Buffer, trapField: string | null): TypedForm {
  const sent = readFields<string>(body, trapField === null ? FORM_NAMES : [...FORM_NAMES, trapField]);
  const form = Object.fromEntries(FORM_NAMES.map((name) => [name, sent[name] ?? '']));
  return { ...form, trap: trapField === null ? '' : (sent[trapField] ?? '') } as TypedForm;
}
