import * as z from 'zod';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { parameterErrorsOf } from './fields.ts';

/** A query string, decoded, repeats kept, in the order sent. */
export type QueryPairs = [name: string, value: string][];

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new AppError('malformed-url', { cause });
  }
}

/** The pairs of a request's query. Throws `malformed-url` for an escape that can't be read. */
export function readQuery(url: string): QueryPairs {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const pairs: QueryPairs = [];
  for (const part of url.slice(start + 1).split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [name, value] = equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    pairs.push([decode(name), decode(value)]);
  }
  return pairs;
}

export interface QueryRules<T extends z.ZodObject> {
  schema: T;
  /** Parameters that may be repeated; they come as lists. */
  multiple?: readonly string[];
  /** True where `page` or `pageId` must name a page. */
  needsPage?: boolean;
}

function wantsNumber(schema: unknown): boolean {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    inner = inner.unwrap();
  }
  return inner instanceof z.ZodNumber;
}

const DECIMAL = /^-?\d{1,15}$/;

/** The query as the schema wants it, unknown names ignored. Throws `validation-failed` naming every bad parameter. */
export function parseQuery<T extends z.ZodObject>(pairs: QueryPairs, rules: QueryRules<T>): z.output<T> {
  const errors: FieldError[] = [];
  const refuse = (parameter: string, code: FieldError['code']): void => {
    const known = errors.some((error) => 'parameter' in error && error.parameter === parameter);
    if (!known) errors.push({ parameter, code });
  };
  const values: Record<string, unknown> = {};
  const shape: Record<string, unknown> = rules.schema.shape;
  for (const [name, value] of pairs) {
    if (!Object.hasOwn(shape, name)) continue;
    if (rules.multiple?.includes(name)) {
      const list = values[name] as string[] | undefined;
      if (list) list.push(value);
      else values[name] = [value];
    } else if (name in values) refuse(name, 'duplicate');
    else values[name] = wantsNumber(shape[name]) && DECIMAL.test(value) ? Number(value) : value;
  }
  if (rules.needsPage && !values.page && !values.pageId) refuse('page', 'required');
  const result = rules.schema.safeParse(values);
  if (!result.success) {
    for (const error of parameterErrorsOf(result.error, values)) {
      const { parameter } = error as { parameter: string };
      if (!errors.some((known) => 'parameter' in known && known.parameter === parameter)) errors.push(error);
    }
  }
  if (!result.success || errors.length > 0) throw validationFailed(errors);
  return result.data;
}
