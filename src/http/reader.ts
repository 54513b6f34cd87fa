import type { Reader } from '../comments/report.ts';
import type { FieldError } from '../errors.ts';
import type { Context } from './route.ts';

const HEADER = 'Gatehouse-Reader';
/** RFC 3986, 2.3: what a URL carries as it is. */
const URL_SAFE = /^[A-Za-z0-9._~-]{16,64}$/;

/** Who a reader says they are, and what is wrong with how they say it. */
export function readerOf(context: Context): { reader: Reader; errors: FieldError[] } {
  const header = context.headers['gatehouse-reader'];
  const word = Array.isArray(header) ? header.join(', ') : (header ?? null);
  const errors: FieldError[] =
    word === null || URL_SAFE.test(word) ? [] : [{ header: HEADER, code: 'invalid' }];
  return { reader: { word, address: context.client() }, errors };
}
