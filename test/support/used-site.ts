import { FIRST_VERSION } from '../../src/authors/standing.ts';
import type { NoteCommand } from '../../src/comments/commands.ts';
import type { Comment, PhaseOutcome } from '../../src/comments/comment.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/sites/policy.ts';
import type { Storage } from '../../src/storage/storage.ts';
import {
  alias,
  apply,
  decide,
  decision,
  edit,
  freshId,
  MODERATOR,
  site as newSite,
  OTHER_MODERATOR,
  page,
  post,
  postApproved,
  removal,
  report,
  revision,
  tick,
  undo,
} from './builders.ts';
import { importFile } from './imports.ts';
import { EVERYTHING, line, MINA, URL_OF } from './moved-site.ts';

/** Settings in each of which something is otherwise than by default. */
export const POLICY: Policy = {
  ...DEFAULT_POLICY,
  moderation: 'first',
  limits: { ...DEFAULT_POLICY.limits, body: 9000 },
  links: { hold: 3, reject: 20 },
  closeAfterDays: 90,
  trapField: '',
  secondReview: ['wordlist', 'filter:Words'],
  reservedNames: ['تحریریه', 'Editors'],
  reasons: ['off-topic', 'ناسزا'],
  pages: { ...DEFAULT_POLICY.pages, hosts: ['old.example'], ignoreQuery: true, keepParams: ['p'] },
  retention: { ...DEFAULT_POLICY.retention, rejectedDays: 400 },
  rateLimits: { votes: false, comments: { limit: 7, windowSeconds: 60 } },
};

const DEEP = 60;
/** A thread in which each comment answers the one before it. */
const deepThread = Array.from({ length: DEEP }, (_, i) =>
  line({
    id: `deep-${i}`,
    page: { url: 'https://news.example/deep', title: 'رشته‌ای دراز' },
    parentId: i === 0 ? null : `deep-${i - 1}`,
    author: { name: 'آوا', email: 'ava@example.org' },
    text: `پاسخ ${i}: می‌خواهم بگویم که *نه*`,
    createdAt: new Date(Date.UTC(2019, 0, 1) + i * 1000).toISOString(),
  }),
).join('');

const SCREENING: PhaseOutcome[] = [
  { phase: 'links', outcome: 'pass', code: null, detail: null, score: null, ms: 0.031 },
  {
    // In the order in which a rule's outcome is stored, which is not that of an import.
    ...{ phase: 'wordlist', outcome: 'hold', code: 'held-word', detail: 'رایگان', score: 0.5 },
    ...{ matches: [{ field: 'body', start: 0, end: 4, weight: 1 }], ms: 1.25 },
  },
  {
    ...{ phase: 'filter:Words', outcome: 'hold', code: null, detail: null, score: 0.8, ms: 81 },
    filter: {
      ...{ id: 'filter-1', verdict: 'unsure', labels: ['ad', 'تبلیغ'], reason: 'two\nlines' },
      ...{ signedAt: 1_767_225_600, onFailure: 'hold' },
    },
  },
];

/** An act that changes no status. */
const note = (on: Comment, action: NoteCommand['action'], rest: Partial<NoteCommand> = {}): NoteCommand => {
  const at = tick();
  return { kind: 'note', decisionId: freshId(at) + on.id, at, by: MODERATOR, action, ...rest };
};

/** Everything that people do to comments, done to one site of the store; its name is `id`. */
export async function makeUsedSite(store: Storage, id: string): Promise<void> {
  const site = { ...newSite(id), name: 'روزنامه «خانه»', origins: ['https://news.example'], policy: POLICY };
  await store.sites.create(site);
  await importFile(store, { site: id, format: 'generic', file: EVERYTHING + deepThread });
  const thread = page(id, 'https://news.example/used', { title: 'Used' });

  const decided = await post(store, thread, { screening: SCREENING, risk: 0.8 });
  await apply(store, decided, decision(decided, 'approve', { reason: 'ناسزا', note: 'خوانده شد\nدوبار' }));
  const spam = decision(decided, 'spam', { by: OTHER_MODERATOR, batchId: freshId(tick()) });
  await apply(store, decided, spam);
  await apply(store, decided, undo(decided, spam.decisionId));
  await apply(store, decided, note(decided, 'highlight', { pinned: true }));
  await apply(store, decided, note(decided, 'reveal'));

  const reported = await postApproved(store, thread, { parent: await findBy(store, decided.id) });
  await apply(store, reported, report(reported, 'r1', { report: { note: 'او نوشت:\nname0@example.org' } }));
  await decide(store, reported, 'approve', { note: 'fine' });
  await apply(store, reported, report(reported, 'r2', { report: { reason: 'spam' } }));
  await apply(store, reported, report(reported, 'r3'));
  const closing = decision(reported, 'trash');
  await apply(store, reported, closing);
  await apply(store, reported, undo(reported, closing.decisionId));
  const held = await postApproved(store, thread);
  await apply(store, held, report(held, 'r1', { holdAt: 1 }));

  const edited = await postApproved(store, thread);
  await apply(store, edited, edit(edited, 'نو', { screened: 'approved', screening: SCREENING }));
  await apply(store, edited, revision(await findBy(store, edited.id), 'newer'));
  await store.votes.cast({ commentId: edited.id, site: id, reader: 'v1', address: 'x', value: -1 });
  await postApproved(store, thread, { parent: edited });
  await apply(store, edited, removal(edited));
  const erased = await post(store, thread);
  await decide(store, erased, 'reject', { note: 'name and address' });
  const at = tick();
  const erase = { kind: 'erase', mode: 'delete', decisionId: freshId(at) + erased.id, at, by: MODERATOR };
  await apply(store, erased, erase as Parameters<typeof apply>[2]);
  const legacy = await store.comments.findByLegacyId(id, '5');
  if (!legacy?.author.key) throw new Error('no such comment');
  await decide(store, legacy, 'trash', {
    by: { kind: 'token', id: 't1', name: 'script' },
    note: `wrote from ${MINA.toUpperCase()}`,
  });
  await store.authors.setStanding(
    {
      ...{ site: id, key: legacy.author.key, standing: 'held', until: tick(), reason: 'ناسزا' },
      ...{ by: MODERATOR, at: tick(), version: FIRST_VERSION + 2 },
    },
    FIRST_VERSION + 1,
  );
  await store.wordlists.replace(
    { site: id, hold: ['*رایگان*'], reject: ['casino'], version: 1, changedAt: tick() },
    0,
  );
  const target = page(id, URL_OF);
  await store.sites.addAlias(alias(id, 'https://old.example/%D8%A7', URL_OF), target);
}

async function findBy(store: Storage, id: string): Promise<Comment> {
  const found = await store.comments.find(id);
  if (!found) throw new Error('no such comment');
  return found;
}
