import * as z from 'zod';
import { REPORT_REASONS } from '../../comments/comment.ts';
import { assertReportable, assertReportsOn, checkReportNote, reportComment } from '../../comments/report.ts';
import { parseBody } from '../fields.ts';
import { readerOf } from '../reader.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { commentOf } from '../route.ts';

const report = z.object({
  reason: z.enum(REPORT_REASONS),
  note: z.string().nullish().meta({ maxLength: 1000 }),
});

export const postReport: Operation = {
  name: 'reportComment',
  summary: 'A reader reports a comment. Each reader counts once, and few of one address.',
  body: report,
  headers: ['Gatehouse-Reader'],
  answers: { 202: z.object({}) },
  problems: ['reports-off'],
  guard: (context) => assertReportable(commentOf(context).comment),
  async handle(context, { deps }) {
    const located = commentOf(context);
    assertReportsOn(located.site);
    const { reader, errors } = readerOf(context);
    const { note, errors: noteErrors } = checkReportNote((context.body as { note?: unknown } | null)?.note);
    const { reason } = parseBody(report, context.body, [...noteErrors, ...errors]);
    await reportComment(deps, located, { reader, reason, note });
    return json(202, {});
  },
};
