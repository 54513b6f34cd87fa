import type { Language } from './languages.ts';

type Load = () => Promise<{ default: Record<string, string> }>;

/** Admins' rooms are in English where they are in no language of the admin's. */
const englishAdmin: Load = () => import('./admin/en.json');

/** What to fetch for a language, each as a file of its own: nobody loads what they do not read. */
export const LOADERS: Record<Language, readonly Load[]> = {
  en: [englishAdmin, () => import('./en.json')],
  fa: [() => import('./admin/fa.json'), () => import('./fa.json')],
  ar: [englishAdmin, () => import('./ar.json')],
  de: [englishAdmin, () => import('./de.json')],
  es: [englishAdmin, () => import('./es.json')],
  fr: [englishAdmin, () => import('./fr.json')],
  he: [englishAdmin, () => import('./he.json')],
  hi: [englishAdmin, () => import('./hi.json')],
  id: [englishAdmin, () => import('./id.json')],
  it: [englishAdmin, () => import('./it.json')],
  ja: [englishAdmin, () => import('./ja.json')],
  ko: [englishAdmin, () => import('./ko.json')],
  nl: [englishAdmin, () => import('./nl.json')],
  pl: [englishAdmin, () => import('./pl.json')],
  pt: [englishAdmin, () => import('./pt.json')],
  ru: [englishAdmin, () => import('./ru.json')],
  tr: [englishAdmin, () => import('./tr.json')],
  uk: [englishAdmin, () => import('./uk.json')],
  ur: [englishAdmin, () => import('./ur.json')],
  zh: [englishAdmin, () => import('./zh.json')],
};
