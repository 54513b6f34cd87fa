import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { STATUSES } from '../../comments/comment.ts';
import { AppError } from '../../errors.ts';
import { IMPORT_FORMATS, type ImportFormat } from '../../moving/formats.ts';
import type { Import } from '../../moving/import.ts';
import { isGivenUp } from '../../moving/import-faults.ts';
import type { TakenFile } from '../../moving/importer.ts';
import { LEFT_KINDS, PROBLEM_CODES } from '../../moving/legacy.ts';
import { type ImportView, presentImport } from '../../moving/present-import.ts';
import { actorOf, scopeOf } from '../../staff/principal.ts';
import { drain, incomingBytes } from '../body.ts';
import { parseQuery } from '../query.ts';
import { created, json, type Reply } from '../reply.ts';
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
  standings: count.meta({ description: 'Authors with a standing that came along' }),
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

/** What the file's sender hears: 422 for a file that is not what it should be, 500 where the fault is ours. */
function told(one: Import): ImportView {
  const view = presentImport(one);
  const { failure, importId } = view;
  if (failure === null) return view;
  throw new AppError(isGivenUp(one) ? 'internal-error' : 'malformed-file', {
    extra: { ...failure, importId },
  });
}

/** What `receive` leaves for `prepare` in the body's place. */
interface TakenBody extends ImportQuery {
  file: TakenFile;
}

interface ImportQuery {
  format: ImportFormat;
  dryRun: boolean;
}

function queryOf({ query }: Context): ImportQuery {
  const { format, dryRun } = parseQuery(query, { schema: importQuery });
  return { format, dryRun: dryRun === 'true' || dryRun === '1' || dryRun === '' };
}

/** The answer once the import is at its end, or is taking its time; null where there is no such import. */
async function answerOf({ importer }: App, importId: string): Promise<Reply | null> {
  const one = await importer.settled(importId, PATIENCE);
  if (!one) return null;
  const view = told(one);
  const location = `/v1/admin/sites/${one.site}/imports/${importId}`;
  return view.state === 'done' ? created(location, view) : json(202, view, ['Location', location]);
}

export const postImport: Operation = {
  name: 'importComments',
  summary: 'Takes in the export of another system, or of this one; a large file goes on after the answer.',
  query: importQuery,
  answers: { 201: importView, 202: importView },
  problems: ['malformed-file'],
  async receive(context, { importer }) {
    const request = context.body as IncomingMessage;
    try {
      const query = queryOf(context);
      const file = await importer.take(incomingBytes(request));
      context.body = { ...query, file } satisfies TakenBody;
      return { standsFor: { ...query, digest: file.digest }, release: () => importer.drop(file) };
    } catch (error) {
      drain(request);
      throw error;
    }
  },
  async prepare(context, app) {
    const { format, dryRun, file } = context.body as TakenBody;
    const site = siteOf(context);
    const principal = principalOf(context);
    const opensSeals = scopeOf(principal) === null;
    return {
      plan: { importId: file.id },
      async run() {
        await app.importer.begin({ site, format, dryRun, opensSeals, by: actorOf(principal), file });
        const answer = await answerOf(app, file.id);
        // The site was removed while it was taken in.
        if (!answer) throw new AppError('site-not-found');
        return answer;
      },
    };
  },
  recover: (_context, app, plan) => answerOf(app, (plan as { importId: string }).importId),
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
