import type { Audited } from '../../moderation/audit.ts';
import type { Alias, Page } from '../../sites/site.ts';
import type { SiteStore } from '../../sites/site-store.ts';
import { urlReference } from '../../sites/site-store.ts';
import { replaceWith } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Arrival, createAliasTurns } from './alias-turns.ts';
import { type Database, DURABLE } from './database.ts';
import type { Directory } from './directory.ts';
import type { AliasDoc } from './documents.ts';
import type { Moves } from './moves.ts';
import { pageId, referenceId } from './page-writes.ts';
import { aliasId, type Pages } from './pages.ts';
import type { Stamps } from './stamps.ts';

export interface Aliases extends Pick<SiteStore, 'addAlias' | 'aliases' | 'removeAlias'> {
  /** Finishes the moves that a crash cut off: those that were seen open so long ago, in milliseconds; default all. */
  resume(openFor?: number): Promise<void>;
}

export interface AliasParts {
  database: Pick<Database, 'aliases' | 'references' | 'pages'>;
  pages: Pages;
  moves: Moves;
  stamps: Stamps;
  directory: Pick<Directory, 'refreshPages'>;
  acts: Acts;
}

const aliasOf = ({ id, site, alias, page, createdAt }: AliasDoc): Alias => ({
  id,
  site,
  alias,
  page,
  createdAt,
});

/** Site and alias of an id; a site's has no space. */
function partsOf(id: string): [site: string, alias: string] {
  const at = id.indexOf(' ');
  return [id.slice(0, at), id.slice(at + 1)];
}

/**
 * The order of writes: the alias and the page's `joined` first, so that whoever looks a page up from now on
 * is led to the target; then every comment that still stands under the alias moves. A comment inserted
 * meanwhile is moved by its writer's second look, or by the fold.
 */
export function createAliases(parts: AliasParts): Aliases {
  const { database, pages, moves, stamps, directory, acts } = parts;
  const { aliases, references } = database;
  const turns = createAliasTurns({ look });
  /** When a move was first seen open. */
  const seen = new Map<string, number>();

  async function look({
    site,
    alias,
    page,
  }: Pick<Alias, 'site' | 'alias' | 'page'>): Promise<Arrival | null> {
    const own = referenceId(site, urlReference(alias));
    const target = referenceId(site, urlReference(page));
    const [chained, leading, known] = await Promise.all([
      aliases.findOne(
        { _id: { $in: [aliasId(site, alias), aliasId(site, page)] } },
        { projection: { _id: 1 } },
      ),
      aliases.findOne({ site, page: alias }, { projection: { _id: 1 }, hint: 'aliases-leading' }),
      references.find({ _id: { $in: [own, target] } }).toArray(),
    ]);
    if (chained || leading) return null;
    const keyOf = (id: string) => known.find(({ _id }) => _id === id)?.key ?? null;
    return { site, alias, page, own: keyOf(own), target: keyOf(target) };
  }

  /** The alias that joined the page of an address to another. */
  async function joinedBy(site: string, url: string): Promise<string | undefined> {
    const known = await references.findOne({ _id: referenceId(site, urlReference(url)) });
    const page = known && (await database.pages.findOne({ _id: pageId(site, known.key) }));
    return page?.joined;
  }

  /** Whether the way from that URL, over the pages that other aliases joined too, leads through the alias. */
  async function reaches(site: string, from: string, alias: string): Promise<boolean> {
    const seen = new Set<string>();
    let url = from;
    while (url !== alias && !seen.has(url)) {
      seen.add(url);
      const further = await aliases.findOne({ _id: aliasId(site, url) });
      const next = further ? further.page : await joinedBy(site, url);
      // What the alias joined so far is itself again first.
      if (next === undefined || (!further && next === alias)) return false;
      url = next;
    }
    return true;
  }

  /** The pages that aliases leading to the address, one over the other, have joined to another. */
  async function* ledBy(site: string, address: string): AsyncGenerator<{ key: string; alias: string }> {
    // A circle made by two instances at once ends where it began.
    const ways = new Set([address]);
    for (const page of ways) {
      for (const { alias } of await aliases.find({ site, page }).hint('aliases-leading').toArray()) {
        ways.add(alias);
        const joined = database.pages.find({ site, joined: alias }).hint('joined');
        for (const { key } of await joined.toArray()) yield { key, alias };
      }
    }
  }

  /** Comments that came to such pages while their way ended nowhere go along where it leads on now. */
  async function bringOthers(site: string, address: string): Promise<void> {
    for await (const { key, alias } of ledBy(site, address)) {
      const target = await pages.follow(site, urlReference(alias));
      if (!target || target.key === key || (await moves.all(site, key, target.key)) === 0) continue;
      await directory.refreshPages([pageId(site, key), pageId(site, target.key)]);
    }
  }

  /**
   * Joins the page that the alias's URL was known as to the target, and moves what stands there. A page that the way
   * leads to itself is joined no more.
   */
  async function join({ site, alias }: Pick<Alias, 'site' | 'alias'>): Promise<number> {
    const own = await references.findOne({ _id: referenceId(site, urlReference(alias)) });
    const target = await pages.lookUp(site, urlReference(alias), own?.key);
    let moved = 0;
    if (own && target) {
      // Counted before: once the page is joined others bring along what stands there, too.
      const stands = await moves.standing(site, own.key);
      if (own.key === target.key) await part(site, alias);
      else await pages.join({ site, key: own.key }, alias);
      stamps.publish([{ kind: 'site', site }]);
      // Of an earlier alias, it stands where that one leads.
      const key = await pages.keyAfter(site, own.key);
      if (key !== own.key) moved = Math.max(stands, await moves.all(site, own.key, key));
    }
    const changed = [own?.key, target?.key].flatMap((key) => (key === undefined ? [] : pageId(site, key)));
    await directory.refreshPages(changed);
    await bringOthers(site, alias);
    await aliases.updateOne(
      { _id: aliasId(site, alias) },
      { $unset: { moving: true } },
      { writeConcern: DURABLE },
    );
    return moved;
  }

  async function add(alias: Alias, target: Page, audited?: Audited): ReturnType<SiteStore['addAlias']> {
    const _id = aliasId(alias.site, alias.alias);
    // A removal that was cut off must not take the new one away.
    await acts.settle('aliases', _id);
    const before = await aliases.findOne({ _id });
    if (before?.page === alias.page && !before.moving) return { result: 'unchanged' };
    if (await reaches(alias.site, alias.page, alias.alias)) return { result: 'loop' };
    if ((await pages.follow(alias.site, urlReference(alias.page))) === null) await pages.create(target);
    const { id, site, page, createdAt } = alias;
    await aliases.updateOne(
      { _id },
      replaceWith({ id, site, alias: alias.alias, page, createdAt, moving: true }, audited),
      { upsert: true, writeConcern: DURABLE },
    );
    await acts.tell('aliases', _id, audited, stamps.publish([{ kind: 'site', site }]));
    const moved = await join(alias);
    stamps.publish([{ kind: 'site', site }]);
    return { result: 'added', moved };
  }

  /**
   * Before the alias of its address goes: where others lead there it is this page then, since a way that ended at none
   * would leave what is written at its other addresses where nobody looks for it.
   */
  async function keepEnd(own: Page): Promise<void> {
    const { site } = own;
    const url = own.url ?? '';
    const [leading, known] = await Promise.all([
      aliases.findOne({ site, page: url }, { projection: { _id: 1 }, hint: 'aliases-leading' }),
      references.findOne({ _id: referenceId(site, urlReference(url)) }, { projection: { _id: 1 } }),
    ]);
    if (!leading || known) return;
    await pages.create(own);
    await directory.refreshPages([pageId(site, own.key)]);
  }

  /** The page that the alias joined is itself again. Its comments stay where they are. */
  async function part(site: string, alias: string): Promise<void> {
    const parted = await database.pages.find({ site, joined: alias }).hint('joined').toArray();
    if (parted.length === 0) return;
    await database.pages.updateMany(
      { site, joined: alias },
      // Done once: whoever ends this removal after a crash finds no page of it. The mark has it listed again.
      { $set: { unlisted: true }, $unset: { joined: true } },
      { writeConcern: DURABLE },
    );
    await directory.refreshPages(parted.map(({ _id }) => _id));
  }

  acts.ends('aliases', {
    before: (id) => part(...partsOf(id)),
    async after(id) {
      const [site, alias] = partsOf(id);
      stamps.publish([{ kind: 'site', site }]);
      await bringOthers(site, alias);
    },
  });

  return {
    addAlias: (alias, target, audited) => turns.add(alias, () => add(alias, target, audited)),
    async aliases({ site, before, limit }) {
      const page = before === undefined ? { site } : { site, id: { $lt: before } };
      const [docs, total] = await Promise.all([
        aliases.find(page).sort({ id: -1 }).hint('aliases-of-site').limit(limit).toArray(),
        aliases.countDocuments({ site }, { hint: 'aliases-of-site' }),
      ]);
      return { items: docs.map(aliasOf), total };
    },
    removeAlias: (own, audited) =>
      turns.alone(own.site, async () => {
        const alias = own.url ?? '';
        await keepEnd(own);
        const removed = await acts.remove('aliases', aliasId(own.site, alias), audited);
        // One that an earlier version's removal left.
        if (!removed) await part(own.site, alias);
        return removed;
      }),
    async resume(openFor = 0) {
      const open = await aliases.find({ moving: true }).hint('moving').toArray();
      const ids = new Set(open.map(({ _id }) => _id));
      for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id);
      const now = performance.now();
      for (const { _id, site, alias } of open) {
        const since = seen.get(_id) ?? now;
        seen.set(_id, since);
        if (now - since < openFor) continue;
        await turns.alone(site, () => join({ site, alias }));
        stamps.publish([{ kind: 'site', site }]);
      }
    },
  };
}
