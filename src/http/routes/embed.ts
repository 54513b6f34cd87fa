import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';
import { codeOf } from '../../system-error.ts';
import type { Reply } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { captureSecurityHeaders } from '../security-headers.ts';

/** A page that carries the widget asks once an hour, and meanwhile shows what it has. */
const EMBED_AGE = 'public, max-age=3600, stale-while-revalidate=604800';
/** Under an address with its version a file never changes. */
const FOR_GOOD = 'public, max-age=31536000, immutable';
const SCRIPT = 'text/javascript; charset=utf-8';
const SENTENCES = 'application/json; charset=utf-8';

/** The files that were read, by their paths: they are few, and change with the program alone. */
const read = new Map<string, Promise<string>>();

function fileOf({ config }: App, name: string): Promise<string> {
  if (config.widgetFolder === null) throw new AppError('not-found');
  const path = join(config.widgetFolder, name);
  const known = read.get(path) ?? readFile(path, 'utf8');
  read.set(path, known);
  return known.catch((cause: unknown) => {
    read.delete(path);
    // Where the process may open no more files, or the disk fails, the widget is there all the same.
    throw codeOf(cause) === 'ENOENT' ? new AppError('not-found', { cause }) : cause;
  });
}

interface File {
  name: string;
  contentType: string;
  cacheControl: string;
}

async function give(context: Context, app: App, { name, contentType, cacheControl }: File): Promise<Reply> {
  const https = app.config.publicUrl.startsWith('https:');
  const security = captureSecurityHeaders({ https, embeddable: true });
  const body = await fileOf(app, name);
  return app.share(context, { contentType, body, security, cacheControl });
}

export const getEmbed: Operation = {
  name: 'getEmbed',
  summary: 'The widget, for any page to load.',
  answers: { 200: 'JavaScript' },
  types: ['text/javascript'],
  conditional: true,
  handle: (context, app) =>
    give(context, app, { name: 'embed.js', contentType: SCRIPT, cacheControl: EMBED_AGE }),
};

export const getEmbedPart: Operation = {
  name: 'getEmbedPart',
  summary:
    'What the widget loads as it is needed: its second script, and the sentences of one language in two parts.',
  answers: { 200: 'JavaScript, or JSON' },
  types: ['text/javascript', 'application/json'],
  conditional: true,
  problems: ['not-found'],
  async handle(context, app) {
    const { part = '' } = context.params;
    const isScript = part === 'write.js';
    if (!isScript && !/^(write-)?[a-z]{2}\.json$/.test(part)) throw new AppError('not-found');
    const isPinned = context.query.some(([name]) => name === 'v');
    const cacheControl = isPinned ? FOR_GOOD : EMBED_AGE;
    return give(context, app, { name: part, contentType: isScript ? SCRIPT : SENTENCES, cacheControl });
  },
};
