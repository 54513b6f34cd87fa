import * as z from 'zod';
import type { Site } from '../../sites/site.ts';
import { scopeOf } from '../../staff/principal.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { siteId } from '../schemas/site.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const deskSite = z
  .object({
    ...{ id: siteId, name: z.string(), locale: z.string() },
    timeZone: z.string().meta({ description: 'IANA name; days are meant in it' }),
    reasons: z.array(z.string()),
  })
  .meta({ id: 'DeskSite' });

/** What a moderator has to know of a site; its settings are the admins'. */
const present = ({ id, name, locale, timeZone, policy }: Site): z.infer<typeof deskSite> => ({
  id,
  name,
  locale,
  timeZone,
  reasons: policy.reasons,
});

export const listDeskSites: Operation = {
  name: 'listDeskSites',
  summary:
    "The caller's sites, newest first: their names, their time zones, and the reasons that decisions there may give.",
  query: listParameters,
  answers: { 200: listAnswer(deskSite) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['desk-sites']);
    const found = await deps.sites.list({ scope: scopeOf(principalOf(context)), before, limit: limit + 1 });
    return json(200, slice(found, { limit, bound, keys: deps.keys, present }));
  },
};
