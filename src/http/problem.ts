import type { FieldError, ProblemCode } from '../errors.ts';
import { AppError } from '../errors.ts';
import type { Language } from '../locales.ts';
import { errorTexts, fill } from './language.ts';
import type { PlainReply } from './reply.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** One entry of a problem's `errors`. */
export interface FieldProblem {
  pointer?: string;
  parameter?: string;
  header?: string;
  code: FieldError['code'];
  detail: string;
}

/** The words for one bad field, with its numbers where they are known. */
export function describeField(error: FieldError, language: Language): string {
  const texts: Record<string, string> = errorTexts(language).fields;
  const params = error.params ?? {};
  const withNumber = Object.keys(params).find((name) => `${error.code}:${name}` in texts);
  const text = texts[withNumber === undefined ? error.code : `${error.code}:${withNumber}`];
  return fill(text ?? error.code, params, language);
}

function fieldProblem(error: FieldError, language: Language): FieldProblem {
  const { code, params: _, ...place } = error;
  return { ...place, code, detail: describeField(error, language) };
}

/** Title and detail of a problem code in a language; `reason` is the member that says which of several it is. */
export function describeProblem(
  code: ProblemCode,
  language: Language,
  reason?: unknown,
): { title: string; detail: string } {
  const texts = errorTexts(language);
  const [title = code, detail = title] = texts.problems[code];
  const reasons: Record<string, string> = texts.reasons;
  return { title, detail: (typeof reason === 'string' && reasons[reason]) || detail };
}

export interface ProblemOptions {
  language: Language;
  /** Base of the documentation's address. */
  publicUrl: string;
}

/** An error as RFC 9457 problem details. What went wrong inside stays inside: only the error's own members are said. */
export function problemReply(error: AppError, { language, publicUrl }: ProblemOptions): PlainReply {
  const { code, status } = error;
  const { title, detail } = describeProblem(code, language, error.extra?.reason);
  const document = {
    type: `${publicUrl}/docs/errors#${code}`,
    title,
    status,
    detail,
    code,
    ...error.extra,
    ...(error.errors && { errors: error.errors.map((entry) => fieldProblem(entry, language)) }),
  };
  return {
    kind: 'plain',
    status,
    headers: [
      'Content-Type',
      PROBLEM_TYPE,
      'Content-Language',
      language,
      ...Object.entries(error.headers ?? {}).flat(),
    ],
    body: JSON.stringify(document),
  };
}

/** What an error is to its caller: ours as it is, anything else an internal error that tells nothing. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal-error', { cause: error });
}
