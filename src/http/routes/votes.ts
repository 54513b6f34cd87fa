import * as z from 'zod';
import { assertReportable } from '../../comments/report.ts';
import { VOTE_VALUES, type VoteValue } from '../../comments/vote-store.ts';
import { assertVotesOn, takesVote, vote, votesOfReader } from '../../comments/votes.ts';
import type { FieldError } from '../../errors.ts';
import { validationFailed } from '../../errors.ts';
import { findPage } from '../../sites/pages.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { readerOf } from '../reader.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf, siteOf } from '../route.ts';
import { pageParameters } from '../schemas/page-parameters.ts';
import { pageNameOf } from './listing-read.ts';

const isVoteValue = (value: number): value is VoteValue => (VOTE_VALUES as readonly number[]).includes(value);
const voteValue = z
  .number()
  .refine(isVoteValue)
  .transform((value) => value as VoteValue)
  .meta({ enum: VOTE_VALUES, description: '0 takes the vote back' });

const voteBody = z.object({ value: voteValue });

export const putVote: Operation = {
  name: 'vote',
  summary: 'A reader’s vote on a comment: up, down, or none any more. Each reader counts once.',
  body: voteBody,
  headers: ['Gatehouse-Reader'],
  answers: { 200: z.object({ votes: z.object({ up: z.int(), down: z.int() }), vote: voteValue }) },
  problems: ['votes-off'],
  guard: (context) => assertReportable(commentOf(context).comment),
  async handle(context, { deps }) {
    const located = commentOf(context);
    assertVotesOn(located.site);
    const { reader, errors } = readerOf(context);
    const { value } = parseBody(voteBody, context.body, errors);
    if (!takesVote(located.site, value)) {
      throw validationFailed([{ pointer: '/value', code: 'invalid' } satisfies FieldError]);
    }
    return json(200, await vote(deps, located, { reader, value }));
  },
};

const readerQuery = z.object(pageParameters);

export const getReader: Operation = {
  name: 'getReader',
  summary: 'The caller’s own votes on a page’s comments.',
  query: readerQuery,
  headers: ['Gatehouse-Reader'],
  answers: { 200: z.object({ votes: z.record(z.string(), voteValue) }) },
  async handle(context, { deps }) {
    const query = parseQuery(context.query, { schema: readerQuery, needsPage: true });
    const { reader, errors } = readerOf(context);
    if (errors.length > 0) throw validationFailed(errors);
    const site = siteOf(context);
    const page = await findPage(deps, site, pageNameOf(query));
    return json(200, { votes: await votesOfReader(deps, { site, page }, reader) });
  },
};
