import en from '../../config/locales/errors.en.json';
import type { ProblemCode } from '../../src/errors.ts';
import { PROBLEM_STATUS } from '../../src/errors.ts';
import type { Answer } from './service.ts';
import { PUBLIC_URL } from './service.ts';

export type FieldPlaceAndCode = [place: string, code: string];

/** Says exactly which problem an answer is; `fields` are `/pointer`, `?parameter` or `Header:` with their code. */
export function expectProblem(answer: Answer, code: ProblemCode, fields?: FieldPlaceAndCode[]): void {
  const { errors, ...document } = (answer.json ?? {}) as { errors?: object[] };
  const [title, detail] = en.problems[code];
  expect({ status: answer.status, type: answer.headers['content-type'], document }).toMatchObject({
    status: PROBLEM_STATUS[code],
    type: 'application/problem+json; charset=utf-8',
    document: {
      type: `${PUBLIC_URL}/docs/errors#${code}`,
      title,
      status: PROBLEM_STATUS[code],
      detail,
      code,
    },
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['content-language']).toBe('en');
  expect(answer.headers['x-request-id']).toMatch(/^\S{6,}$/);
  expect(fieldsOf(errors)).toEqual(fields === undefined ? undefined : [...fields].sort());
}

interface FieldEntry {
  pointer?: string;
  parameter?: string;
  header?: string;
  code: string;
  detail: string;
}

function placeOf({ pointer, parameter, header }: FieldEntry): string {
  if (pointer !== undefined) return pointer;
  return parameter === undefined ? `${header}:` : `?${parameter}`;
}

function fieldsOf(errors: object[] | undefined): FieldPlaceAndCode[] | undefined {
  if (!errors) return undefined;
  const entries = errors as FieldEntry[];
  for (const { detail } of entries) {
    expect(detail).toMatch(/\S/);
    expect(detail).not.toMatch(/\{/);
  }
  return entries.map((entry): FieldPlaceAndCode => [placeOf(entry), entry.code]).sort();
}
