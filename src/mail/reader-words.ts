import ar from '../../config/locales/readers/ar.json';
import de from '../../config/locales/readers/de.json';
import en from '../../config/locales/readers/en.json';
import es from '../../config/locales/readers/es.json';
import fa from '../../config/locales/readers/fa.json';
import fr from '../../config/locales/readers/fr.json';
import he from '../../config/locales/readers/he.json';
import hi from '../../config/locales/readers/hi.json';
import id from '../../config/locales/readers/id.json';
import it from '../../config/locales/readers/it.json';
import ja from '../../config/locales/readers/ja.json';
import ko from '../../config/locales/readers/ko.json';
import nl from '../../config/locales/readers/nl.json';
import pl from '../../config/locales/readers/pl.json';
import pt from '../../config/locales/readers/pt.json';
import ru from '../../config/locales/readers/ru.json';
import tr from '../../config/locales/readers/tr.json';
import uk from '../../config/locales/readers/uk.json';
import ur from '../../config/locales/readers/ur.json';
import zh from '../../config/locales/readers/zh.json';

/** A form for each category (Intl.PluralRules) that the language's whole numbers fall into. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>>;

/** What mails and the pages behind their links tell readers, in one language. The build checks that all is there. */
export interface ReaderWords extends Record<Exclude<keyof typeof en, 'confirmIgnore'>, string> {
  confirmIgnore: PluralForms;
}

/** The languages of the widget: who reads a thread in one gets its mail in it. */
export const READER_WORDS = {
  ...{ ar, de, en, es, fa, fr, he, hi, id, it, ja, ko, nl, pl, pt, ru, tr, uk, ur, zh },
} satisfies Record<string, ReaderWords>;
export type ReaderLanguage = keyof typeof READER_WORDS;

/** The language of a locale (BCP 47) that there are words in, else English. */
export function readerLanguage(locale: string): ReaderLanguage {
  const language = locale.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(READER_WORDS, language) ? (language as ReaderLanguage) : 'en';
}
