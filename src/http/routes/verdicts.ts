import * as z from 'zod';
import { applyVerdict, findVerdict } from '../../filters/verdict.ts';
import { planDecisionId } from '../../moderation/decide.ts';
import { parseBody } from '../fields.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { signerOf } from '../route.ts';
import { verdict, verdictAnswer } from '../schemas/filter.ts';

const planned = z.object({ commentId: z.string(), decisionId: z.string() });

export const postVerdict: Operation = {
  name: 'postVerdict',
  summary:
    'A filter’s verdict that comes later, signed with its secret over the raw bytes. The same `webhook-id` again changes nothing.',
  body: verdict,
  answers: { 200: verdictAnswer },
  problems: ['comment-not-found'],
  async prepare(context, { deps }) {
    const { filter, signedAt } = signerOf(context);
    const input = parseBody(verdict, context.body);
    const decisionId = planDecisionId(deps, input.commentId);
    return {
      plan: { commentId: input.commentId, decisionId },
      run: async () => json(200, await applyVerdict(deps, { filter, input, decisionId, signedAt })),
    };
  },
  async recover(_context, { deps }, plan) {
    const found = await findVerdict(deps, planned.parse(plan));
    return found && json(200, found);
  },
};
