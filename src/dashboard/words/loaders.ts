import type { Language } from './languages.ts';

/** Texts by their names, part by part: of `nav.queue` the part `nav` holds `queue`, and '' is the part's own text. */
export interface WordTree {
  [part: string]: string | WordTree;
}
type Load = () => Promise<{ default: WordTree }>;

/**
 * Each language is a file of its own: nobody loads what they do not read. The build puts what stands in admin/ with
 * it and hands it over as a tree, which is an eighth smaller.
 */
export const LOADERS: Record<Language, Load> = {
  en: () => import('./en.json'),
  fa: () => import('./fa.json'),
  ar: () => import('./ar.json'),
  de: () => import('./de.json'),
  es: () => import('./es.json'),
  fr: () => import('./fr.json'),
  he: () => import('./he.json'),
  hi: () => import('./hi.json'),
  id: () => import('./id.json'),
  it: () => import('./it.json'),
  ja: () => import('./ja.json'),
  ko: () => import('./ko.json'),
  nl: () => import('./nl.json'),
  pl: () => import('./pl.json'),
  pt: () => import('./pt.json'),
  ru: () => import('./ru.json'),
  tr: () => import('./tr.json'),
  uk: () => import('./uk.json'),
  ur: () => import('./ur.json'),
  zh: () => import('./zh.json'),
};
