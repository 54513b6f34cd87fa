import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Submission } from '../../src/comments/comment-store.ts';
import { createIdSource } from '../../src/ids.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createRandom } from '../random.ts';
import { openStore } from '../seed/open-store.ts';
import type { CommitSettings } from './bare-settings.ts';
import { listen } from './listen.ts';

/**
 * A bare node:http server that reads and parses the same body, commits the same row through the same storage
 * adapter, and answers a body of the same size when the row is durable. It checks, renders, seals and signs
 * nothing: its keys and seals are random letters of the right length.
 */
const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CommitSettings;
const { row, pageKeys, answerBytes, headers } = settings;

const ids = createIdSource();
const random = createRandom(Date.now());
const filler = 'x'.repeat(answerBytes);
const AUTHOR_KEY_LENGTH = row.author.key?.length ?? 0;
const SEAL_LENGTH = row.author.email?.length ?? 0;
const DUPLICATE_KEY_LENGTH = 13;
const DUPLICATE_WINDOW_MS = 24 * 60 * 60 * 1000;

interface Posted {
  page: { url: string; title: string };
  author: { name: string; email: string };
  body: string;
}

function submissionOf(posted: Posted): Submission {
  const { url, title } = posted.page;
  const pageKey = pageKeys[url];
  if (pageKey === undefined) throw new Error(`a page that the bench did not name: ${url}`);
  const createdAt = Date.now();
  const author = {
    ...row.author,
    key: random.letters(AUTHOR_KEY_LENGTH),
    name: posted.author.name,
    email: random.letters(SEAL_LENGTH),
  };
  const text = posted.body;
  const html = `<p dir="auto">${text}</p>`;
  return {
    comment: { ...row, id: ids.next(createdAt) + pageKey, pageKey, author, text, html, createdAt },
    page: { url, id: null, title },
    duplicateKey: random.letters(DUPLICATE_KEY_LENGTH),
    duplicateSince: createdAt - DUPLICATE_WINDOW_MS,
  };
}

async function commit(storage: Storage, body: string, response: ServerResponse): Promise<void> {
  const result = await storage.comments.submit(submissionOf(JSON.parse(body) as Posted));
  if (result.kind !== 'stored') throw new Error(`the store said ${result.kind}`);
  const answer = filler.slice(0, answerBytes - result.comment.id.length) + result.comment.id;
  response.writeHead(201, headers);
  response.end(answer);
}

function answer(storage: Storage, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    commit(storage, Buffer.concat(chunks).toString('utf8'), response).catch((error: Error) => {
      process.stderr.write(`${error.message}\n`);
      response.writeHead(500, ['Content-Length', '0']);
      response.end();
    });
  });
}

openStore(settings.store).then(
  (storage) => listen((request, response) => answer(storage, request, response)),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
