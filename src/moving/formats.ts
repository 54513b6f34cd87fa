import { createCommentoReader } from './formats/commento.ts';
import { createDisqusReader } from './formats/disqus.ts';
import { createGenericReader } from './formats/generic.ts';
import { createIssoReader } from './formats/isso.ts';
import { createRemark42Reader } from './formats/remark42.ts';
import { createWordpressReader } from './formats/wordpress.ts';
import type { ReaderFactory } from './legacy.ts';

/** The systems whose exports are read, as the contract names them. */
export const IMPORT_FORMATS = ['wordpress', 'disqus', 'isso', 'commento', 'remark42', 'generic'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const READERS: Record<ImportFormat, ReaderFactory> = {
  wordpress: createWordpressReader,
  disqus: createDisqusReader,
  isso: createIssoReader,
  commento: createCommentoReader,
  remark42: createRemark42Reader,
  generic: createGenericReader,
};
