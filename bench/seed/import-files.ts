import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createRandom, type Random } from '../random.ts';
import { pageUrl } from './sites.ts';
import { makeName, makeText } from './words.ts';

/** Files of other systems, as large as is asked for. */
export interface ImportFile {
  format: 'generic' | 'wordpress';
  /** How large: the file ends with the comment that reaches it. */
  size: { comments: number } | { bytes: number };
  pages: number;
  /** How many people wrote them. */
  readers: number;
  seed: number;
}

/** Texts drawn before, so that the file is written no slower than a disk takes it. */
const TEXTS = 2000;
const BEGIN = Date.UTC(2010, 0, 1);
/** Characters written at once. */
const PIECE = 1 << 18;
/** Comments of one article of WordPress, which stand together. */
const OF_ARTICLE = 100;

interface Words {
  name: string;
  email: string;
  text: string;
}

/** Writes it; resolves to how large it came to be. */
export async function writeImportFile(
  path: string,
  file: ImportFile,
): Promise<{ comments: number; bytes: number }> {
  const random = createRandom(file.seed);
  const texts = Array.from({ length: TEXTS }, () => makeText(random));
  const makers = { generic: createLines, wordpress: createArticles };
  const maker = makers[file.format](file, random);
  const out = createWriteStream(path);
  let [comments, bytes, piece] = [0, 0, maker.head];
  const isEnough = (): boolean =>
    'comments' in file.size ? comments >= file.size.comments : bytes >= file.size.bytes;

  async function write(text: string): Promise<void> {
    if (!out.write(text)) await once(out, 'drain');
  }

  for (; !isEnough(); comments++) {
    const email = `reader-${comments % file.readers}@readers.example`;
    const made = maker.comment(comments, { name: makeName(random), email, text: random.pick(texts) });
    bytes += Buffer.byteLength(made);
    piece += made;
    if (piece.length < PIECE) continue;
    await write(piece);
    piece = '';
  }
  await write(piece + maker.tail);
  out.end();
  await finished(out);
  return { comments, bytes };
}

/** Threads over all pages at once: a third are replies. */
function createLines({ pages }: ImportFile, _: Random) {
  return {
    head: '',
    tail: '',
    comment: (i: number, { name, email, text }: Words): string =>
      `${JSON.stringify({
        id: `c-${i}`,
        parentId: i >= pages && i % 3 === 0 ? `c-${i - pages}` : null,
        page: { url: pageUrl(`mixed-${i % pages}`), title: `Article ${i % pages}` },
        author: { name, email },
        text,
        status: i % 7 === 0 ? 'pending' : 'approved',
        createdAt: new Date(BEGIN + i * 60_000).toISOString(),
      })}\n`,
  };
}

/** WXR 1.2: article after article, each with its comments, the newest of which some stand before what they answer. */
function createArticles({ pages }: ImportFile, random: Random) {
  const field = (name: string, value: string | number): string =>
    `<wp:${name}><![CDATA[${value}]]></wp:${name}>\n`;
  const articleHead = (n: number): string =>
    `<item>\n<title>Article ${n}</title>\n<link>${pageUrl(`mixed-${n % pages}`)}</link>\n` +
    `<guid isPermaLink="false">${pageUrl(`?p=${n % pages}`)}</guid>\n<wp:post_id>${(n % pages) + 1}</wp:post_id>\n`;
  return {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n',
    tail: '</item>\n</channel></rss>\n',
    comment(i: number, { name, email, text }: Words): string {
      const at = i % OF_ARTICLE;
      const begins = at > 0 ? '' : `${i > 0 ? '</item>\n' : ''}${articleHead(i / OF_ARTICLE)}`;
      // Of five replies one stands before what it answers.
      const ahead = at + 1 < OF_ARTICLE && i % 15 === 0;
      const parent = ahead ? i + 2 : i % 3 === 0 && at > 0 ? i + 1 - random.below(at) : 0;
      const date = new Date(BEGIN + i * 60_000).toISOString().slice(0, 19).replace('T', ' ');
      return [
        `${begins}<wp:comment>\n<wp:comment_id>${i + 1}</wp:comment_id>\n`,
        field('comment_author', name),
        field('comment_author_email', email),
        field('comment_date_gmt', date),
        // Of ten one is marked up.
        field('comment_content', i % 10 === 0 ? `<em>${text}</em>` : text),
        field('comment_approved', i % 7 === 0 ? 0 : 1),
        `<wp:comment_type>comment</wp:comment_type>\n<wp:comment_parent>${parent}</wp:comment_parent>\n`,
        '</wp:comment>\n',
      ].join('');
    },
  };
}
