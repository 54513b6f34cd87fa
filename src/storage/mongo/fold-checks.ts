import type { Change } from '../storage.ts';
import type { Carry } from './carry.ts';
import type { CommentDoc, TailOwner } from './comment-doc.ts';
import type { Database } from './database.ts';
import type { Moves } from './moves.ts';
import type { Pages } from './pages.ts';
import type { SiteRemoval } from './site-removal.ts';

/** What crashed instances left half done at the comments a batch is about; done before the batch is written down. */
export interface FoldChecks {
  /** Those whose site stands. What was stored at one after it went is taken away. */
  ofStanding(owners: Worked[]): Promise<Worked[]>;
  /** Brings to its end whatever stands open at them. */
  finish(owners: Worked[]): Promise<void>;
  /** Of what others changed: they may have crashed before they told. */
  tellAgain(owners: Worked[]): void;
}

export interface FoldCheckParts {
  database: Pick<Database, 'comments' | 'pages'>;
  instance: string;
  carry: Carry;
  moves: Moves;
  pages: Pages;
  removal: Pick<SiteRemoval, 'gone' | 'takeLate'>;
  restamp: (changes: Change[]) => void;
}

/** A mark that stands this long, in milliseconds, was left by a crash: its maker carries faster. */
const MARK_PATIENCE_MS = 2000;

/** A comment that the fold has work with, as far as it needs it. */
export type Worked = TailOwner & Pick<CommentDoc, 'home' | 'page' | 'parentId' | 'status' | 'open' | 'carry'>;
export const WORKED = {
  site: 1,
  home: 1,
  page: 1,
  parentId: 1,
  status: 1,
  open: 1,
  carry: 1,
  ancestors: 1,
  'author.key': 1,
  'tail.n': 1,
  'tail.page': 1,
  'tail.author': 1,
  'tail.before': 1,
  'tail.after': 1,
  'tail.by': 1,
  'tail.event': 1,
  'tail.tallies': 1,
} as const;

export function createFoldChecks(parts: FoldCheckParts): FoldChecks {
  const { database, instance, carry, moves, pages, removal, restamp } = parts;
  const { comments } = database;
  const marksSeen = new Map<string, number>();

  /** A crash between a reply's write and the second look at its parent leaves it to us. */
  async function checkParents(owners: Worked[]): Promise<void> {
    const approved = owners.filter((owner) => owner.parentId !== null && owner.status === 'approved');
    if (approved.length === 0) return;
    const ids = [...new Set(approved.map((owner) => owner.parentId ?? ''))];
    const parents = await comments
      .find({ _id: { $in: ids } })
      .project<{ _id: string; open: boolean }>({ open: 1 })
      .toArray();
    const open = new Map(parents.map((parent) => [parent._id, parent.open]));
    const wrong = approved.filter((owner) => owner.open !== (open.get(owner.parentId ?? '') ?? false));
    if (wrong.length > 0) await carry.settle(wrong.map((owner) => owner._id));
  }

  /** So does one between a comment's insert and the second look at its page. */
  async function checkPages(owners: Worked[]): Promise<void> {
    const ids = [...new Set(owners.map((owner) => `${owner.site}/${owner.page}`))];
    const joined = await database.pages.find({ _id: { $in: ids }, joined: { $type: 'string' } }).toArray();
    for (const { site, key } of joined) {
      const to = await pages.keyAfter(site, key);
      const late = owners
        .filter((owner) => owner.site === site && owner.page === key)
        .map((owner) => owner._id);
      if (to !== key && late.length > 0) {
        await moves.these(late, { site, from: key, to });
        restamp([{ kind: 'site', site }]);
      }
    }
  }

  async function finishCarries(owners: Worked[]): Promise<void> {
    const now = performance.now();
    const marked = owners.filter((owner) => owner.carry !== undefined);
    const marks = new Set(marked.map((owner) => owner.carry ?? ''));
    for (const mark of marksSeen.keys()) if (!marks.has(mark)) marksSeen.delete(mark);
    for (const mark of marks) if (!marksSeen.has(mark)) marksSeen.set(mark, now);
    const left = marked.filter((owner) => now - (marksSeen.get(owner.carry ?? '') ?? now) > MARK_PATIENCE_MS);
    if (left.length > 0) await carry.down(left.map((owner) => owner._id));
  }

  /** What another instance changed and, if it crashed, told nobody of. */
  function tellAgain(owners: Worked[]): void {
    const pagesTold = new Map<string, Change>();
    for (const owner of owners) {
      for (const { by, page, before, after } of owner.tail) {
        if (by === instance || !(before.visible || after.visible)) continue;
        pagesTold.set(`${owner.site}/${page}`, { kind: 'page', site: owner.site, pageKey: page });
      }
    }
    restamp([...pagesTold.values()]);
  }

  async function ofStanding(owners: Worked[]): Promise<Worked[]> {
    if (owners.length === 0) return owners;
    const gone = await removal.gone([...new Set(owners.map(({ site }) => site))]);
    for (const site of gone) await removal.takeLate(site);
    return gone.size === 0 ? owners : owners.filter(({ site }) => !gone.has(site));
  }

  return {
    ofStanding,
    async finish(owners) {
      await checkParents(owners);
      await checkPages(owners);
      await finishCarries(owners);
    },
    tellAgain,
  };
}
