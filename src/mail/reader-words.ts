import en from '../../config/locales/readers/en.json';
import { type PluralForms, textsByLanguage } from '../locales.ts';

/** What mails and the pages behind their links tell readers, in one language. The build checks that all is there. */
export interface ReaderWords extends Record<Exclude<keyof typeof en, 'confirmIgnore'>, string> {
  confirmIgnore: PluralForms;
}

export const readerWords = textsByLanguage<ReaderWords>(en, (language) => `readers/${language}`);
