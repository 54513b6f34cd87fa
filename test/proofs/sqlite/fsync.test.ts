import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApi } from '../../support/api-client.ts';
import { createInstallation } from '../../support/built-service.ts';
import { expectJson } from '../../support/http-client.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { unlessMissing } from '../../support/not-run.ts';
import { judgeTrace, readTrace } from '../../support/trace.ts';

/** A kill proves no fsync: what the process has written survives it in the system's memory. A trace does. */
const STRACE = '/usr/bin/strace';
const POSTS = 120;
const SITE = 'traced';

const wordOf = (number: number): string => `traceword${number}end`;

unlessMissing({
  missing: existsSync(STRACE) ? null : 'that answers wait for the disk: strace is not installed',
})(
  'every acknowledged comment was in the write-ahead log, and the log synced, before its answer was begun',
  async () => {
    const installation = createInstallation();
    const file = join(installation.dataDir, 'trace.txt');
    const calls = 'trace=fsync,fdatasync,write,pwrite64,writev,sendto,sendmsg';
    try {
      const service = await installation.start({
        under: [STRACE, '-f', '-yy', '-s', '262144', '-e', calls, '-o', file],
      });
      const api = createApi(service);
      await api.createSite(SITE);
      const posted = await inParallel(
        Array.from({ length: POSTS }, (_, i) => i),
        16,
        (number) =>
          api.post(SITE, {
            page: { url: `https://${SITE}.example/page` },
            author: { name: 'A reader', email: `reader${number}@readers.example` },
            body: wordOf(number),
          }),
      );
      for (const answer of posted) expectJson(answer, 201);
      await service.stop();
      const { syncs, ...judgement } = judgeTrace(
        readTrace(readFileSync(file, 'utf8')),
        posted.map((_, i) => wordOf(i)),
      );
      expect(judgement).toEqual({ early: [], unwritten: [], unanswered: [] });
      expect(syncs).toBeGreaterThan(0);
    } finally {
      await installation.dispose();
    }
  },
  90_000,
);

describe('the judge of traces', () => {
  const wal = '23</data/gatehouse.db-wal>';
  const write = `100 pwrite64(${wal}, "word1", 5, 0) = 5`;
  const sync = `100 fdatasync(${wal}) = 0`;
  const answer = '99 write(30<TCP:[127.0.0.1:1->127.0.0.1:2]>, "HTTP/1.1 201 Created word1", 26) = 26';
  const judge = (...lines: string[]) => judgeTrace(readTrace(lines.join('\n')), ['word1']);

  test('is content with write, sync, answer', () => {
    expect(judge(write, sync, answer)).toMatchObject({ early: [], unwritten: [], unanswered: [] });
  });

  test.each([
    ['no sync', [write, answer]],
    ['a sync before the write', [sync, write, answer]],
    ['a sync after the answer', [write, answer, sync]],
    ['a sync of another file', [write, '100 fdatasync(24</data/gatehouse.db>) = 0', answer]],
    ['a sync that failed', [write, `100 fdatasync(${wal}) = -1 EIO (Input/output error)`, answer]],
    [
      'a sync still under way',
      [write, `100 fdatasync(${wal} <unfinished ...>`, answer, '100 <... fdatasync resumed>) = 0'],
    ],
  ])('calls an answer early after %s', (_, lines) => {
    expect(judge(...lines)).toMatchObject({ early: ['word1'] });
  });

  test('calls a word unwritten that is in no write to the log', () => {
    expect(judge(sync, answer)).toMatchObject({ unwritten: ['word1'] });
  });
});
