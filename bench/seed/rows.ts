import type { EmailAddress } from '../../src/authors/email.ts';
import { parseEmail, sealEmail } from '../../src/authors/email.ts';
import type { Comment, CommentStatus } from '../../src/comments/comment.ts';
import type { Submission } from '../../src/comments/comment-store.ts';
import { createIdSource } from '../../src/ids.ts';
import type { Page } from '../../src/sites/site.ts';
import type { Random } from '../random.ts';
import { keyring } from './sites.ts';
import { makeName, makeText } from './words.ts';

/** A commenter of the filled stores. */
export interface SeedAuthor {
  key: string;
  name: string;
  email: EmailAddress;
}

const AUTHOR_KEY_LENGTH = 26;
const DUPLICATE_KEY_LENGTH = 13;

export function makeAuthors(random: Random, count: number): SeedAuthor[] {
  return Array.from({ length: count }, () => {
    const email = parseEmail(`${random.letters(9)}@mail.example`);
    if (!email) throw new Error('the bench made an address that is none');
    return { key: random.letters(AUTHOR_KEY_LENGTH), name: makeName(random), email };
  });
}

const ids = createIdSource();

export interface Row {
  page: Page;
  author: SeedAuthor;
  status: CommentStatus;
  createdAt: number;
  risk: number;
  parent: Comment | null;
}

/** A whole comment as the service would hand it to the store, ready to be submitted. */
export function makeSubmission(
  random: Random,
  { page, author, status, createdAt, risk, parent }: Row,
): Submission {
  const text = makeText(random);
  const comment: Comment = {
    id: ids.next(createdAt) + page.key,
    legacyId: null,
    site: page.site,
    pageKey: page.key,
    parentId: parent?.id ?? null,
    ancestors: parent ? [...parent.ancestors, parent.id] : [],
    author: {
      key: author.key,
      name: author.name,
      url: null,
      email: sealEmail(author.email, keyring, page.site),
      moderator: false,
    },
    text,
    html: `<p dir="auto">${text.replace('\n\n', '</p><p dir="auto">')}</p>`,
    status,
    decidedBy: null,
    version: 1,
    revision: 1,
    createdAt,
    editedAt: null,
    deletedAt: null,
    open: status === 'approved',
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk,
    screening: [
      { phase: 'own-email', outcome: 'pass', code: null, detail: null, score: null, ms: 0.004 },
      { phase: 'moderation', outcome: 'hold', code: 'all', detail: null, score: risk, ms: 0.002 },
    ],
  };
  return {
    comment,
    page: { url: page.url, id: page.id, title: page.title },
    duplicateKey: random.letters(DUPLICATE_KEY_LENGTH),
    duplicateSince: null,
  };
}
