import * as z from 'zod';

const text = z.string().optional();

/** What a comment's form may send: WordPress's names, and our own. All of them are texts. */
export const commentForm = z.object({
  author: text,
  email: text,
  url: text,
  comment: text,
  comment_parent: text.meta({
    description: 'Empty or `0`: none; a number: the legacy id `wp-{n}`; else an id',
  }),
  comment_post_ID: text.meta({ description: 'A number: the page of the id `wp-{n}`' }),
  page: text.meta({ description: 'Without it the post of that number where it is known, else the Referer' }),
  page_title: text,
  page_id: text,
  subscribe: text.meta({ description: '`replies`: mail about answers' }),
  email_sealed: text.meta({ description: 'The address as a form with an error carries it' }),
  form_shown: text.meta({ description: 'When the form was drawn, as it carries that' }),
});
