import type { Comment } from '../../../src/comments/comment.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import {
  AUTHOR,
  apply,
  comment,
  decide,
  decision,
  edit,
  freshSite,
  MODERATOR,
  OTHER_MODERATOR,
  page,
  post,
  postApproved,
  removal,
  shownPart,
  submission,
  undo,
} from '../../support/builders.ts';

/** Decisions, undos, edits and removals as a store carries them out. The rules themselves are changes.ts's. */
export function changesContract(store: () => Storage): void {
  const fresh = (status: Comment['status'] = 'pending'): Promise<Comment> =>
    post(store(), page(freshSite(), 'https://a.example/1'), { status });

  describe('a decision', () => {
    it('gives the status, raises the version, names who decided and is kept in the history', async () => {
      const held = await fresh();
      const command = decision(held, 'approve', { version: 1, reason: 'other', note: 'fine — خوب' });
      const result = await store().comments.change(held.id, command);
      const expected = { ...held, status: 'approved', decidedBy: MODERATOR, version: 2, open: true };
      expect(result).toMatchObject({ next: expected, undone: null });
      expect(await store().comments.find(held.id)).toEqual(expected);
      const entry = {
        decisionId: command.decisionId,
        at: command.at,
        by: MODERATOR,
        action: 'approve',
        from: 'pending',
        to: 'approved',
        reason: 'other',
        note: 'fine — خوب',
        version: 2,
        undone: false,
        undoes: null,
        batchId: null,
        closedReports: 0,
        previousBy: null,
        revision: null,
      };
      expect(await store().comments.history(held.id)).toEqual([entry]);
    });

    it('on a comment that is not there is not-found', async () => {
      const absent = comment(page(freshSite(), 'https://a.example/1'));
      expect(await store().comments.change(absent.id, decision(absent, 'approve'))).toEqual({
        refused: 'not-found',
      });
    });

    it('on a version that has passed is a conflict that says what stands, and changes nothing', async () => {
      const held = await fresh();
      const first = await decide(store(), held, 'spam', { version: 1 });
      const late = await store().comments.change(
        held.id,
        decision(held, 'approve', { version: 1, by: OTHER_MODERATOR }),
      );
      const [entry] = await store().comments.history(held.id);
      expect(late).toEqual({
        refused: 'conflict',
        current: { status: 'spam', version: 2, by: MODERATOR, at: entry?.at },
      });
      expect(await store().comments.find(held.id)).toEqual(first);
      expect(await store().comments.history(held.id)).toHaveLength(1);
    });

    it('of fifty at once on one version is won by exactly one', async () => {
      const held = await fresh();
      const actions = ['approve', 'reject', 'spam', 'trash'] as const;
      const tries = Array.from({ length: 50 }, (_, i) =>
        decision(held, actions[i % 4] ?? 'approve', { version: 1 }),
      );
      const results = await Promise.all(tries.map((command) => store().comments.change(held.id, command)));
      const winners = results.filter((result) => result.refused === undefined);
      expect(winners).toHaveLength(1);
      const now = await store().comments.find(held.id);
      expect(now?.version).toBe(2);
      for (const result of results) {
        if (result.refused === undefined) expect(result.next).toEqual(now);
        else
          expect(result).toMatchObject({ refused: 'conflict', current: { status: now?.status, version: 2 } });
      }
      expect(await store().comments.history(held.id)).toHaveLength(1);
    });

    it('without a version applies to what is current: of twenty at once each is kept, one version each', async () => {
      const held = await fresh();
      const tries = Array.from({ length: 20 }, (_, i) => decision(held, i % 2 ? 'spam' : 'approve'));
      const results = await Promise.all(tries.map((command) => store().comments.change(held.id, command)));
      expect(results.filter((result) => result.refused !== undefined)).toEqual([]);
      const history = await store().comments.history(held.id);
      expect(history.map((entry) => entry.version)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
      expect(history.slice(1).map((entry) => entry.from)).toEqual(
        history.slice(0, -1).map((entry) => entry.to),
      );
      expect(await store().comments.find(held.id)).toMatchObject({ version: 21, status: history.at(-1)?.to });
    });

    it('of restore leads back, and has nothing to restore where nothing was decided', async () => {
      const held = await fresh();
      await decide(store(), held, 'approve');
      await decide(store(), held, 'trash');
      expect((await decide(store(), held, 'restore')).status).toBe('approved');
      const decided = await post(store(), page(freshSite(), 'https://a.example/1'), { decidedBy: MODERATOR });
      expect(await store().comments.change(decided.id, decision(decided, 'restore'))).toEqual({
        refused: 'nothing-to-restore',
      });
    });
  });

  describe('an undo', () => {
    it('gives status and decider back and marks the decision as undone', async () => {
      const held = await fresh();
      const first = decision(held, 'approve', { by: OTHER_MODERATOR });
      const second = decision(held, 'spam');
      await apply(store(), held, first);
      await apply(store(), held, second);
      const back = await apply(store(), held, undo(held, second.decisionId));
      expect(back).toMatchObject({ status: 'approved', decidedBy: OTHER_MODERATOR, version: 4, open: true });
      expect(await store().comments.find(held.id)).toEqual(back);
      const history = await store().comments.history(held.id);
      expect(history.map(({ action, undone, undoes }) => ({ action, undone, undoes }))).toEqual([
        { action: 'approve', undone: false, undoes: null },
        { action: 'spam', undone: true, undoes: null },
        { action: 'undo', undone: false, undoes: second.decisionId },
      ]);
    });

    it('is a conflict a second time and after a newer decision, and not-found for an unknown decision', async () => {
      const held = await fresh();
      const first = decision(held, 'approve');
      const second = decision(held, 'spam');
      await apply(store(), held, first);
      await apply(store(), held, second);
      expect(await store().comments.change(held.id, undo(held, first.decisionId))).toMatchObject({
        refused: 'conflict',
      });
      await apply(store(), held, undo(held, second.decisionId));
      expect(await store().comments.change(held.id, undo(held, second.decisionId))).toMatchObject({
        refused: 'conflict',
      });
      expect(await store().comments.change(held.id, undo(held, decision(held, 'spam').decisionId))).toEqual({
        refused: 'not-found',
      });
    });

    it('of one decision by ten at once is done once', async () => {
      const held = await fresh();
      const made = decision(held, 'approve');
      await apply(store(), held, made);
      const results = await Promise.all(
        Array.from({ length: 10 }, () => store().comments.change(held.id, undo(held, made.decisionId))),
      );
      expect(results.filter((result) => result.refused === undefined)).toHaveLength(1);
      expect(await store().comments.find(held.id)).toMatchObject({
        status: 'pending',
        version: 3,
        decidedBy: null,
        open: false,
      });
    });
  });

  describe('an edit', () => {
    it('stores the new text with its screening, raises version and revision, and may hide the comment', async () => {
      const shown = await fresh('approved');
      const screening = [
        { phase: 'own-email', outcome: 'hold' as const, code: 'own-email', detail: null, score: 0.5, ms: 1 },
      ];
      const command = edit(shown, 'New words', { screening, risk: 0.5 });
      const expected = {
        ...shown,
        text: 'New words',
        html: '<p>New words</p>',
        status: 'pending',
        version: 2,
        revision: 2,
        editedAt: command.at,
        open: false,
        screening,
        risk: 0.5,
      };
      expect(await apply(store(), shown, command)).toEqual(expected);
      expect(await store().comments.find(shown.id)).toEqual(expected);
      expect(await store().comments.history(shown.id)).toMatchObject([
        { action: 'edit', by: AUTHOR, from: 'approved', to: 'pending', revision: 2 },
      ]);
    });

    it('never overwrites a change it did not see', async () => {
      const held = await fresh();
      const results = await Promise.all([
        store().comments.change(held.id, decision(held, 'approve')),
        store().comments.change(held.id, edit(held, 'One')),
        store().comments.change(held.id, edit(held, 'Two')),
      ]);
      expect(results.slice(1).filter((result) => result.refused === undefined).length).toBeLessThanOrEqual(1);
      const now = await store().comments.find(held.id);
      expect((await store().comments.history(held.id)).map((entry) => entry.version).at(-1)).toBe(
        now?.version,
      );
    });

    it('moves the text that counts as a duplicate', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const first = await post(store(), at, { duplicateKey: `old ${at.site}` });
      await apply(store(), first, edit(first, 'New', { duplicateKey: `new ${at.site}` }));
      const same = submission(at, comment(at), { duplicateKey: `new ${at.site}`, duplicateSince: 0 });
      expect(await store().comments.submit(same)).toEqual({ kind: 'duplicate', id: first.id });
      const freed = submission(at, comment(at), { duplicateKey: `old ${at.site}`, duplicateSince: 0 });
      expect((await store().comments.submit(freed)).kind).toBe('stored');
    });
  });

  describe('a removal', () => {
    it('takes text, name, url and address away at once and leaves the pseudonym', async () => {
      const shown = await fresh('approved');
      const gone = await apply(store(), shown, removal(shown));
      expect(gone).toMatchObject({ text: null, html: null, version: 2, status: 'approved', open: true });
      expect(gone.author).toEqual({
        key: shown.author.key,
        name: null,
        url: null,
        email: null,
        moderator: false,
      });
      expect(await store().comments.find(shown.id)).toEqual(gone);
      expect(await store().comments.history(shown.id)).toMatchObject([
        { action: 'delete', from: 'approved', to: 'approved' },
      ]);
    });

    it('is the end: every later command is comment-deleted', async () => {
      const held = await fresh();
      await apply(store(), held, removal(held));
      for (const command of [decision(held, 'approve'), edit({ ...held, version: 2 }, 'x'), removal(held)]) {
        expect(await store().comments.change(held.id, command)).toEqual({ refused: 'comment-deleted' });
      }
    });

    it('leaves a tombstone only while a visible reply stands under it', async () => {
      const at = page(freshSite(), 'https://a.example/1');
      const root = await postApproved(store(), at);
      const reply = await postApproved(store(), at, { parent: root });
      const gone = await apply(store(), root, removal(root));
      expect(gone).toMatchObject({ open: true, replyCount: 1 });
      const roots = { site: at.site, pageKey: at.key, depth: 'roots', sort: 'oldest', limit: 10 } as const;
      expect(await store().comments.listPage(roots)).toMatchObject([shownPart(gone)]);
      await decide(store(), reply, 'spam');
      expect(await store().comments.listPage(roots)).toEqual([]);
      await decide(store(), reply, 'approve');
      expect(await store().comments.listPage(roots)).toMatchObject([shownPart(gone)]);
      await apply(store(), reply, removal(reply));
      expect(await store().comments.listPage(roots)).toEqual([]);
    });
  });
}
