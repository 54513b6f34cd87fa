import * as z from 'zod';
import { COUNTER_FIELDS } from '../../comments/counts.ts';
import { timestamp } from './comment.ts';
import { line, moment } from './inputs.ts';

const URL_LIMIT = 2000;
const ID_LIMIT = 200;
const TITLE_LIMIT = 300;

const moderation = z.enum(['all', 'first', 'unsure', 'none']);

export const pageView = z
  .object({
    key: z.string(),
    site: z.string(),
    url: z.string().nullable(),
    id: z.string().nullable(),
    title: z.string().nullable(),
    counts: z.object(Object.fromEntries(COUNTER_FIELDS.map((field) => [field, z.int().min(0)]))),
    closed: z.boolean().nullable().meta({ description: 'Null: as the site is' }),
    moderation: moderation.nullable().meta({ description: "Null: as the site's" }),
    publishedAt: timestamp.nullable(),
    version: z.int().min(1),
  })
  .meta({ id: 'Page' });

export const pagePatch = z.object({
  url: line(URL_LIMIT)
    .nullish()
    .meta({ description: 'Leads to the page from now on; earlier ones still do' }),
  id: line(ID_LIMIT).nullish(),
  title: line(TITLE_LIMIT).nullish(),
  closed: z.boolean().nullish().meta({ description: 'False keeps it open on a site that is closed' }),
  moderation: moderation.nullish(),
  publishedAt: moment.nullish(),
  version: z.int().min(1).nullish(),
});

export const pageMove = z.object({
  from: z
    .string()
    .meta({ description: 'A URL; up to the end of a segment it begins the addresses that move' }),
  to: z.string().meta({ description: 'A URL of the site, which takes its place' }),
  dryRun: z.boolean().nullish().meta({ description: 'Nothing is moved; the numbers are what would be' }),
});

const count = z.int().min(0);

export const pagesMoved = z.object({
  pages: count,
  comments: count.meta({ description: 'Of every status' }),
  merged: count.meta({ description: 'Pages that joined one known at the new address' }),
  samples: z.array(z.object({ from: z.string(), to: z.string(), comments: count, merged: z.boolean() })),
});
