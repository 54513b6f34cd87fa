import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY, type PolicyField, writePath } from '../../../src/dashboard/admin/policy-fields.ts';
import { policyPatch } from '../../../src/http/schemas/site.ts';
import { DEFAULT_RATE_LIMITS } from '../../../src/requests/rate-limit-settings.ts';
import { PHASES } from '../../../src/screening/index.ts';
import { DEFAULT_POLICY } from '../../../src/sites/policy.ts';

/** docs/sites.md says of every member of the policy, and of every rate limit, what the code does. */

const PAGE = readFileSync(join(__dirname, '../../../docs/sites.md'), 'utf8');

/** The cells of the table under a heading, without its head. */
function tableOf(heading: string): string[][] {
  const [, section = ''] = new RegExp(`^## ${heading}\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(PAGE) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

/** Each member that holds no others, by its path. `rateLimits` is one: a class that is not in it is none of its own. */
function membersOf(value: object, path = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const isGroup = typeof member === 'object' && member !== null && !Array.isArray(member);
    return isGroup && Object.keys(member).length > 0
      ? membersOf(member, `${path}${name}.`)
      : [[`${path}${name}`, member]];
  });
}

const takes = (path: string, value: unknown): boolean =>
  policyPatch.safeParse(writePath({}, path, value)).success;

const policy = tableOf('The policy');

test('names every member of the policy, with its default', () => {
  const told = policy.map(([member, usual]) => [member, usual]);
  expect(told).toEqual(
    membersOf(DEFAULT_POLICY).map(([path, value]) => [`\`${path}\``, `\`${JSON.stringify(value)}\``]),
  );
});

const path = ([member = '']: string[]): string => member.replaceAll('`', '');
const ranges = policy.flatMap((row): [string, number, number][] => {
  const [, from, to] = /^(\d+) to (\d+)/.exec(row[2] ?? '') ?? [];
  return from === undefined ? [] : [[path(row), Number(from), Number(to)]];
});

test('says of the numbers from where to where they go', () => {
  expect(ranges.length).toBeGreaterThan(20);
  const told = ranges.map(([member, from, to]) => [
    member,
    takes(member, from - 1),
    takes(member, from),
    takes(member, to),
    takes(member, to + 1),
  ]);
  expect(told).toEqual(ranges.map(([member]) => [member, false, true, true, false]));
});

test('names what may be chosen', () => {
  const choices = policy.filter(([, , allowed = '']) => /^`\w+`(?:, `\w+`)+$/.test(allowed));
  expect(choices.length).toBeGreaterThan(10);
  for (const row of choices) {
    const words = (row[2] ?? '').replaceAll('`', '').split(', ');
    const values = words.map((word) => (word === 'true' ? true : word === 'false' ? false : word));
    expect([path(row), values.map((value) => takes(path(row), value))]).toEqual([
      path(row),
      values.map(() => true),
    ]);
    expect(takes(path(row), 'something else')).toBe(false);
  }
});

test('names the phases in their order, each of which may want a second review', () => {
  const names = PHASES.map(({ name }) => name);
  expect(PAGE).toContain(`${names.map((name) => `\`${name}\``).join(', ')} and \`filter:{name}\``);
  expect(takes('secondReview', names)).toBe(true);
});

test('says of each class of rate limits what it is', () => {
  const told = tableOf('Rate limits').map(([name, usual]) => [name, usual]);
  expect(told).toEqual(
    Object.entries(DEFAULT_RATE_LIMITS).map(([name, rule]) => [
      `\`${name}\``,
      rule ? `${rule.limit} in ${rule.windowSeconds} s` : 'off',
    ]),
  );
});

test('the dashboard’s form takes the numbers that the service takes', () => {
  const numbers = POLICY.flatMap(({ fields }) => fields).filter(
    (field): field is PolicyField & { kind: 'number' } => field.kind === 'number',
  );
  const form = numbers.map(({ path: member, min, max }) => [member, min, max]);
  expect(form.sort()).toEqual([...ranges].sort());
});
