/** How a file names a comment, and by what the store finds it. */
export interface NamedComment {
  ref: string;
  name: string;
}

/**
 * Comments that their file names otherwise than the store does, where other comments of the file may name them so:
 * those with an id and a former id. On the disk, since a reply may stand anywhere behind what it answers.
 */
export interface FileNames {
  /** Of one name the last counts. */
  keep(rows: NamedComment[]): void;
  /** Those of the names that are there. */
  find(refs: string[]): NamedComment[];
  /** All of it is gone then. */
  close(): void;
}
