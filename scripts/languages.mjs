/** The sentences of twenty languages, a file each, and whether each of them has all. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The plural categories that whole numbers up to a thousand fall into. */
function categoriesOf(language) {
  const rules = new Intl.PluralRules(language);
  return new Set(Array.from({ length: 1001 }, (_, n) => rules.select(n)));
}

const placeholdersOf = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

/** What is wrong with a language's sentences beside the English ones, one line each. */
function faultsOf({ folder, language, sentences, english }) {
  const faults = Object.keys(sentences)
    .filter((key) => !(key in english))
    .map((key) => `${key} is in no other language`);
  for (const [key, model] of Object.entries(english)) {
    const sentence = sentences[key];
    const isPlural = typeof model === 'object';
    const forms = isPlural ? Object.values(sentence ?? {}) : [sentence];
    if (sentence === undefined || (typeof sentence === 'object') !== isPlural)
      faults.push(`${key} is missing`);
    else if (forms.some((form) => typeof form !== 'string' || form.trim() === ''))
      faults.push(`${key} is empty`);
    else if (!isPlural && placeholdersOf(sentence) !== placeholdersOf(model))
      faults.push(`${key} has other values`);
    else if (isPlural) {
      const missing = [...categoriesOf(language)].filter((category) => !(category in sentence));
      if (missing.length > 0) faults.push(`${key} lacks ${missing.join(', ')}`);
    }
  }
  return faults.map((fault) => `${basename(folder)}/${language}.json: ${fault}`);
}

/** Every language's sentences in a folder, each complete. Throws with everything that is not. */
export function readLanguages(folder) {
  const languages = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
  const english = new Map(languages).get('en');
  const faults = languages.flatMap(([language, sentences]) =>
    faultsOf({ folder, language, sentences, english }),
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return languages;
}
