import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { storeUnavailable } from '../../../src/errors.ts';
import { createFileSpool } from '../../../src/file-spool.ts';
import { createIdSource } from '../../../src/ids.ts';
import type { Import } from '../../../src/moving/import.ts';
import type { ImportStore } from '../../../src/moving/import-store.ts';
import { createImporter, type Importer } from '../../../src/moving/importer.ts';
import { IMPORT_LEASE } from '../../../src/moving/progress-log.ts';
import { openFileNames } from '../../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../../src/storage/sqlite/rehearsal-file.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, MODERATOR, site } from '../../support/builders.ts';
import { IMPORT_KEYS } from '../../support/imports.ts';
import { until } from '../../support/until.ts';

const COMMENTS = 30;
const PART = 10;

const file = Array.from({ length: COMMENTS }, (_, i) =>
  JSON.stringify({
    ...{ id: `c-${i}`, page: 'https://news.example/a', text: `Number ${i}` },
    ...{ author: { name: 'Mina' }, status: 'approved', createdAt: '2015-01-01T00:00:00Z' },
  }),
).join('\n');

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(file);
}

/** An import that meets a fault each time: of ours, or because the store is away. */
export function importFaultsContract(storage: () => Storage): void {
  let folder: string;
  /** What each process has reported. */
  let faults: unknown[];
  let processes: Importer[];
  /** Milliseconds by which the clock is ahead. */
  let later: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
    [faults, processes, later] = [[], [], 0];
  });
  afterEach(async () => {
    for (const one of processes) await one.stop();
    rmSync(folder, { recursive: true });
  });

  /** A process on the spool; `fault` is asked before each part, and may throw. */
  function process(fault: (part: Parameters<ImportStore['write']>[2]) => void): Importer {
    const { imports } = storage();
    const importer = createImporter({
      deps: {
        ...storage(),
        imports: {
          ...imports,
          async write(id, holder, part) {
            fault(part);
            return imports.write(id, holder, part);
          },
        },
        keys: IMPORT_KEYS,
        ids: createIdSource(),
        clock: { now: () => systemClock.now() + later },
      },
      spool: createFileSpool({ folder, limit: 1e6, rehearse: openRehearsal, openNames: openFileNames }),
      readSettings: async () => null,
      mostInPart: PART,
      report: (error) => faults.push(error),
    });
    processes.push(importer);
    return importer;
  }

  async function begin(importer: Importer): Promise<Import> {
    const one = { ...site(freshSite()), origins: ['https://news.example'] };
    await storage().sites.create(one);
    const taken = await importer.take(bytes());
    const plan = { site: one, format: 'generic', dryRun: false, opensSeals: false, by: MODERATOR } as const;
    const { id } = await importer.begin({ ...plan, file: taken });
    return settled(importer, id);
  }

  async function settled(importer: Importer, id: string): Promise<Import> {
    const one = await importer.settled(id);
    if (!one) throw new Error('there is no such import');
    return one;
  }

  /** The next process takes it up, once its lease has ended. */
  async function again(id: string, fault: (part: Parameters<ImportStore['write']>[2]) => void) {
    later += IMPORT_LEASE + 1;
    const importer = process(fault);
    const before = faults.length;
    importer.start();
    const isTried = async () => faults.length > before || (await settled(importer, id)).state === 'done';
    await until('its try', isTried);
    await importer.stop();
    return settled(importer, id);
  }

  const countsOf = async (id: string) => (await storage().comments.counts([`s/${id}`])).get(`s/${id}`);

  /** Ours, at every part but the first. */
  function ofOurs(): (part: Parameters<ImportStore['write']>[2]) => void {
    return ({ comments }) => {
      if (comments.some(({ comment }) => comment.text === `Number ${PART}`)) throw new TypeError('ours');
    };
  }

  it('ends it as failed after a few tries, with what it has added counted; the file can be sent again', async () => {
    let one = await begin(process(ofOurs()));
    expect(one).toMatchObject({ state: 'writing', faults: 1 });
    expect(readdirSync(folder)).toContain(one.id);
    one = await again(one.id, ofOurs());
    expect(one).toMatchObject({ state: 'writing', faults: 2 });
    one = await again(one.id, ofOurs());
    expect(one).toMatchObject({
      ...{ state: 'failed', faults: 3, handled: PART },
      failure: { line: null, reason: 'the service met a fault of its own, which its log tells of' },
      result: { comments: { added: PART, unchanged: 0, skipped: 0 }, byStatus: { approved: PART } },
    });
    expect(one.finishedAt).not.toBeNull();
    expect(faults).toHaveLength(3);
    expect(await countsOf(one.site)).toMatchObject({ approved: PART });
    // Nobody takes it up any more, its file is gone, and nothing waits for its end.
    expect(await storage().imports.unfinished()).not.toContain(one.id);
    expect(readdirSync(folder).filter((name) => name.startsWith(one.id))).toEqual([]);
    expect(await storage().retention.lastImport(one.site)).toBe(one.finishedAt);
    const [entry] = await storage().audit.list({ sites: [one.site], limit: 5 });
    expect(entry).toMatchObject({ action: 'comments-imported', note: expect.stringContaining('10 added') });

    const importer = process(() => undefined);
    const found = await storage().sites.find(one.site);
    if (!found) throw new Error('the site is gone');
    const plan = { site: found, format: 'generic', dryRun: false, opensSeals: false, by: MODERATOR } as const;
    const anew = await importer.begin({ ...plan, file: await importer.take(bytes()) });
    expect(await settled(importer, anew.id)).toMatchObject({
      state: 'done',
      result: { comments: { added: COMMENTS - PART, unchanged: PART, skipped: 0 } },
    });
    expect(await countsOf(one.site)).toMatchObject({ approved: COMMENTS });
  });

  it('goes on after any number of them where the store is away', async () => {
    const away = (): void => {
      throw storeUnavailable();
    };
    let one = await begin(process(away));
    for (let i = 0; i < 4; i += 1) one = await again(one.id, away);
    expect(faults).toHaveLength(5);
    expect(one).toMatchObject({ state: 'checking', faults: 0 });
    one = await again(one.id, () => undefined);
    expect(one).toMatchObject({ state: 'done', result: { comments: { added: COMMENTS } } });
  });
}
