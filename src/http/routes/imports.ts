import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { STATUSES } from '../../comments/comment.ts';
import { AppError } from '../../errors.ts';
import { IMPORT_FORMATS } from '../../moving/formats.ts';
import { LEFT_KINDS, PROBLEM_CODES } from '../../moving/legacy.ts';
import { type ImportView, presentImport } from '../../moving/present-import.ts';
import { actorOf, scopeOf } from '../../staff/principal.ts';
import { drain, incomingBytes } from '../body.ts';
import { parseQuery } from '../query.ts';
import { created, json } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { timestamp } from '../schemas/comment.ts';

const count = z.int().min(0);
const counts = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>);

const importView = z.object({
  importId: z.string(),
  site: z.string(),
  format: z.enum(IMPORT_FORMATS),
  dryRun: z.boolean().meta({ description: 'Nothing is written; the numbers are what would be' }),
  state: z.enum(['checking', 'writing', 'done', 'failed']),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  bytes: count.meta({ description: 'Size of the file' }),
  read: count.meta({ description: 'How much of it this reading has behind it: it is read twice' }),
  pages: count,
  comments: counts(['added', 'unchanged', 'skipped']),
  byStatus: counts([...STATUSES, 'deleted']),
  left: counts(LEFT_KINDS).meta({ description: 'What is no comment' }),
  problems: z.array(
    z.object({
      line: z.int(),
      legacyId: z.string().nullable(),
      code: z.enum(PROBLEM_CODES),
      detail: z.string(),
    }),
  ),
  problemCount: count.meta({ description: 'All of them; `problems` holds the first thousand' }),
  failure: z
    .object({ line: z.int().nullable(), reason: z.string() })
    .nullable()
    .meta({ description: 'Why nothing, or no more, was taken' }),
});

const importQuery = z.object({
  format: z.enum(IMPORT_FORMATS),
  dryRun: z.enum(['true', 'false', '1', '0', '']).optional(),
});

/** Milliseconds that the answer waits for a small file to be done. */
const PATIENCE = 4000;

/** What the file's sender hears: 422 for a file that is not what it should be. */
function told(view: ImportView): ImportView {
  const { failure, importId } = view;
  if (failure) throw new AppError('malformed-file', { extra: { ...failure, importId } });
  return view;
}

async function take(context: Context, { importer }: App, request: IncomingMessage): Promise<string> {
  const { format, dryRun } = parseQuery(context.query, { schema: importQuery });
  const principal = principalOf(context);
  const { id } = await importer.begin({
    site: siteOf(context),
    format,
    dryRun: dryRun === 'true' || dryRun === '1' || dryRun === '',
    opensSeals: scopeOf(principal) === null,
    by: actorOf(principal),
    file: incomingBytes(request),
  });
  return id;
}

export const postImport: Operation = {
  name: 'importComments',
  summary: 'Takes in the export of another system, or of this one; a large file goes on after the answer.',
  query: importQuery,
  answers: { 201: importView, 202: importView },
  problems: ['malformed-file'],
  async handle(context, app) {
    const request = context.body as IncomingMessage;
    let id: string;
    try {
      id = await take(context, app, request);
    } catch (error) {
      drain(request);
      throw error;
    }
    const one = await app.importer.settled(id, PATIENCE);
    // The site was removed while it was taken in.
    if (!one) throw new AppError('site-not-found');
    const view = told(presentImport(one));
    const location = `/v1/admin/sites/${one.site}/imports/${id}`;
    return view.state === 'done' ? created(location, view) : json(202, view, ['Location', location]);
  },
};

export const getImport: Operation = {
  name: 'getImport',
  summary: 'How far an import is, and what came of it.',
  answers: { 200: importView },
  async handle(context, { deps }) {
    const one = await deps.imports.find(context.params.import ?? '');
    if (!one || one.site !== siteOf(context).id) throw new AppError('not-found');
    return json(200, presentImport(one));
  },
};
