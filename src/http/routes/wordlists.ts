import * as z from 'zod';
import { presentModerated } from '../../moderation/moderated-comment.ts';
import {
  MOST_TERM,
  MOST_TERMS,
  readWordlists,
  replaceWordlists,
  testWordlists,
} from '../../screening/edit-wordlists.ts';
import { previewWordlists } from '../../screening/preview-wordlists.ts';
import { actorOf } from '../../staff/principal.ts';
import { parseBody } from '../fields.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { moderatedComment } from '../schemas/comment.ts';
import { absentOr, line } from '../schemas/inputs.ts';

const TEXT_LIMIT = 100_000;
const MOST_DAYS = 3650;

const terms = z.array(line(MOST_TERM)).max(MOST_TERMS).meta({
  description:
    'Matched folded and as whole words in name, body, url and e-mail; `*` at either end matches inside words',
});
const lists = { hold: terms, reject: terms };
const version = z.int().min(0).meta({ description: '0 where the lists were never set' });
const wordlist = z
  .object({ hold: z.array(z.string()), reject: z.array(z.string()), version })
  .meta({ id: 'Wordlist' });

export const getWordlist: Operation = {
  name: 'getWordlist',
  summary: 'The words that hold a site’s comments, and those that reject them.',
  answers: { 200: wordlist },
  async handle(context, { deps }) {
    return json(200, await readWordlists(deps, siteOf(context).id));
  },
};

const change = z.object({ ...lists, version: absentOr(version) });

export const putWordlist: Operation = {
  name: 'replaceWordlist',
  summary: 'Replaces both lists; with a `version` that no longer stands, 409.',
  body: change,
  answers: { 200: wordlist },
  problems: ['conflict'],
  async handle(context, { deps }) {
    const given = parseBody(change, context.body);
    const by = actorOf(principalOf(context));
    return json(200, await replaceWordlists(deps, siteOf(context), { ...given, by }));
  },
};

const trial = z.object({ text: z.string().max(TEXT_LIMIT) });
const match = z.object({
  list: z.enum(['hold', 'reject']),
  term: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
});

// It changes nothing: what was cut off is asked anew.
const nothingWritten = async () => null;

export const postWordlistTest: Operation = {
  name: 'testWordlist',
  summary: 'What the lists find in a text, in UTF-16 offsets into it.',
  body: trial,
  answers: { 200: z.object({ matches: z.array(match) }) },
  async prepare(context, { deps }) {
    const { text } = parseBody(trial, context.body);
    const run = async () => json(200, { matches: await testWordlists(deps, siteOf(context), text) });
    return { plan: {}, run };
  },
  recover: nothingWritten,
};

const preview = z.object({ ...lists, days: z.int().min(1).max(MOST_DAYS) });

export const postWordlistPreview: Operation = {
  name: 'previewWordlist',
  summary: 'What lists would have done to the last days’ comments, before they are saved.',
  body: preview,
  answers: {
    200: z.object({
      matched: z.int().min(0),
      approvedMatched: z.int().min(0).meta({ description: 'Those of them that are published now' }),
      sample: z.array(moderatedComment).meta({ description: 'The newest, at most 20' }),
    }),
  },
  async prepare(context, { deps }) {
    const given = parseBody(preview, context.body);
    const run = async () => {
      const { sample, ...counts } = await previewWordlists(deps, siteOf(context), {
        ...given,
        by: actorOf(principalOf(context)),
        signal: context.whileThere(),
      });
      return json(200, { ...counts, sample: await presentModerated(deps, sample) });
    };
    return { plan: {}, run };
  },
  recover: nothingWritten,
};
