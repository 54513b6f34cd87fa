import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { createInstallation, launch } from '../../support/built-service.ts';

test('verify says of a file that is damaged further in that it is, and ends with 78', async () => {
  const installation = createInstallation();
  try {
    await (await installation.start()).stop();
    const file = join(installation.dataDir, 'gatehouse.db');
    const db = new SqliteDatabase(file);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const size = Number(db.pragma('page_size', { simple: true }));
    const root = Number(
      db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'tallies'").pluck().get(),
    );
    db.close();
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(size, 0xa5), 0, size, (root - 1) * size);
    closeSync(descriptor);
    const { ended, stderr } = launch(['verify'], installation.env);
    const { code } = await ended;
    expect({ code, stderr: stderr() }).toEqual({
      code: 78,
      stderr: expect.stringMatching(
        /^gatehouse: DATA_DIR: the data file is damaged; put a backup in its place \(.*malformed\)\n$/,
      ),
    });
  } finally {
    await installation.dispose();
  }
});
