import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { buildWriter } from '../../support/build-writer.ts';
import {
  apply,
  comment,
  decide,
  freshSite,
  page,
  post,
  removal,
  stored,
  submission,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

const SECRET = 'what-its-author-took-back';

let dataDir: string;
let storage: Storage;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-erase-'));
  storage = await openSqlite({ dataDir, writerPath: buildWriter() });
});
afterEach(async () => {
  await storage.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** The files that hold the words, by name. */
async function filesWith(words: string): Promise<string[]> {
  const names = await readdir(dataDir);
  const bytes = await Promise.all(names.map((name) => readFile(join(dataDir, name))));
  return names.filter((_, index) => bytes[index]?.includes(words));
}

/** Long enough to stand on pages of its own. */
const text = `${SECRET} `.repeat(400);

async function postText(at: ReturnType<typeof page>) {
  const what = comment(at, { text, html: `<p>${text}</p>`, status: 'approved' });
  return stored(await storage.comments.submit(submission(at, what)));
}

it('an author’s removal takes the text out of every file, the log among them', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const what = await postText(at);
  expect(await filesWith(SECRET)).not.toEqual([]);
  await apply(storage, what, removal(what));
  await eventually(async () => expect(await filesWith(SECRET)).toEqual([]));
  expect((await storage.comments.find(what.id))?.text).toBeNull();
});

it('it goes out of what was learnt from it, too', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const what = await postText(at);
  await decide(storage, what, 'spam');
  const query = { site: at.site, after: 0, limit: 10 };
  const [lesson] = await storage.lessons.after(query);
  expect(lesson?.learnt?.text).toBe(text);
  await apply(storage, what, removal(what));
  await eventually(async () => expect(await filesWith(SECRET)).toEqual([]));
  expect((await storage.lessons.after(query)).map(({ label, learnt }) => [label, learnt])).toEqual([
    [null, null],
    [null, null],
  ]);
});

it('it is taken out while others keep writing', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const what = await postText(at);
  let writing = true;
  let posted = 0;
  const others = (async () => {
    while (writing) {
      await post(storage, at);
      posted += 1;
    }
  })();
  try {
    await apply(storage, what, removal(what));
    const before = posted;
    await eventually(async () => expect(await filesWith(SECRET)).toEqual([]));
    expect(posted).toBeGreaterThan(before);
  } finally {
    writing = false;
    await others;
  }
});
