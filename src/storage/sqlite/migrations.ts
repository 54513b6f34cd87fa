import { ALIAS_CHAINS, ALIAS_JOINS } from './migrations/alias-chains.ts';
import { AUDIT } from './migrations/audit.ts';
import { AUTHORS } from './migrations/authors.ts';
import { CONSUMERS } from './migrations/consumers.ts';
import { COPIES } from './migrations/copies.ts';
import { DESK } from './migrations/desk.ts';
import { FILTERS } from './migrations/filters.ts';
import { FIRST } from './migrations/first.ts';
import { IDENTITIES } from './migrations/identities.ts';
import { IMPORTS } from './migrations/imports.ts';
import { LESSONS } from './migrations/lessons.ts';
import { LIKENESS } from './migrations/likeness.ts';
import { MAIL } from './migrations/mail.ts';
import { MODERATION } from './migrations/moderation.ts';
import { PEOPLE } from './migrations/people.ts';
import { PRECEDENTS } from './migrations/precedents.ts';
import { REPORTED } from './migrations/reported.ts';
import { RETENTION } from './migrations/retention.ts';
import { REVISIONS } from './migrations/revisions.ts';
import { SEARCH } from './migrations/search.ts';
import { TALLIES } from './migrations/tallies.ts';
import { VOTES } from './migrations/votes.ts';
import { WEBHOOKS } from './migrations/webhooks.ts';
import { WORDLISTS } from './migrations/wordlists.ts';

/** One step of the data file's history. Append only: a step that was released is never changed. */
export interface Migration {
  /** What it does, for the log and the reader. */
  name: string;
  sql: string;
}

/** Step n leads from version n − 1 to version n of the file (PRAGMA user_version). */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'the first layout', sql: FIRST },
  {
    name: 'moderation in full',
    sql: [
      MODERATION,
      REPORTED,
      DESK,
      AUDIT,
      PEOPLE,
      SEARCH,
      WORDLISTS,
      TALLIES,
      AUTHORS,
      VOTES,
      CONSUMERS,
      FILTERS,
      WEBHOOKS,
      LESSONS,
      IMPORTS,
      LIKENESS,
      PRECEDENTS,
      COPIES,
      MAIL,
      RETENTION,
      IDENTITIES,
      REVISIONS,
    ].join('\n'),
  },
  { name: 'aliases by where they lead', sql: ALIAS_CHAINS },
  { name: 'aliases by the page they joined', sql: ALIAS_JOINS },
];
