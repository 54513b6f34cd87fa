import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comment } from '../../../src/comments/comment.ts';
import { type ExportTally, noTally } from '../../../src/moving/export-site.ts';
import { exportWordpress } from '../../../src/moving/export-wordpress.ts';
import { createWordpressReader } from '../../../src/moving/formats/wordpress.ts';
import type { ImportFormat } from '../../../src/moving/formats.ts';
import type { Import } from '../../../src/moving/import.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite, site as newSite } from '../../support/builders.ts';
import { IMPORT_KEYS, importFile } from '../../support/imports.ts';
import { EVERYTHING } from '../../support/moved-site.ts';
import { textOf } from './exports.ts';

/** Exports that WordPress’s importer reads, with what was learnt by running it: docs/moving.md. */

const line = (value: object): string => `${JSON.stringify(value)}\n`;
const page = (path: string, title: string | null = 'Weekly') => ({
  url: `https://news.example/${path}`,
  title,
});
const CREATED = '2015-05-01T10:00:00.000Z';

/** The text of an element, as it is kept after the sections and entities of XML. */
const valuesOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text = '']) =>
    text.replace(/<!\[CDATA\[(.*?)\]\]>/gs, '$1'),
  );

export function wordpressContract(store: () => Storage): void {
  async function siteWithOrigin(): Promise<string> {
    const one = { ...newSite(freshSite()), origins: ['https://news.example'] };
    await store().sites.create(one);
    return one.id;
  }

  async function exported(id: string, { emails = true } = {}): Promise<{ text: string; tally: ExportTally }> {
    const site = await store().sites.find(id);
    if (!site) throw new Error('no site');
    const tally = noTally();
    const written = exportWordpress({ ...store(), keys: IMPORT_KEYS }, { site, emails }, tally);
    return { text: await textOf(written), tally };
  }

  const bring = (
    site: string,
    file: string | Buffer,
    { format = 'generic' as ImportFormat } = {},
  ): Promise<Import> => importFile(store(), { site, format, file });

  async function commentsOf(site: string): Promise<Comment[]> {
    const found = await store().exports.walk({ site, after: '', limit: 1000 });
    return found.map(({ comment }) => comment);
  }

  it('come back with the same threads, texts and dates', async () => {
    const site = await siteWithOrigin();
    await bring(site, readFileSync(join(__dirname, '../../samples/isso-wordpress.xml')), {
      format: 'wordpress',
    });
    await bring(site, EVERYTHING);
    const { text } = await exported(site);
    const copy = await siteWithOrigin();
    const { result } = await bring(copy, text, { format: 'wordpress' });
    // The sample's pages are of another host.
    expect(new Set(result.problems.map(({ code }) => code))).toEqual(new Set(['not-of-site']));
    const shape = async (id: string) => {
      const all = (await commentsOf(id)).filter(({ deletedAt }) => deletedAt === null);
      const textById = new Map(all.map((one) => [one.id, one.text]));
      return all.map(({ text: body, status, createdAt, ancestors, author, legacyId }) => ({
        body,
        status: status === 'rejected' ? 'trash' : status,
        createdAt: Math.floor(createdAt / 1000),
        answers: ancestors.map((one) => textById.get(one)).findLast((one) => one !== undefined) ?? null,
        author: author.name,
        legacyId: legacyId?.startsWith('wp-') && Number(legacyId.slice(3)) <= 11 ? legacyId : null,
      }));
    };
    expect(await shape(copy)).toEqual(await shape(site));
    const { text: silent } = await exported(site, { emails: false });
    expect(silent).not.toContain('@example.org');
    expect(silent).not.toContain('sealed');
  });

  it('give each page of one title a post of its own', async () => {
    const site = await siteWithOrigin();
    const said = [page('a'), page('b', 'WÉEKLY'), page('c', 'Other')].map((one, i) =>
      line({ id: `${i}`, page: one, text: 'x', createdAt: `2015-05-0${i + 1}T10:00:00Z` }),
    );
    await bring(site, said.join(''));
    const { text } = await exported(site);
    const [titles, dates] = [valuesOf(text, 'title').slice(1), valuesOf(text, 'wp:post_date_gmt')];
    expect(titles.map((title, i) => `${title} ${dates[i]}`).sort()).toEqual([
      'Other ',
      'Weekly 2015-05-01 10:00:00',
      'WÉEKLY 2015-05-02 10:00:00',
    ]);
  });

  it('name posts of WordPress by their date and type, as it did', async () => {
    const site = await siteWithOrigin();
    const item = (number: number, guid: string): string => `<item><title>About</title><guid>${guid}</guid>
      <link>https://news.example/about-${number}</link><wp:post_id>${number}</wp:post_id>
      <wp:post_date_gmt>2014-03-0${number} 09:00:00</wp:post_date_gmt>
      <wp:comment><wp:comment_id>${number}</wp:comment_id><wp:comment_author>Tom &amp;amp; J&amp;lt;</wp:comment_author>
      <wp:comment_author_url>https://x.example/?a=1&amp;amp;b=2</wp:comment_author_url>
      <wp:comment_date_gmt>2015-01-01 00:00:0${number}</wp:comment_date_gmt>
      <wp:comment_content>x</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment></item>`;
    const items = [
      item(7, 'https://news.example/?page_id=7'),
      item(8, 'https://news.example/?post_type=book&amp;p=8'),
      item(9, 'https://news.example/?p=9'),
    ];
    await bring(site, `<rss><channel>${items.join('')}</channel></rss>`, { format: 'wordpress' });
    const [first] = await commentsOf(site);
    expect(first?.author).toMatchObject({ name: 'Tom & J<', url: 'https://x.example/?a=1&b=2' });
    const { text } = await exported(site);
    const posts = valuesOf(text, 'wp:post_id').map((id, i) =>
      [id, valuesOf(text, 'wp:post_type')[i], valuesOf(text, 'wp:post_date_gmt')[i]].join(' '),
    );
    expect(posts.sort()).toEqual([
      '7 page 2014-03-07 09:00:00',
      '8 book 2014-03-08 09:00:00',
      '9 post 2014-03-09 09:00:00',
    ]);
    // As WordPress keeps it: by that its importer knows the comment again.
    expect(valuesOf(text, 'wp:comment_author')[0]).toBe('Tom &amp; J&lt;');
  });

  it('number what is answered before its answers, and tell apart who wrote in the same second', async () => {
    const site = await siteWithOrigin();
    const said = [
      { id: '1', legacyId: 'wp-900', page: page('a') },
      { id: '2', legacyId: 'wp-800', parentId: '1', page: page('a') },
      { id: '3', page: page('b') },
      { id: '4', page: page('c') },
    ];
    await bring(
      site,
      said
        .map((one) => line({ author: { name: 'Guest' }, text: one.id, createdAt: CREATED, ...one }))
        .join(''),
    );
    const { text } = await exported(site);
    const [numbers, parents] = [valuesOf(text, 'wp:comment_id'), valuesOf(text, 'wp:comment_parent')];
    expect(numbers).toHaveLength(4);
    for (const [i, parent] of parents.entries())
      expect(Number(parent) === 0 || numbers.indexOf(parent) < i).toBe(true);
    expect(parents.every((parent, i) => Number(parent) < Number(numbers[i]))).toBe(true);
    const seconds = valuesOf(text, 'wp:comment_date_gmt');
    const [third, fourth] = ['3', '4'].map(
      (one) => seconds[valuesOf(text, 'wp:comment_content').indexOf(one)],
    );
    expect(third).not.toBe(fourth);
  });

  it('fit into the columns of its table, and say how many did not', async () => {
    const site = await siteWithOrigin();
    const author = { name: '𝓐'.repeat(100), email: `${'a'.repeat(60)}@${'b'.repeat(50)}.example`, url: null };
    const url = `https://me.example/${'u'.repeat(300)}`;
    const said = [
      { author, text: 'م'.repeat(50_000) },
      { author: { name: 'Mina', email: 'mina@خانه.example', url }, text: 'short' },
      { author: { name: 'Sam' }, text: '…' },
    ];
    const lines = said.map((one, i) =>
      line({ id: `${i}`, page: page('a'), createdAt: `2015-05-01T10:00:0${i}Z`, ...one }),
    );
    await bring(site, lines.join(''));
    const { text, tally } = await exported(site);
    expect(tally).toMatchObject({ comments: 3, shortened: 2 });
    const [name = ''] = valuesOf(text, 'wp:comment_author');
    const [content = ''] = valuesOf(text, 'wp:comment_content');
    expect(name).toBe(`${'𝓐'.repeat(63)}…`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(content).toBe(`${'م'.repeat(32_766)}…`);
    expect(valuesOf(text, 'wp:comment_author_email').slice(0, 2)).toEqual(['', 'mina@xn--mgbn7ee.example']);
    expect(valuesOf(text, 'wp:comment_author_url').slice(0, 2)).toEqual(['', '']);
    // What is cut is still a file that any reader of WXR takes.
    const reader = createWordpressReader({ origin: 'https://news.example', timeZone: 'UTC' });
    reader.write(Buffer.from(text));
    reader.end();
    expect(reader.take().filter(({ kind }) => kind === 'comment')).toHaveLength(3);
  });
}
