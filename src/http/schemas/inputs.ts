import * as z from 'zod';
import { parseEmail } from '../../authors/email.ts';
import { MOST_OF_QUERY } from '../../moderation/search.ts';
import { countCharacters, isBlank, normalizeLine } from '../../text/normalize.ts';

/** One line of text: normalised as it will be stored, not empty, at most `max` code points of that. */
export function line(max: number) {
  return z
    .string()
    .meta({ minLength: 1, maxLength: max })
    .transform((text, context) => {
      const stored = normalizeLine(text);
      const refuse = (code: string, params: object = {}) => {
        context.issues.push({ code: 'custom', input: text, params: { code, ...params } });
        return z.NEVER;
      };
      if (stored === null) return refuse('invalid');
      if (isBlank(stored)) return refuse('required');
      return countCharacters(stored) > max ? refuse('too-long', { limit: max }) : stored;
    });
}

/**
 * Words to search for, at most `max` code points of their normal form. Empty where nothing visible is left:
 * then nothing is searched for.
 */
export const searchParameter = z
  .string()
  .meta({
    maxLength: MOST_OF_QUERY,
    description: 'Each word must begin a word of body, name, url or page title',
  })
  .transform((text, context) => {
    const words = normalizeLine(text);
    const refuse = (code: string, params: object = {}) => {
      context.issues.push({ code: 'custom', input: text, params: { code, ...params } });
      return z.NEVER;
    };
    if (words === null) return refuse('invalid');
    if (isBlank(words)) return '';
    return countCharacters(words) > MOST_OF_QUERY ? refuse('too-long', { limit: MOST_OF_QUERY }) : words;
  });

/** A member that may be left out: null is as if it were. For what a PATCH may set to null that is not enough. */
export const absentOr = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((given): z.output<T> | undefined => given ?? undefined);

/** A moment as callers write it: RFC 3339 with any offset. Comes out in milliseconds since 1970. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** An e-mail address; it stays a text, which the domain reads once more. */
export const emailText = z
  .string()
  .meta({ format: 'email', maxLength: 254 })
  .superRefine((text, context) => {
    if (parseEmail(text) !== null) return;
    const code = isBlank(text) ? 'required' : 'invalid-email';
    context.addIssue({ code: 'custom', params: { code } });
  });
