import type * as z from 'zod';
import type { FieldCode, FieldError } from '../errors.ts';
import { FIELD_CODES, validationFailed } from '../errors.ts';

type Path = readonly PropertyKey[];

/** A JSON Pointer (RFC 6901). */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

type CodeAndParams = Pick<FieldError, 'code' | 'params'>;

function ofSize(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): CodeAndParams {
  const isCount = issue.origin === 'string' || issue.origin === 'array' || issue.origin === 'set';
  if (issue.code === 'too_big') {
    const limit = Number(issue.maximum);
    return isCount
      ? { code: 'too-long', params: { limit } }
      : { code: 'out-of-range', params: { maximum: limit } };
  }
  const minimum = Number(issue.minimum);
  if (!isCount) return { code: 'out-of-range', params: { minimum } };
  return minimum <= 1 ? { code: 'required' } : { code: 'too-short', params: { minimum } };
}

const isFieldCode = (code: unknown): code is FieldCode => (FIELD_CODES as readonly unknown[]).includes(code);

function codeOf(issue: z.core.$ZodIssue, root: unknown): CodeAndParams {
  if (issue.code === 'custom') {
    const { code, ...params } = issue.params ?? {};
    return { code: isFieldCode(code) ? code : 'invalid', params };
  }
  const value = valueAt(root, issue.path);
  if (value === undefined || value === null)
    return { code: issue.path.length === 0 ? 'invalid' : 'required' };
  return issue.code === 'too_big' || issue.code === 'too_small' ? ofSize(issue) : { code: 'invalid' };
}

/** Every issue of a failed parse as a field of the body, one for each place. */
export function fieldErrorsOf(error: z.ZodError, root: unknown): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const pointer = pointerOf(issue.path);
    if (!found.has(pointer)) found.set(pointer, { pointer, ...codeOf(issue, root) });
  }
  return [...found.values()];
}

/** Every issue as a query parameter. */
export function parameterErrorsOf(error: z.ZodError, root: unknown): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const parameter = String(issue.path[0] ?? '');
    if (!found.has(parameter)) found.set(parameter, { parameter, ...codeOf(issue, root) });
  }
  return [...found.values()];
}

const samePlace = (one: FieldError, other: FieldError): boolean =>
  'pointer' in one && 'pointer' in other && one.pointer === other.pointer;

/**
 * The body as the schema wants it. Throws `validation-failed` with every bad field; `more` is what was
 * found beside the schema.
 */
export function parseBody<T extends z.ZodType>(
  schema: T,
  body: unknown,
  more: FieldError[] = [],
): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success && more.length === 0) return result.data;
  const errors = result.success ? [] : fieldErrorsOf(result.error, body);
  const others = more.filter((error) => !errors.some((known) => samePlace(known, error)));
  throw validationFailed([...errors, ...others]);
}

/** The members of a refused body that nothing is wrong with. */
function rightMembers<T extends z.ZodObject>(
  schema: T,
  body: unknown,
  error: z.ZodError,
): Partial<z.output<T>> {
  if (typeof body !== 'object' || body === null) return {};
  const wrong = new Set(error.issues.map(({ path }) => path[0]));
  const right = Object.fromEntries(Object.entries(body).filter(([name]) => !wrong.has(name)));
  return (schema.partial().safeParse(right).data ?? {}) as Partial<z.output<T>>;
}

/**
 * As `parseBody`, for a body of which some shows to be wrong only when it is looked up. Where the schema refuses the
 * body, what has the right shape is looked up all the same, so that everything is told at once; where it does not,
 * whoever uses the body looks it up.
 */
export async function parseBodyOrLookUp<T extends z.ZodObject>(
  schema: T,
  body: unknown,
  lookUp: (members: Partial<z.output<T>>) => Promise<FieldError[]>,
): Promise<z.output<T>> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  return parseBody(schema, body, await lookUp(rightMembers(schema, body, result.error)));
}

function without(root: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  const copy = Array.isArray(root) ? [...root] : { ...(root as Record<PropertyKey, unknown>) };
  const members = copy as Record<PropertyKey, unknown>;
  members[step] = rest.length === 0 ? undefined : without(members[step], rest);
  return copy;
}

/**
 * As much of the body as has the right types, and what has not: for bodies whose fields the domain checks,
 * so that wrong types and wrong values are reported together. Every member of the schema must be optional.
 */
export function parseShape<T extends z.ZodType>(
  schema: T,
  body: unknown,
): { input: Partial<z.output<T>>; errors: FieldError[] } {
  const result = schema.safeParse(body);
  if (result.success) return { input: result.data as Partial<z.output<T>>, errors: [] };
  const errors = fieldErrorsOf(result.error, body);
  let rest = body;
  for (const issue of result.error.issues) rest = without(rest, issue.path);
  const again = schema.safeParse(rest);
  return { input: again.success ? (again.data as Partial<z.output<T>>) : {}, errors };
}
