import type { Comment } from '../../../src/comments/comment.ts';
import type { Lesson } from '../../../src/screening/learner/lesson.ts';
import { type AlikeQuery, EVERY_SITE } from '../../../src/screening/learner/lesson-store.ts';
import { createPrecedents } from '../../../src/screening/precedents/precedents.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { likenessOf } from '../../../src/text/likeness.ts';
import {
  apply,
  decide,
  decision,
  edit,
  freshSite,
  page,
  post,
  removal,
  revision,
  site,
  undo,
} from '../../support/builders.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { searchFilled } from '../../support/search-filled.ts';
import type { OpenedStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

/** The log that is learnt from: what people decide, in order, and nothing that was taken back. */
export function lessonsContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;
  const log = (of: string, after = 0, limit = 1000): Promise<Lesson[]> =>
    store().lessons.after({ site: of, after, limit });
  const fail = (error: unknown): never => {
    throw error;
  };
  const short = (lesson: Lesson): string => `${lesson.label} ${lesson.learnt?.text ?? '-'}`;

  async function settled(of: string, count: number): Promise<Lesson[]> {
    let found: Lesson[] = [];
    await until(`${count} lessons`, async () => {
      found = await log(of);
      return found.length === count;
    });
    return found;
  }

  async function posted(text: string, of: string = freshSite()): Promise<Comment> {
    return post(store(), page(of, 'https://news.example/a'), { text });
  }

  it('has what people approve and call spam, with text and link as they were', async () => {
    const good = await posted('A good word — سلام');
    const bad = await posted('Buy now', good.site);
    await decide(store(), good, 'approve');
    await decide(store(), bad, 'spam');
    const found = await settled(good.site, 2);
    const [first] = found;
    expect(await store().lessons.before(good.site, 1)).toBe(first?.number);
    expect(await store().lessons.before(good.site, 2)).toBe(0);
    expect(found.map(short)).toEqual(['ham A good word — سلام', 'spam Buy now']);
    expect(found[0]).toMatchObject({
      site: good.site,
      commentId: good.id,
      supersedes: null,
      learnt: { url: good.author.url },
    });
  });

  it('is silent of what is trashed, and of what is confirmed', async () => {
    const one = await posted('First');
    const other = await posted('Second', one.site);
    await decide(store(), one, 'trash');
    await decide(store(), other, 'approve');
    await decide(store(), other, 'approve');
    const last = await posted('Last', one.site);
    await decide(store(), last, 'spam');
    expect((await settled(one.site, 2)).map(short)).toEqual(['ham Second', 'spam Last']);
  });

  it('takes back what is undone, and what somebody decides otherwise', async () => {
    const one = await posted('Undone');
    const other = await posted('Turned', one.site);
    const command = decision(one, 'spam');
    await apply(store(), one, command);
    await decide(store(), other, 'approve');
    await apply(store(), one, undo(one, command.decisionId));
    await decide(store(), other, 'spam');
    const found = await settled(one.site, 4);
    expect(found.map(short)).toEqual(['null -', 'null -', 'null -', 'spam Turned']);
    expect(found.map(({ supersedes }) => supersedes)).toEqual([
      null,
      null,
      found[0]?.number,
      found[1]?.number,
    ]);
  });

  it('knows what is rejected, of which there is nothing to unlearn', async () => {
    const one = await posted('Rejected');
    const other = await posted('Approved at last', one.site);
    const command = decision(one, 'reject');
    await apply(store(), one, command);
    await decide(store(), other, 'reject');
    const [{ number = 0 } = {}] = await settled(one.site, 2);
    await store().lessons.writeSnapshot(one.site, { number: number + 1, bytes: Uint8Array.of(1) });
    await apply(store(), one, undo(one, command.decisionId));
    await decide(store(), other, 'approve');
    const found = await settled(one.site, 4);
    expect(found.map(short)).toEqual(['null -', 'null -', 'null -', 'ham Approved at last']);
    expect(found.map(({ supersedes }) => supersedes)).toEqual([null, null, null, null]);
    expect(await store().lessons.readSnapshot(one.site)).not.toBeNull();
    await decide(store(), other, 'reject');
    const again = await settled(one.site, 5);
    expect(again.at(-1)).toMatchObject({ label: 'rejected', supersedes: found[3]?.number });
  });

  describe('is asked for texts alike', () => {
    const TEXT = 'The river was closed to swimmers for two weeks, and nobody had told those who live there';
    const alike = async (text: string, of: string, rest: Partial<AlikeQuery> = {}): Promise<string[]> => {
      const found = await store().lessons.alike({
        ...likenessOf(of, text),
        except: null,
        most: 100,
        ...rest,
      });
      return found.sort((a, b) => a.number - b.number).map(({ label }) => label);
    };
    const decided = async (texts: [text: string, action: 'approve' | 'reject' | 'spam'][]) => {
      const of = freshSite();
      const comments: Comment[] = [];
      for (const [text, action] of texts) {
        const one = await posted(text, of);
        comments.push(one);
        await decide(store(), one, action);
      }
      await settled(of, texts.length);
      await searchFilled(opened());
      return { of, comments };
    };

    it('of every word that stands, and of the site alone', async () => {
      const { of, comments } = await decided([
        [`${TEXT}!`, 'spam'],
        [`${TEXT}?!`, 'reject'],
        [TEXT, 'approve'],
        ['A school by the road has had no heating since the new year, says the council.', 'spam'],
        ['Thanks!', 'approve'],
      ]);
      await decided([[TEXT, 'spam']]);
      expect(await alike(TEXT, of)).toEqual(['spam', 'rejected', 'ham']);
      expect(await alike(TEXT, of, { except: comments[1]?.id ?? '' })).toEqual(['spam', 'ham']);
      expect(await alike(TEXT, of, { most: 2 })).toEqual(['rejected', 'ham']);
      expect(await alike('thanks', of)).toEqual(['ham']);
      expect(await alike('No, thanks', of)).toEqual([]);
      await opened().reopen();
      expect(await alike(TEXT, of)).toEqual(['spam', 'rejected', 'ham']);
    });

    it('by those who keep the newest in memory alone, each decision counting once', async () => {
      const { of, comments } = await decided([
        [TEXT, 'spam'],
        [`${TEXT}.`, 'spam'],
        [`${TEXT}!`, 'reject'],
        ['A school by the road has had no heating since the new year, says the council.', 'approve'],
      ]);
      const precedents = createPrecedents({ ...store(), report: fail, most: 2 });
      try {
        expect(await precedents.of(of, { id: null, text: `${TEXT}?` })).toEqual({
          ham: 0,
          spam: 2,
          rejected: 1,
          isShort: false,
        });
        const [first] = comments as [Comment];
        expect(await precedents.of(of, { id: first.id, text: TEXT })).toMatchObject({ spam: 1, rejected: 1 });
        expect(await precedents.of(of, { id: null, text: 'Nothing like any of it' })).toBeNull();
      } finally {
        await precedents.stop();
      }
    });

    it('and forgets what is taken back, said otherwise or erased', async () => {
      const { of, comments } = await decided([
        [TEXT, 'spam'],
        [`${TEXT}.`, 'spam'],
        [`${TEXT}!`, 'spam'],
      ]);
      const [first, second, third] = comments as [Comment, Comment, Comment];
      await decide(store(), first, 'approve');
      await decide(store(), second, 'trash');
      await apply(store(), third, removal(third));
      await settled(of, 6);
      await searchFilled(opened());
      expect(await alike(TEXT, of)).toEqual(['ham']);
    });
  });

  it('has one line that stands of a comment that is decided again and again', async () => {
    const one = await posted('Back and forth');
    for (let turn = 0; turn < 6; turn++) await decide(store(), one, turn % 2 === 0 ? 'spam' : 'approve');
    const found = await settled(one.site, 6);
    expect(found.filter(({ label }) => label !== null).map(short)).toEqual(['ham Back and forth']);
    expect(found.at(-1)?.supersedes).toBe(found.at(-2)?.number);
  });

  it('keeps the text that was decided on when its author edits it', async () => {
    const one = await posted('As decided');
    const decided = await decide(store(), one, 'approve');
    await apply(store(), one, edit(decided, 'As edited'));
    expect((await settled(one.site, 1)).map(short)).toEqual(['ham As decided']);
  });

  it('forgets what an author erases, and what a moderator rewrites', async () => {
    const one = await posted('To be erased');
    const other = await posted('With a phone number', one.site);
    await decide(store(), one, 'approve');
    const decided = await decide(store(), other, 'approve');
    await settled(one.site, 2);
    await apply(store(), one, removal(one));
    expect((await log(one.site)).map(short)[0]).toBe('null -');
    await apply(store(), other, revision(decided, 'Without'));
    const found = await settled(one.site, 4);
    expect(found.map(short)).toEqual(['null -', 'null -', 'null -', 'null -']);
    expect(found.map(({ supersedes }) => supersedes)).toEqual([
      null,
      null,
      found[0]?.number,
      found[1]?.number,
    ]);
  });

  it('is read by site and for all sites, in order, from any number on', async () => {
    const one = await posted('One');
    const other = await posted('Other');
    await decide(store(), one, 'approve');
    await decide(store(), other, 'approve');
    const [first] = await settled(one.site, 1);
    const [second] = await settled(other.site, 1);
    if (!first || !second) throw new Error('there are two lessons');
    expect(second.number).toBeGreaterThan(first.number);
    const both = await log(EVERY_SITE, first.number - 1);
    expect(both.map(({ site: of }) => of)).toEqual([one.site, other.site]);
    expect(await log(one.site, first.number)).toEqual([]);
    expect(await log(EVERY_SITE, first.number - 1, 1)).toHaveLength(1);
  });

  it('has one line for a comment that fifty decide at once', async () => {
    const one = await posted('Raced for');
    await inParallel([...Array(50).keys()], 50, (n) =>
      store().comments.change(one.id, decision(one, n % 2 === 0 ? 'spam' : 'approve', { version: 1 })),
    );
    const [lesson] = await settled(one.site, 1);
    const now = await store().comments.find(one.id);
    expect(lesson?.label).toBe(now?.status === 'spam' ? 'spam' : 'ham');
  });

  it('goes with its site, and so does every snapshot that learnt from it', async () => {
    const of = freshSite();
    await store().sites.create(site(of));
    await decide(store(), await posted('Gone', of), 'spam');
    const [lesson] = await settled(of, 1);
    const snapshot = { number: lesson?.number ?? 0, bytes: Uint8Array.of(1, 2, 3) };
    await store().lessons.writeSnapshot(of, snapshot);
    await store().lessons.writeSnapshot(EVERY_SITE, snapshot);
    await store().sites.remove(of);
    await until('the snapshot to go', async () => (await store().lessons.readSnapshot(EVERY_SITE)) === null);
    expect(await log(of)).toEqual([]);
    expect(await store().lessons.readSnapshot(of)).toBeNull();
  });

  it('keeps the newest snapshot until a lesson in it is taken back', async () => {
    const one = await posted('Learnt');
    const command = decision(one, 'approve');
    await apply(store(), one, command);
    const [{ number = 0 } = {}] = await settled(one.site, 1);
    const { lessons } = store();
    expect(await lessons.readSnapshot(one.site)).toBeNull();
    await lessons.writeSnapshot(one.site, { number, bytes: Uint8Array.of(1, 2, 3) });
    await lessons.writeSnapshot(one.site, { number: number - 1, bytes: Uint8Array.of(4) });
    const kept = await lessons.readSnapshot(one.site);
    expect([kept?.number, [...(kept?.bytes ?? [])]]).toEqual([number, [1, 2, 3]]);
    await apply(store(), one, undo(one, command.decisionId));
    await settled(one.site, 2);
    expect(await lessons.readSnapshot(one.site)).toBeNull();
  });

  it('stands after a restart', async () => {
    const one = await posted('Kept');
    await decide(store(), one, 'spam');
    await settled(one.site, 1);
    await opened().reopen();
    expect((await log(one.site)).map(short)).toEqual(['spam Kept']);
  });
}
