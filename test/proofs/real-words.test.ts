import type { Api, Decided, NewComment, Posted, Problem, Status } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import type { CorpusComment, CorpusName } from '../support/corpora.ts';
import { readCorpus, readNaughtyStrings } from '../support/corpora.ts';
import { faultsOfBody, faultsOfPage, readHtml } from '../support/html-check.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun, sampleOf } from '../support/long-run.ts';
import { isMissing, lengthOf, storedLine, storedText } from '../support/stored.ts';

/** What people really write, and what has broken programs, through the whole service and back. */
const WIDTH = 24;

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = createInstallation();
  api = createApi(await installation.start());
});

afterAll(() => installation.dispose());

/** What becomes of a text on its way does not depend on the store: SQLite's lane takes every naughty string. */
const isSqlite = storeUnderTest() === 'sqlite';
const SHARE = isLongRun ? 'all' : 'an eighth of';

interface Due {
  text: string;
  name: string;
  status: Status;
}

const reader = (number: number): string => `reader${number}@readers.example`;

async function postAndDecide(
  site: string,
  page: string,
  row: CorpusComment,
  number: number,
): Promise<[string, Due]> {
  const name = row.author ?? 'یک خواننده';
  const { comment } = await api.posted(site, {
    page: { url: page },
    author: { name, email: reader(number) },
    body: row.text,
  });
  const isHam = row.label === 'ham';
  expectJson<Decided>(await api.decide(comment.id, { action: isHam ? 'approve' : 'spam', version: 1 }), 200);
  return [
    comment.id,
    { text: storedText(row.text), name: storedLine(name), status: isHam ? 'approved' : 'spam' },
  ];
}

describe.each([
  { site: 'words-fa', locale: 'fa-IR', corpora: ['persian-instagram'] },
  { site: 'words-en', locale: 'en', corpora: ['youtube-01-psy', 'youtube-02-katyperry'] },
] satisfies { site: string; locale: string; corpora: CorpusName[] }[])(
  `${SHARE} the comments of $site`,
  ({ site, locale, corpora }) => {
    let due: Map<string, Due>;
    const page = `https://${site}.example/talk`;

    beforeAll(async () => {
      await api.createSite(site, { locale });
      const whole = corpora.flatMap((name) => readCorpus(name));
      const rows = sampleOf(whole, { oneOf: 8 });
      due = new Map(await inParallel(rows, WIDTH, (row, number) => postAndDecide(site, page, row, number)));
      expect(due.size).toBe(rows.length);
    });

    test('come back to moderators character for character, each under the status its label gave it', async () => {
      const items = await api.walkQueue({ site, status: 'all' });
      const shown = new Map(
        items.map(({ id, body, author, status }) => [id, { text: body?.text, name: author?.name, status }]),
      );
      expect(shown).toEqual(due);
    });

    test('come back to readers character for character, the approved ones alone', async () => {
      const { items, total } = await api.walkList(site, { page, format: 'flat', sort: 'oldest' });
      const approved = [...due].filter(([, { status }]) => status === 'approved');
      expect(new Map(items.map(({ id, body }) => [id, body?.text]))).toEqual(
        new Map(approved.map(([id, { text }]) => [id, text])),
      );
      expect({ items: items.length, total }).toEqual({ items: approved.length, total: approved.length });
    });

    test('are shown by nothing but the elements the contract allows', async () => {
      const { items } = await api.walkList(site, { page, format: 'flat' });
      expect(items.flatMap(({ body }) => faultsOfBody(body?.html ?? '<none>'))).toEqual([]);
    });

    test('are counted as they were decided', async () => {
      const count = (status: Status): number =>
        [...due.values()].filter((each) => each.status === status).length;
      expect(await api.counts(site)).toMatchObject({
        pending: 0,
        approved: count('approved'),
        spam: count('spam'),
      });
    });
  },
);

describe(`${isSqlite ? 'all' : SHARE} the naughty strings`, () => {
  const site = 'naughty';
  const strings = sampleOf(readNaughtyStrings(), { oneOf: isSqlite ? 1 : 8 });
  const places = ['body', 'name', 'title'] as const;
  type Place = (typeof places)[number];
  const limits: Record<Place, number> = { body: 10_000, name: 100, title: 300 };
  const pointers: Record<Place, string> = { body: '/body', name: '/author/name', title: '/page/title' };
  const pageOf = (place: Place, index: number): string => `https://${site}.example/${place}/${index}`;

  const commentOf = (place: Place, text: string, index: number): NewComment => ({
    page: { url: pageOf(place, index), title: place === 'title' ? text : 'A page' },
    author: { name: place === 'name' ? text : 'A reader', email: reader(index) },
    body: place === 'body' ? text : 'A comment.',
  });

  /** What the contract says of the string there: the value as stored, or the code that refuses it. */
  function dueOf(place: Place, text: string): { stored: string } | { code: string } {
    const stored = place === 'body' ? storedText(text) : storedLine(text);
    if (isMissing(stored)) return place === 'title' ? { stored: '' } : { code: 'required' };
    return lengthOf(stored) > limits[place] ? { code: 'too-long' } : { stored };
  }

  beforeAll(() => api.createSite(site, { policy: { moderation: 'none', pages: { anyHost: true } } }));

  describe.each(places)('as %s', (place) => {
    const taken = new Map<number, { stored: string; answer: Posted }>();

    beforeAll(async () => {
      const answers = await inParallel(strings, WIDTH, (text, index) =>
        api.post(site, commentOf(place, text, index)),
      );
      for (const [index, answer] of answers.entries()) {
        const due = dueOf(place, strings[index] ?? '');
        if ('code' in due) {
          const { errors } = expectJson<Problem>(answer, 422);
          expect(errors).toEqual([expect.objectContaining({ pointer: pointers[place], code: due.code })]);
        } else taken.set(index, { stored: due.stored, answer: expectJson<Posted>(answer, 201) });
      }
      // Stacked marks and turned letters wait for a person, as they should.
      const held = [...taken.values()].filter(({ answer }) => answer.comment.status === 'pending');
      await inParallel(held, WIDTH, ({ answer }) => api.decide(answer.comment.id, { action: 'approve' }));
    });

    const valueIn = (posted: Pick<Posted, 'comment'>): string | null => {
      const { author, body, page } = posted.comment;
      return (place === 'body' ? body?.text : place === 'name' ? author?.name : page.title) ?? null;
    };

    test('is stored and read back character for character', async () => {
      expect(taken.size).toBeGreaterThan(strings.length * 0.8);
      await inParallel([...taken], WIDTH, async ([index, { stored, answer }]) => {
        const { items } = await api.walkList(site, { page: pageOf(place, index), format: 'flat' });
        const [comment] = items;
        const read = { own: valueIn(answer), public: comment ? valueIn({ comment }) : undefined };
        const due = stored === '' ? null : stored;
        expect({ string: strings[index], ...read }).toEqual({
          string: strings[index],
          own: due,
          public: due,
        });
      });
    });

    const shown = 'is shown as JSON, as a fragment and on the thread page without a script in it';
    const lookAtShown = async (): Promise<void> => {
      await inParallel([...taken], WIDTH, async ([index, { stored, answer }]) => {
        const page = encodeURIComponent(pageOf(place, index));
        const [fragment, thread] = await Promise.all([
          api.send({ path: `/v1/sites/${site}/comments?format=html&page=${page}` }),
          api.send({ path: `/v1/sites/${site}/thread?page=${page}` }),
        ]);
        expect([fragment.status, thread.status]).toEqual([200, 200]);
        expect(faultsOfBody(answer.comment.body?.html ?? '<none>')).toEqual([]);
        expect({ index, faults: [...faultsOfPage(fragment.text), ...faultsOfPage(thread.text)] }).toEqual({
          index,
          faults: [],
        });
        if (place === 'name') expect(readHtml(thread.text).text).toContain(stored);
      });
    };
    // What is made of a text to show it: the SQLite lane looks at it.
    if (isSqlite) test(shown, lookAtShown, 120_000);
  });

  test('a lone surrogate in any of the three is invalid, in an answer that is well-formed', async () => {
    const body =
      '{"page":{"url":"https://naughty.example/s","title":"a\\ud800"},"author":{"name":"\\udc00b","email":"a@readers.example"},"body":"c\\ud83d"}';
    const headers = { 'Content-Type': 'application/json' };
    const answer = await api.send({ method: 'POST', path: `/v1/sites/${site}/comments`, headers, body });
    expect(answer.status).toBe(422);
    const errors = (jsonOf<Problem>(answer).errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    expect(errors.sort()).toEqual(['/author/name invalid', '/body invalid', '/page/title invalid']);
    expect(answer.body.equals(Buffer.from(answer.text))).toBe(true);
  });
});
