/** Scripts that are written from right to left (Unicode, Bidi_Class R and AL of their letters). */
const RIGHT_TO_LEFT = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Mend',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/**
 * The direction of a locale's script (BCP 47). The likely script counts where none is named, so `az` is
 * left to right and `az-Arab` is not. An unreadable locale is left to right.
 */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  try {
    return RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
  } catch {
    // RangeError: not a language tag. A page is better shown plainly than not at all.
    return 'ltr';
  }
}
