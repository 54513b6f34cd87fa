import * as z from 'zod';
import { FIELD_CODES } from '../../errors.ts';
import { readAliasTable } from '../../sites/alias-table.ts';
import type { AliasError, AliasGiven } from '../../sites/aliases.ts';
import { addAlias, addAliases, presentAlias, removeAlias } from '../../sites/aliases.ts';
import { actorOf } from '../../staff/principal.ts';
import { parseBody } from '../fields.ts';
import { describeField } from '../problem.ts';
import { parseQuery } from '../query.ts';
import { created, json, noContent } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { alias } from '../schemas/site.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

/** Aliases in one call of JSON; a table may have as many rows as its bytes hold. */
const MOST = 1000;

const newAlias = z.object({ alias: z.string(), page: z.string() });
const newAliases = z.object({ aliases: z.array(newAlias).min(1).max(MOST) });

const aliasError = z.object({
  line: z.int().optional().meta({ description: 'Of a table: the line where the row ends' }),
  pointer: z.string(),
  code: z.enum(FIELD_CODES),
  detail: z.string(),
});

interface Given {
  aliases: AliasGiven[];
  /** Where what is wrong with one of them stands. */
  placeOf(error: AliasError): { line?: number; pointer: string };
}

/** What the body names; null where it is the one alias of the call's plain form. */
async function readMany(body: unknown): Promise<Given | null> {
  if (Buffer.isBuffer(body)) {
    const aliases = await readAliasTable(body);
    return { aliases, placeOf: ({ index, pointer }) => ({ line: aliases[index]?.line, pointer }) };
  }
  const list = z.looseObject({}).safeParse(body).data?.aliases;
  if (list === undefined || list === null) return null;
  const { aliases } = parseBody(newAliases, body);
  return { aliases, placeOf: ({ index, pointer }) => ({ pointer: `/aliases/${index}${pointer}` }) };
}

export const postAliases: Operation = {
  name: 'addAliases',
  summary: 'Joins one more address to a page, or many addresses to theirs; comments under them move there.',
  body: z.union([newAlias, newAliases]),
  answers: {
    201: z.object({
      added: z.int(),
      moved: z.int().meta({ description: 'Comments that went along to their page' }),
      errors: z.array(aliasError),
      errorsCapped: z
        .literal(true)
        .optional()
        .meta({ description: 'There were more: `errors` holds the first two thousand' }),
    }),
  },
  problems: ['malformed-file'],
  async prepare(context, { deps }) {
    const site = siteOf(context);
    const by = actorOf(principalOf(context));
    const many = await readMany(context.body);
    const one = many ? null : parseBody(newAlias, context.body);
    const present = ({ index, code, pointer }: AliasError) => ({
      ...many?.placeOf({ index, code, pointer }),
      code,
      detail: describeField({ pointer, code }, context.language),
    });
    return {
      plan: {},
      async run() {
        const done = one
          ? await addAlias(deps, site, { ...one, by })
          : await addAliases(deps, site, { given: many?.aliases ?? [], by });
        const answer = { ...done, errors: done.errors.map(present) };
        return created(`/v1/admin/sites/${site.id}/pages/aliases`, answer);
      },
    };
  },
  // Joining what is joined already changes nothing, so it is simply done again.
  recover: async () => null,
};

export const listAliases: Operation = {
  name: 'listAliases',
  summary: "The site's aliases, newest first.",
  query: listParameters,
  answers: { 200: listAnswer(alias) },
  async handle(context, { deps }) {
    const site = siteOf(context).id;
    const { limit, before, bound } = readList(context, deps.keys, ['aliases', site]);
    const found = await deps.sites.aliases({ site, before, limit: limit + 1 });
    return json(200, slice(found, { limit, bound, keys: deps.keys, present: presentAlias }));
  },
};

const removal = z.object({ alias: z.string().meta({ description: 'The address to part from its page' }) });

export const deleteAlias: Operation = {
  name: 'removeAlias',
  summary: 'Parts an address from its page; comments stay where they are.',
  query: removal,
  answers: { 204: 'Parted.' },
  async handle(context, { deps }) {
    const { alias } = parseQuery(context.query, { schema: removal });
    await removeAlias(deps, siteOf(context), { alias, by: actorOf(principalOf(context)) });
    return noContent();
  },
};
