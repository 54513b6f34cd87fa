/** The languages of the desk, by what they call themselves. */
export const LANGUAGES = {
  en: 'English',
  fa: 'فارسی',
  ar: 'العربية',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  he: 'עברית',
  hi: 'हिन्दी',
  id: 'Bahasa Indonesia',
  it: 'Italiano',
  ja: '日本語',
  ko: '한국어',
  nl: 'Nederlands',
  pl: 'Polski',
  pt: 'Português',
  ru: 'Русский',
  tr: 'Türkçe',
  uk: 'Українська',
  ur: 'اردو',
  zh: '中文',
} as const;
export type Language = keyof typeof LANGUAGES;
export const RIGHT_TO_LEFT: readonly string[] = ['fa', 'ar', 'he', 'ur'];
