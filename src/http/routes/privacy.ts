import * as z from 'zod';
import { STATUSES } from '../../comments/comment.ts';
import { erasePerson } from '../../moving/erase-person.ts';
import { exportPerson } from '../../moving/export-person.ts';
import { findPerson } from '../../moving/person.ts';
import { parseBody } from '../fields.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { timestamp } from '../schemas/comment.ts';
import { eraseRequest, exportRequest } from '../schemas/privacy.ts';

const text = z.string().nullable();
const count = z.int().min(0);

const exported = z.object({
  email: z.string(),
  generatedAt: timestamp,
  comments: z.array(
    z.object({
      id: z.string(),
      site: z.string(),
      page: z.object({ url: text, title: text, id: text }),
      parentId: text,
      name: text,
      email: text,
      url: text,
      text,
      status: z.enum(STATUSES),
      createdAt: timestamp,
      editedAt: timestamp.nullable(),
      votes: z.object({ up: count, down: count }),
    }),
  ),
  standing: z.array(
    z.object({
      site: z.string(),
      standing: z.string(),
      until: timestamp.nullable(),
      reason: text,
      at: timestamp,
    }),
  ),
  subscriptions: z.array(
    z.object({
      site: z.string(),
      commentId: z.string(),
      createdAt: timestamp,
      confirmedAt: timestamp.nullable(),
    }),
  ),
});

export const postPrivacyExport: Operation = {
  name: 'exportPerson',
  summary: 'All that is kept of a person, by address, for that person; audited.',
  body: exportRequest,
  answers: { 200: exported },
  problems: ['site-not-found'],
  async prepare(context, { deps }) {
    const { email, site } = parseBody(exportRequest, context.body);
    const request = { email, site: site ?? undefined };
    const principal = principalOf(context);
    const { people } = await findPerson(deps, principal, request);
    // By these an erasure finds the answer that is kept.
    const plan = { people: people.map(({ key }) => key) };
    return { plan, run: async () => json(200, await exportPerson(deps, principal, request)) };
  },
  // Nobody was told: all of it is read anew.
  recover: async () => null,
};

export const postPrivacyErase: Operation = {
  name: 'erasePerson',
  summary: 'Takes a person out of everything that is kept, by address; zeros for an unknown one; audited.',
  body: eraseRequest,
  answers: {
    200: z.object({ eraseId: z.string(), comments: count, deliveries: count, subscriptions: count }),
  },
  problems: ['site-not-found'],
  async prepare(context, { deps }) {
    const { email, site, mode } = parseBody(eraseRequest, context.body);
    const request = { email, site: site ?? undefined, mode };
    return { plan: {}, run: async () => json(200, await erasePerson(deps, principalOf(context), request)) };
  },
  // What is erased stays so; what is left of it is done.
  recover: async () => null,
};
