import { createHash } from 'node:crypto';
import type { ImportedComment, KnownComment } from './import-store.ts';

/** A comment that a dry run would have written: as the store would know it, with what it says. */
export interface WouldBeComment extends KnownComment {
  /** See saidOf. */
  said: string;
}

/** What is kept of one of them. */
export interface WouldBeRow {
  createdAt: number;
  /** How many comments stand above it. */
  depth: number;
  said: string;
}

export type NamedRow = WouldBeRow & { name: string };

/**
 * What a dry run would have written, by the names under which the store would find it. On the disk, so that a file
 * of any size is looked through in little memory.
 */
export interface WouldBe {
  /** Of one name the first counts. */
  keep(rows: NamedRow[]): void;
  /** Those of the names that are there. */
  find(names: string[]): NamedRow[];
  /** All of it is gone then. */
  close(): void;
}

/** What tells a text from every other, in little room. */
export const saidOf = (text: string | null): string =>
  createHash('sha256')
    .update(text === null ? 'none' : `text ${text}`)
    .digest('base64url')
    .slice(0, 24);

/** What the store finds a comment by. `ref`: as its file names it; an id that the file does not know nobody asks for. */
export function namesOf({ comment: { id, legacyId }, formerId }: ImportedComment, ref: string): string[] {
  return [id === ref ? id : null, legacyId, formerId].filter((name) => name !== null);
}

export function rowsOf(made: ImportedComment, ref: string): NamedRow[] {
  const { createdAt, ancestors, text } = made.comment;
  const row = { createdAt, depth: ancestors.length, said: saidOf(text) };
  return namesOf(made, ref).map((name) => ({ name, ...row }));
}

/** As it would be known. Nobody looks at the ids of those above it: how many they are is what bounds a thread. */
export const wouldBe = ({ createdAt, depth, said }: WouldBeRow): WouldBeComment => ({
  ...{ id: '', legacyId: null, pageKey: '' },
  ...{ createdAt, said, ancestors: new Array<string>(depth).fill('') },
});

export const isWouldBe = (known: KnownComment): known is WouldBeComment => 'said' in known;
