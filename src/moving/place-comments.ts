import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { COMMENT_ID_LENGTH, isIdOf } from '../ids.ts';
import type { Site } from '../sites/site.ts';
import { maskOwnAddress } from '../text/mask.ts';
import { isBlank } from '../text/normalize.ts';
import type { Addresses, AddressLink } from './addresses.ts';
import { buildComment, keptId, legacyIdOf, momentAfter, storedText } from './build-comment.ts';
import type { FileNames, NamedComment } from './file-names.ts';
import type { HashSet } from './hash-set.ts';
import type { ImportedComment, ImportStore, KnownComment } from './import-store.ts';
import type { ImportedPage, ImportedPages } from './imported-pages.ts';
import type { ImportedAlias } from './join-aliases.ts';
import type { LegacyComment, ProblemOfImport } from './legacy.ts';
import type { ImportTally } from './tally-import.ts';
import type { TellingPages } from './telling-pages.ts';
import type { FileComment, Waiting } from './waiting.ts';
import { isWouldBe, namesOf, saidOf, type WouldBe, wouldBe } from './would-be.ts';

export interface PlaceParts {
  deps: Pick<Deps, 'comments' | 'keys'>;
  imports: Pick<ImportStore, 'findLegacy' | 'findCopies'>;
  site: Site;
  pages: ImportedPages;
  telling: Pick<TellingPages, 'forAuthor'>;
  tally: ImportTally;
  waiting: Waiting;
  /** Pages of hosts that the site does not have, and that was said of. */
  foreign: HashSet;
  addresses: Addresses;
  /** From when on comments are told from those that say the same. */
  duplicatesSince: number;
  /** Ids of the comments that this reading of the file has come upon; of a dry run those that are here already. */
  met: HashSet;
  /** Ids that may have been written when an earlier life of this import was cut off. */
  pending: ReadonlySet<string>;
  /** Of a dry run: what would have been written by now. */
  rehearsal: WouldBe | null;
  names: FileNames;
}

/** What of a part is new, in an order in which parents come first. */
export interface PlacedPart {
  comments: ImportedComment[];
  /** How the file names them. */
  refs: string[];
  /** What waited for one of the part, and can be placed next. */
  released: FileComment[];
  /** Some found no room to wait in: the file must be read again. */
  isMissing: boolean;
  aliases: ImportedAlias[];
  /** What their authors' addresses lead to. */
  links: AddressLink[];
  /** Those that the store will not find by how the file names them. */
  named: NamedComment[];
}

type Flaw = Extract<ProblemOfImport, 'no-page' | 'no-date' | 'no-text' | 'repeated-id'>;

interface Place {
  page: ImportedPage;
  parent: KnownComment | null;
  legacyId: string | null;
  id: string | null;
  isShared: boolean;
}

/** What is here already of what a part names. */
interface Around {
  /** By the names that the store finds it by. */
  known: Map<string, KnownComment>;
  /** By how the file names it, as far as it has come upon it by now. */
  ofFile: Map<string, KnownComment>;
  /** Ids that comments of other sites have. */
  taken: Set<string>;
}

/** The same comment may be dated anew by a minute or a zone; another one that has its id by chance is not. */
const SAME_DAY = 24 * 60 * 60 * 1000;
/** Comments of one file that share an id, at most. */
const MOST_SHARING = 9;

/** Whether it is of the file itself, a moment ago, and not of the store. */
const isWhole = (known: KnownComment): known is Comment => 'text' in known;

/** Says which comments of a part are new, and where they belong. */
export function createPlacing(parts: PlaceParts) {
  const {
    deps,
    imports,
    site,
    pages,
    telling,
    tally,
    waiting,
    foreign,
    addresses,
    duplicatesSince,
    met,
    pending,
    rehearsal,
    names: fileNames,
  } = parts;
  /** The part before, which may be on its way into the store. */
  let recent: Pick<Around, 'known' | 'ofFile'> = { known: new Map(), ofFile: new Map() };
  async function lookUp(refs: Set<string>): Promise<Around> {
    const otherwise = fileNames.find([...refs]);
    const names = [...new Set([...refs, ...otherwise.map(({ name }) => name)])];
    const ours = names.filter((ref) => isIdOf(COMMENT_ID_LENGTH, ref));
    const [legacy, kept, copies] = await Promise.all([
      imports.findLegacy(site.id, names),
      ours.length === 0 ? [] : deps.comments.findMany(ours),
      ours.length === 0 ? [] : imports.findCopies(site.id, ours),
    ]);
    const known = new Map<string, KnownComment>();
    const taken = new Set<string>();
    for (const row of rehearsal?.find(names) ?? []) known.set(row.name, wouldBe(row));
    for (const one of legacy) if (one.legacyId !== null) known.set(one.legacyId, one);
    for (const one of copies) known.set(one.formerId, one);
    for (const one of kept) {
      if (one.site === site.id) known.set(one.id, one);
      else taken.add(one.id);
    }
    // What is on its way says more than the store, which may or may not have it yet.
    for (const name of names) {
      const before = recent.known.get(name);
      if (before) known.set(name, before);
    }
    const ofFile = new Map(recent.ofFile);
    for (const { ref, name } of otherwise) {
      const named = known.get(name);
      if (named && !ofFile.has(ref)) ofFile.set(ref, named);
    }
    return { known, taken, ofFile };
  }

  function isSame(known: KnownComment, createdAt: number, parent: KnownComment | null): boolean {
    const meant = momentAfter(createdAt, parent);
    return known.createdAt === meant || Math.abs(known.createdAt - createdAt) < SAME_DAY;
  }

  /** The legacy id under which it is, or will be, kept: its own unless another comment has that. */
  async function settleId(
    { legacy }: FileComment,
    { known, parent }: { known: Map<string, KnownComment>; parent: KnownComment | null },
  ): Promise<{ legacyId: string | null; there: KnownComment | null; isShared: boolean }> {
    const first = legacyIdOf(legacy);
    const kept = keptId(legacy);
    const byId = kept === null ? undefined : known.get(kept);
    if (byId) return { legacyId: first, there: byId, isShared: false };
    if (first === null) return { legacyId: null, there: null, isShared: false };
    const { createdAt } = legacy;
    for (let n = 1; ; n++) {
      const legacyId = n === 1 ? first : `${first}.${n}`;
      const there =
        known.get(legacyId) ??
        (n === 1 ? null : (await lookUp(new Set([legacyId]))).known.get(legacyId)) ??
        null;
      const isIts = there === null || createdAt === null || isSame(there, createdAt, parent);
      if (isIts || n === MOST_SHARING) return { legacyId, there, isShared: n > 1 };
    }
  }

  /** Why it can't be kept; null where it can. */
  function flawOf({ createdAt, deletedAt, text }: LegacyComment, page: ImportedPage | null): Flaw | null {
    if (page === null) return 'no-page';
    if (createdAt === null) return 'no-date';
    return deletedAt === null && (text === null || isBlank(text)) ? 'no-text' : null;
  }

  function skip({ legacy, line, isAgain }: FileComment, flaw: Flaw): void {
    if (isAgain) return;
    tally.problem(line, legacyIdOf(legacy), flaw);
    tally.skipped();
  }

  /** Its text as it would be kept; null where it has none. */
  function maskedText(legacy: LegacyComment): string | null {
    const { email, sealed, identity } = legacy;
    const person = addresses.find({ email, sealed, isVerified: identity !== null }, () => undefined);
    const text = legacy.deletedAt === null ? storedText(legacy, () => undefined) : null;
    return text !== null && person ? maskOwnAddress(text, person.email).text : text;
  }

  /** Whether the file has said something else under that id before. */
  async function isRepeated({ legacy, isAgain }: FileComment, there: KnownComment): Promise<boolean> {
    if (isWouldBe(there)) return !isAgain && there.said !== saidOf(maskedText(legacy));
    const isOfFile = isWhole(there);
    const isFirst = met.add(there.id);
    if (isAgain || (isFirst && !isOfFile) || pending.has(there.id)) return false;
    const before = isOfFile ? there : (await deps.comments.findMany([there.id]))[0];
    return before !== undefined && before.text !== maskedText(legacy);
  }

  /** It is here already. */
  async function pass(one: FileComment, there: KnownComment): Promise<void> {
    const { legacy, isAgain } = one;
    if (await isRepeated(one, there)) skip(one, 'repeated-id');
    else if (pending.has(there.id)) tally.added(legacy);
    else if (!isAgain) tally.unchanged();
  }

  function build(one: FileComment, { page, parent, legacyId, id, isShared }: Place): ImportedComment | null {
    const { legacy, line } = one;
    const say = (code: ProblemOfImport): void => tally.problem(line, legacyIdOf(legacy), code);
    if (one.isOrphan && parent === null) say('parent-not-found');
    if (isShared) say('duplicate-id');
    if (!page.isOfSite && foreign.add(page.key)) say('not-of-site');
    const options = {
      ...{ deps, site, legacy, legacyId, id, page, parent },
      ...{ duplicatesSince, addresses, say, isDryRun: rehearsal !== null },
    };
    const built = buildComment(options, legacy.createdAt ?? 0);
    if (built) tally.added(built.comment);
    else tally.skipped();
    return built;
  }

  async function placeOne(one: FileComment, around: Around, placed: PlacedPart): Promise<void> {
    const { known, taken, ofFile } = around;
    const { legacy } = one;
    const isOwn = legacy.parent === legacy.ref || legacy.parent === legacy.legacyId;
    const parentRef = isOwn ? null : legacy.parent;
    const parent = parentRef === null ? null : (ofFile.get(parentRef) ?? known.get(parentRef) ?? null);
    tally.page(legacy.page.id ?? legacy.page.url ?? '');
    const { legacyId, there, isShared } = await settleId(one, { known, parent });
    const page = there ? null : await pages.find(telling.forAuthor(legacy));
    const flaw = there ? null : flawOf(legacy, page);
    if (there) await pass(one, there);
    else if (flaw !== null || page === null) skip(one, flaw ?? 'no-page');
    else if (parentRef !== null && parent === null && !one.isOrphan) {
      if (!waiting.add(one, parentRef)) placed.isMissing = true;
      return;
    } else {
      const kept = keptId(legacy);
      const id = kept !== null && taken.has(kept) ? null : kept;
      const answered =
        parent === null || rehearsal !== null ? page : await pages.asAnswered(page, parent.pageKey);
      const built = build(one, { page: answered, parent, legacyId, id, isShared });
      if (built === null) return;
      ofFile.set(legacy.ref, built.comment);
      for (const name of namesOf(built, legacy.ref)) known.set(name, built.comment);
      if (rehearsal === null) met.add(built.comment.id);
      placed.comments.push(built);
      placed.refs.push(legacy.ref);
      // One by one: a file may name more of them than a call takes arguments.
      for (const alias of page.aliases) placed.aliases.push({ alias, page });
    }
    if (there) ofFile.set(legacy.ref, there);
    if (legacyId !== null && legacyId !== legacy.ref && known.get(legacy.ref) !== ofFile.get(legacy.ref))
      placed.named.push({ ref: legacy.ref, name: legacyId });
    // Its answers may name it by either.
    for (const name of new Set([legacy.ref, legacy.legacyId]))
      if (name !== null) placed.released.push(...waiting.release(name));
  }

  return async (part: FileComment[]): Promise<PlacedPart> => {
    const placed: PlacedPart = {
      ...{ comments: [], refs: [], released: [], isMissing: false, aliases: [], links: [], named: [] },
    };
    const refs = part.flatMap(({ legacy }) => [legacy.ref, legacyIdOf(legacy), legacy.parent]);
    const around = await lookUp(new Set(refs.filter((ref) => ref !== null)));
    for (const one of part) await placeOne(one, around, placed);
    placed.links = addresses.takeLinks();
    fileNames.keep(placed.named);
    recent = { known: new Map(), ofFile: new Map() };
    for (const [i, made] of placed.comments.entries()) {
      const ref = placed.refs[i] ?? made.comment.id;
      recent.ofFile.set(ref, made.comment);
      for (const name of namesOf(made, ref)) recent.known.set(name, made.comment);
    }
    return placed;
  };
}
