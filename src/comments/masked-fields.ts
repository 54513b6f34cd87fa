import { maskOwnAddress } from '../text/mask.ts';
import type { CheckedFields, CheckedPage, FieldErrors } from './fields.ts';

/** What is shown of a post, without its author's address. */
export interface MaskedFields {
  fields: CheckedFields;
  page: CheckedPage;
  /** Whether it stood anywhere. */
  found: boolean;
}

/** Takes the author's own address out of everything that is shown; where it can't be masked it is refused. */
export function maskFields(errors: FieldErrors, fields: CheckedFields, page: CheckedPage): MaskedFields {
  const { email } = fields;
  if (email === null) return { fields, page, found: false };
  let found = false;
  const mask = (text: string): string => {
    const masked = maskOwnAddress(text, email);
    found ||= masked.found;
    return masked.text;
  };
  const refuse = (pointer: string, text: string | null): void => {
    if (text !== null && maskOwnAddress(text, email).found) errors.add(pointer, 'invalid');
  };
  refuse('/author/url', fields.url);
  refuse('/page/url', page.url?.identity ?? null);
  refuse('/page/id', page.id);
  const name = fields.name === null ? null : mask(fields.name);
  const title = page.title === null ? null : mask(page.title);
  return { fields: { ...fields, name, body: mask(fields.body) }, page: { ...page, title }, found };
}
