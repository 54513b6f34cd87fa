import { createRandom } from '../random.ts';
import { makeName, makeText } from '../seed/words.ts';
import type { Answer } from './connection.ts';
import type { AfterWriteSpec, PostsSpec, ReadsSpec, SourceSpec } from './load-spec.ts';

export interface PreparedRequest {
  /** Ready to be written to a socket. */
  request: string | Buffer;
  onAnswer?: (answer: Answer) => void;
  /** Only prepares the ground for the next one. */
  unmeasured?: true;
}

/** Gives a stream's requests. */
export interface RequestSource {
  /** Null when the list has come to its end. */
  next(): PreparedRequest | null;
}

export function createSource(spec: SourceSpec): RequestSource {
  if (spec.kind === 'reads') return createReads(spec);
  return spec.kind === 'posts' ? createPosts(spec) : createAfterWrite(spec);
}

function createAfterWrite({ posts, path, headers, count }: AfterWriteSpec): RequestSource {
  const writes = createPosts(posts);
  const read = {
    request: `GET ${path} HTTP/1.1\r\n${['Host: bench.example', ...headers, ''].join('\r\n')}\r\n`,
  };
  let step = 0;
  return {
    next() {
      if (step === count * 2) return null;
      step += 1;
      const write = step % 2 === 1 ? writes.next() : null;
      return write ? { ...write, onAnswer: assertCreated, unmeasured: true } : read;
    },
  };
}

function assertCreated({ status }: Answer): void {
  if (status !== 201) throw new Error(`a write was answered ${status}`);
}

function createReads({ paths, headers, revalidate, seed, once }: ReadsSpec): RequestSource {
  const random = createRandom(seed);
  const lines = ['Host: bench.example', ...headers, ''].join('\r\n');
  const plain = paths.map((path) => ({ request: `GET ${path} HTTP/1.1\r\n${lines}\r\n` }));
  if (once) {
    let next = 0;
    return { next: () => plain[next++] ?? null };
  }
  if (revalidate === 0) return { next: () => random.pick(plain) };
  const pages = paths.map((path) => {
    let known: string | null = null;
    let conditional = '';
    const onAnswer = ({ head }: Answer): void => {
      const etag = /\r\netag: (.+?)\r\n/i.exec(head)?.[1];
      if (etag === undefined || etag === known) return;
      known = etag;
      conditional = `GET ${path} HTTP/1.1\r\n${lines}If-None-Match: ${etag}\r\n\r\n`;
    };
    const full = { request: `GET ${path} HTTP/1.1\r\n${lines}\r\n`, onAnswer };
    return { full, conditional: () => (known === null ? full : { request: conditional, onAnswer }) };
  });
  return {
    next() {
      const page = random.pick(pages);
      return random.next() < revalidate ? page.conditional() : page.full;
    },
  };
}

const TEXTS = 2000;

function createPosts({ site, pages, headers, seed, run }: PostsSpec): RequestSource {
  const random = createRandom(seed);
  const texts = Array.from({ length: TEXTS }, () => JSON.stringify(makeText(random)).slice(0, -1));
  const names = Array.from({ length: 200 }, () => JSON.stringify(makeName(random)));
  const heads = pages.map(
    (url, index) => `{"page":{"url":${JSON.stringify(url)},"title":"Article ${index}"},"author":{"name":`,
  );
  const start = [
    `POST /v1/sites/${site}/comments HTTP/1.1`,
    'Host: bench.example',
    'Content-Type: application/json',
    ...headers,
    'Content-Length: ',
  ].join('\r\n');
  let made = 0;
  return {
    next() {
      made += 1;
      const unique = `${run}${made.toString(36)}`;
      const body =
        `${random.pick(heads)}${random.pick(names)},"email":"reader-${unique}@mail.example"},` +
        `"body":${random.pick(texts)} (${unique})"}`;
      return { request: Buffer.from(`${start}${Buffer.byteLength(body)}\r\n\r\n${body}`) };
    },
  };
}
