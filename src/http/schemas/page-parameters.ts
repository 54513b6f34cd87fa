import * as z from 'zod';

/** The text of a cursor is longer than its seal, so a shorter one is told of with all else that is wrong. */
const CURSOR = /^[\w-]{23,}$/;

export const cursorParameter = z
  .string()
  .regex(CURSOR)
  .optional()
  .meta({ description: 'From an earlier answer; bound to its query' });

/** How a page is named in a query: by its address or by the publisher's own id. */
export const pageParameters = {
  page: z.string().optional().meta({ description: "The page's URL" }),
  pageId: z
    .string()
    .optional()
    .meta({ description: "The publisher's own id of the page, instead of `page`" }),
};

export const limitParameter = (max: number) => z.int().min(1).max(max).optional();
