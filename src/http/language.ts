import en from '../../config/locales/errors.en.json';
import { type Language, spokenLanguage, textsByLanguage } from '../locales.ts';
import { parsePreferences } from './negotiation.ts';

/** What errors say, by language. */
export const errorTexts = textsByLanguage(en, (language) => `errors.${language}`);

const MOST_REMEMBERED = 500;
const MOST_REMEMBERED_LENGTH = 300;
const remembered = new Map<string, Language>();

/** The language to speak: the caller's `Accept-Language`, else the site's locale, else English. */
export function chooseLanguage(acceptLanguage: string | undefined, siteLocale: string | undefined): Language {
  if (acceptLanguage === undefined && siteLocale === undefined) return 'en';
  const asked = `${siteLocale ?? ''} ${acceptLanguage ?? ''}`;
  const known = remembered.get(asked);
  if (known !== undefined) return known;
  const chosen = choose(acceptLanguage, siteLocale);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  if (asked.length <= MOST_REMEMBERED_LENGTH) remembered.set(asked, chosen);
  return chosen;
}

function choose(acceptLanguage: string | undefined, siteLocale: string | undefined): Language {
  for (const { value, quality } of parsePreferences(acceptLanguage ?? '')) {
    if (quality === 0) continue;
    if (value === '*') break;
    const language = spokenLanguage(value);
    if (language) return language;
  }
  return spokenLanguage(siteLocale ?? '') ?? 'en';
}

/** Fills `{name}` placeholders; numbers are written as the language writes them. */
export function fill(text: string, params: Record<string, string | number>, language: Language): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}
