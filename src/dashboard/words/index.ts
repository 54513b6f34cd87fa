import { computed, signal } from '@preact/signals';
import { ApiError, serverNow } from '../api/client.ts';
import type adminEnglish from './admin/en.json';
import type english from './en.json';
import { LANGUAGES, type Language, RIGHT_TO_LEFT } from './languages.ts';
import { LOADERS, type WordTree } from './loaders.ts';

/** A text of the dashboard, by name: en.json has those of everybody's desk, admin/en.json those of admins' rooms. */
export type Key = keyof typeof english | keyof typeof adminEnglish;

/** Until a language is there, which is nearly never seen. */
const words = signal<Record<string, string>>({ 'error.offline': 'The service can’t be reached.' });
export const language = signal<Language>('en');

export const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);
const languageOf = (tag: string): Language | undefined => {
  const base = tag.split('-')[0]?.toLowerCase() ?? '';
  return isLanguage(base) ? base : undefined;
};

/** The first of the tags that we have; English where we have none. */
export function chooseLanguage(tags: readonly (string | null)[]): Language {
  for (const tag of tags) {
    const found = tag === null ? undefined : languageOf(tag);
    if (found) return found;
  }
  return 'en';
}

function flat(tree: WordTree, name = ''): Record<string, string> {
  const texts = Object.entries(tree).map(([part, inside]) => {
    const whole = [name, part].filter(Boolean).join('.');
    return typeof inside === 'string' ? { [whole]: inside } : flat(inside, whole);
  });
  return Object.assign({}, ...texts);
}

/** Throws ApiError `offline` where its words can't be fetched. */
export async function useLanguage(next: Language): Promise<void> {
  try {
    words.value = flat((await LOADERS[next]()).default);
  } catch {
    // TypeError: a module that did not come.
    throw new ApiError(0, { code: 'offline' });
  }
  language.value = next;
  document.documentElement.lang = next;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(next) ? 'rtl' : 'ltr';
}

/** One formatter a language and purpose: to make one costs more than a hundred uses of it. */
const plurals = computed(() => new Intl.PluralRules(language.value));
const numbers = computed(() => new Intl.NumberFormat(language.value));
const shares = computed(
  () => new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }),
);
const moments = computed(
  () => new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }),
);
const days = computed(
  () => new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);
const ages = computed(() => new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' }));

type Fillings = Record<string, string | number>;

function fill(text: string, fillings: Fillings): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fillings[name];
    if (value === undefined) return whole;
    // What comes from outside keeps its direction to itself.
    return typeof value === 'number' ? formatNumber(value) : `\u2068${value}\u2069`;
  });
}

export const t = (key: Key, fillings: Fillings = {}): string => fill(words.value[key] ?? key, fillings);

/** A text by a name made at run time, or what stands in for it. */
export const tOr = (key: string, instead: string, fillings: Fillings = {}): string =>
  Object.hasOwn(words.value, key) ? t(key as Key, fillings) : instead;

/** The texts whose names begin so, each by the rest of its name. */
export const namesUnder = (branch: string): [rest: string, text: string][] =>
  Object.entries(words.value).flatMap(([key, text]) =>
    key.startsWith(`${branch}.`) ? [[key.slice(branch.length + 1), text]] : [],
  );

/** A text that counts: `{key}.{category}`, in the categories that the language has (`one`, `few`, `other`). */
export function tCount(key: string, count: number, fillings: Fillings = {}): string {
  const category = plurals.value.select(count);
  const other = tOr(`${key}.other`, String(count), { count, ...fillings });
  return tOr(`${key}.${category}`, other, { count, ...fillings });
}

export const formatNumber = (value: number): string => numbers.value.format(value);

export const formatShare = (value: number): string => shares.value.format(value);

export const formatMoment = (iso: string): string => moments.value.format(new Date(iso));

export const formatDay = (iso: string): string => days.value.format(new Date(`${iso}T00:00:00Z`));

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Rises by the minute, and when somebody comes back to the page. */
const minutes = signal(0);
const tick = (): void => {
  if (!document.hidden) minutes.value += 1;
};
setInterval(tick, 60_000);
document.addEventListener('visibilitychange', tick);

/** "3 hours ago" by the service's clock; what draws it is drawn anew as time goes on. */
export function formatAge(iso: string): string {
  void minutes.value;
  const seconds = (Date.parse(iso) - Date.parse(serverNow())) / 1000;
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  return step ? ages.value.format(Math.trunc(seconds / step[1]), step[0]) : t('time.now');
}

/** Whether a moment is still to come by the service's clock; what asks is drawn anew as time goes on. */
export function isToCome(iso: string): boolean {
  void minutes.value;
  return iso > serverNow();
}

/** "2 h 5 min", for spans. */
export function formatSpan(seconds: number | null): string {
  if (seconds === null) return '–';
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language.value, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  if (seconds < 90) return unit(Math.round(seconds), 'second');
  if (seconds < 5400) return unit(Math.round(seconds / 60), 'minute');
  if (seconds < 172_800) return unit(Math.round(seconds / 360) / 10, 'hour');
  return unit(Math.round(seconds / 8640) / 10, 'day');
}
