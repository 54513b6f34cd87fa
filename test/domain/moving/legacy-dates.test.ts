import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const source = readFileSync('src/moving/legacy-dates.ts', 'utf8');
const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });

/** What is read on a machine whose clock on the wall is in that zone: a zone is taken up when a process starts. */
function readIn(zone: string, texts: string[]): (string | null)[] {
  const ask = `process.stdout.write(JSON.stringify(JSON.parse(process.argv[1]).map(module.exports.moment)))`;
  const told = execFileSync(process.execPath, ['-e', `${code}\n${ask}`, JSON.stringify(texts)], {
    env: { ...process.env, TZ: zone },
  });
  const moments: (number | null)[] = JSON.parse(told.toString());
  return moments.map((at) => (at === null ? null : new Date(at).toISOString()));
}

const DATES: [string, string][] = [
  ['2015-05-01', '2015-05-01T00:00:00.000Z'],
  ['2015-05-01 10:00:00', '2015-05-01T10:00:00.000Z'],
  ['2015-05-01T10:00:00.123456', '2015-05-01T10:00:00.123Z'],
  ['2015-05-01 10:00:00.5', '2015-05-01T10:00:00.500Z'],
  ['2015-05-01 10:00 PM', '2015-05-01T22:00:00.000Z'],
  ['2015/05/01 10:00', '2015-05-01T10:00:00.000Z'],
  ['May 1, 2015', '2015-05-01T00:00:00.000Z'],
  ['2015-05-01T10:00:00Z', '2015-05-01T10:00:00.000Z'],
  ['2015-05-01T10:00:00.123456789+03:30', '2015-05-01T06:30:00.123Z'],
  ['2015-05-01 10:00:00+03', '2015-05-01T07:00:00.000Z'],
  ['2015-05-01 10:00:00.123 +0000 UTC', '2015-05-01T10:00:00.123Z'],
  ['Fri, 01 May 2015 10:00:00 +0330', '2015-05-01T06:30:00.000Z'],
  ['Fri, 1 May 2015 10:00:00 EST', '2015-05-01T15:00:00.000Z'],
  ['Fri May 01 2015 10:00:00 GMT+0330 (Iran Standard Time)', '2015-05-01T06:30:00.000Z'],
];

test.each(['UTC', 'Asia/Tehran'])(
  'a date without a zone is of UTC wherever the machine stands: %s',
  (zone) => {
    const texts = DATES.map(([text]) => text);
    expect(readIn(zone, texts)).toEqual(DATES.map(([, at]) => at));
  },
);

test('what names no day is no date', () => {
  const texts = ['1', '-1', '12', 'yesterday 5', 'foo 2015', '10/02/2015', '5-1-2015', '', '1394/02/32'];
  expect(readIn('UTC', texts)).toEqual(texts.map(() => null));
});
