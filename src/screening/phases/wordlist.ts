import { revealEmail } from '../../authors/email.ts';
import type { Phase, ScreeningInput } from '../phase.ts';
import { MOST_MATCHES, matchesIn, PASS } from '../phase.ts';
import type { ListName, Matcher, WordMatch } from '../wordlist/matcher.ts';

type Field = 'body' | 'name' | 'url';
type Read = Pick<ScreeningInput, 'words' | 'body' | 'name' | 'url' | 'email' | 'trusted'>;
type FieldMatch = WordMatch & { field: Field };

function inFields(words: Matcher, { body, name, url }: Read): FieldMatch[] {
  const fields: [Field, string | null][] = [
    ['body', body],
    ['name', name],
    ['url', url],
  ];
  return fields.flatMap(([field, text]) =>
    text === null ? [] : words.find(text, MOST_MATCHES).map((match) => ({ ...match, field })),
  );
}

/** Terms are shown as the list has them. What stands in the address is not: it would give the address away. */
function describe(list: ListName, matches: FieldMatch[], inEmail: boolean): string {
  const terms = [...new Set(matches.map(({ term }) => `«${term}»`))];
  const where = inEmail ? [...terms, 'a term in the e-mail address'] : terms;
  return `On the ${list} list: ${where.join(', ')}.`;
}

/** The site's own words: in body, name, url and e-mail. A trusted author's comments are not held for them. */
export const wordlist: Phase = {
  name: 'wordlist',
  judge(input: Read) {
    const { words, email, trusted } = input;
    if (!words) return PASS;
    const found = inFields(words, input);
    const inEmail = email === null ? [] : words.find(revealEmail(email), MOST_MATCHES);
    for (const list of ['reject', 'hold'] as const) {
      const matches = found.filter((match) => match.list === list);
      const isInEmail = inEmail.some((match) => match.list === list);
      if ((matches.length === 0 && !isInEmail) || (list === 'hold' && trusted)) continue;
      return {
        outcome: list,
        code: `${list}-word`,
        detail: describe(list, matches, isInEmail),
        score: null,
        matches: matches.flatMap(({ field, ...span }) => matchesIn(field, [span])).slice(0, MOST_MATCHES),
      };
    }
    return PASS;
  },
};
