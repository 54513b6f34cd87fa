import LinkifyIt from 'linkify-it';
import { endOfCharacter, NOTHING, plainView } from './plain-view.ts';

/** Where a link stands in a text, in UTF-16 offsets, and what it leads to as far as a reader can tell. */
export interface FoundLink {
  start: number;
  end: number;
  /** Host and path, plain: small letters, no scheme. */
  target: string;
}

/** Endings that bare hosts are known by, beside those of two letters. Common in spam, and those of other scripts. */
const ENDINGS = [
  ...[
    'com',
    'net',
    'org',
    'info',
    'biz',
    'edu',
    'gov',
    'pro',
    'name',
    'mobi',
    'xxx',
    'app',
    'dev',
    'xyz',
    'top',
  ],
  ...[
    'site',
    'online',
    'shop',
    'store',
    'club',
    'vip',
    'live',
    'icu',
    'click',
    'link',
    'space',
    'website',
    'tech',
  ],
  ...[
    'fun',
    'bet',
    'casino',
    'poker',
    'games',
    'win',
    'loan',
    'news',
    'blog',
    'chat',
    'page',
    'cloud',
    'agency',
  ],
  ...[
    'ایران',
    'کام',
    'شبکه',
    'موقع',
    'بازار',
    'рф',
    'укр',
    'бел',
    'срб',
    'ελ',
    'ευ',
    '中国',
    '公司',
    'भारत',
    'ไทย',
  ],
];
/** Endings of two letters that end sentences without a space, or files, more often than hosts. */
const NO_ENDING = new Set([
  ...[
    'am',
    'as',
    'at',
    'be',
    'by',
    'do',
    'id',
    'in',
    'is',
    'it',
    'me',
    'my',
    'no',
    'so',
    'to',
    'us',
    'de',
    'la',
  ],
  ...['cc', 'md', 'pl', 'ps', 'py', 'rs', 'sh'],
]);

/** Made for the first text that may hold a link: a start need not wait for it. */
let linkify: LinkifyIt | undefined;
const addressesIn = (text: string) => {
  linkify ??= new LinkifyIt({ fuzzyEmail: false, fuzzyIP: false }).tlds(ENDINGS, true);
  return linkify.match(text) ?? [];
};
/** Nothing in a text is a link without one of these. */
const MAY_HOLD = /\S[.。．｡]\S|:\/\/|[.)\]}>]\S|dot|نقطه|دات|точка| \. ?\S/i;

const dots = (match: string): string => `.${NOTHING.repeat(match.length - 1)}`;

/** How links are written so that no program sees them, undone in place: every offset stays. */
function refang(view: string): string {
  return view
    .replace(/\s?[[({<]\s?(?:\.|dot|نقطه|دات|точка)\s?[\])}>]\s?/g, dots)
    .replace(/(?<=[a-z0-9-]) (?:dot|точка|نقطه|دات) (?=[a-z0-9-])/g, dots)
    .replace(/(?<=[\p{L}\p{N}-]) (?:نقطه|دات) (?=(?:com|net|org|ir|کام|ایران)(?!\p{L}))/gu, dots)
    .replace(/[。．｡]/g, '.')
    .replace(/(?<=\w) ?\. ?(?=(?:com|net|org|ir|ru|info|xyz|top|me)\b(?:\/|\s|$))/g, (match) =>
      match.length > 1 ? dots(match) : match,
    )
    .replace(/\bhxxp/g, 'http')
    .replace(/\[:\]|: (?=\/\/)/g, (match) => `:${NOTHING.repeat(match.length - 1)}`);
}

interface Squeezed {
  text: string;
  /** For each unit its offset in the view; one more for the end. */
  offsets: number[];
}

function squeeze(view: string): Squeezed {
  const offsets: number[] = [];
  let text = '';
  for (let at = 0; at < view.length; at++) {
    const unit = view.charAt(at);
    if (unit === NOTHING) continue;
    text += unit;
    offsets.push(at);
  }
  offsets.push(view.length);
  return { text, offsets };
}

/** A bare host that is more likely the end of a sentence, or a file. `written` as it stands in the text. */
function isProse(host: string, written: string): boolean {
  const ending = /\.([a-z]{2,})$/.exec(host)?.[1];
  if (ending === undefined || host.split('.').length > 2) return false;
  return NO_ENDING.has(ending) || /\.\p{Lu}\p{Ll}/u.test(written);
}

/**
 * The links that a reader sees in a text: with a scheme or bare, in Markdown, with `[.]` for the dot, with a
 * host in any script. In the order of the text.
 */
export function linksIn(text: string): readonly FoundLink[] {
  if (!MAY_HOLD.test(text)) return [];
  if (last.text !== text) last = { text, links: findLinks(text) };
  return last.links;
}

/** Several phases ask for one text's links, one after the other. */
let last: { text: string; links: FoundLink[] } = { text: '', links: [] };

function findLinks(text: string): FoundLink[] {
  const view = refang(plainView(text));
  const { text: plain, offsets } = view.includes(NOTHING) ? squeeze(view) : { text: view, offsets: null };
  const found: FoundLink[] = [];
  for (const { schema, index, lastIndex } of addressesIn(plain)) {
    const written = plain.slice(index, lastIndex);
    const start = offsets?.[index] ?? index;
    const end = endOfCharacter(text, view, (offsets?.[lastIndex - 1] ?? lastIndex - 1) + 1);
    if (schema === '' && isProse(written, text.slice(start, end))) continue;
    const target = written.replace(/^(?:[a-z]+:)?\/\//, '').replace(/^www\./, '');
    found.push({ start, end, target });
  }
  return found;
}
