import type { FoundLink } from '../links.ts';
import { NOTHING } from '../plain-view.ts';
import type { Span } from './phones.ts';

/** Between the parts of a name: together, apart, or with the half-space. */
const JOINT = `[ ${NOTHING}]?`;
/** Whose it is, written to the name in Persian: `اینستام`, `کانال تلگراممون`. */
const OWN = `(?:${NOTHING}?(?:ا?م|مون|مان|تون|ت|ش))?`;
/** Names of messengers, folded. بله is a yes, too, so it wants a word that makes it a place. */
const MESSENGER = [
  ...[
    'telegram',
    'tg',
    'whats ?app',
    'wa',
    'insta(?:gram)?',
    'snap(?:chat)?',
    'discord',
    'skype',
    'viber',
    'signal',
  ],
  ...['threema', 'wechat', 'weixin', 'kik', 'imo', 'line id', 'eitaa', 'rubika', 'soroush', 'igap'],
  ...[
    'تلگرام',
    'تلگ',
    `واتس${JOINT}اپ`,
    'وتساپ',
    'ایتا',
    'روبیکا',
    'سروش',
    `ای${JOINT}گپ`,
    'اینستا(?:گرام)?',
  ].map((name) => name + OWN),
  ...[
    `پیام${JOINT}رسان بله`,
    '(?:در|تو|توی|از|ایدی|کانال) بله',
    'ایمو',
    'سیگنال',
    'وایبر',
    'اسکایپ',
    'تیلیجرام',
    'واتساب',
  ],
  ...['телеграм+', 'телега', 'тг', 'ватсап', 'вайбер', 'вк'],
].join('|');
const NAME = `@(?:${NOTHING}*[a-z0-9_.]){3,32}`;
const BARE_NAME = `[a-z](?:${NOTHING}*[a-z0-9_.]){3,31}`;
/** `telegram: @name`, `@name در تلگرام`: a name with its sign near a messenger's. */
const AFTER = new RegExp(String.raw`(?<!\p{L})(?:${MESSENGER})(?!\p{L})[^\n@]{0,30}(?<at>${NAME})`, 'gu');
const BEFORE = new RegExp(String.raw`(?<at>${NAME})[^\n@]{0,25}(?<!\p{L})(?:${MESSENGER})(?!\p{L})`, 'gu');
/** `telegram: name`, `id: name`: without the sign only behind a colon or the like. */
const SAID = new RegExp(
  String.raw`(?<!\p{L})(?:${MESSENGER}|(?:my )?id|username|ایدی|یوزر(?:نیم)?)(?: ?(?:id|me|ایدی|من|:))* ?[:=→>]+ ?(?<at>${BARE_NAME})(?![\p{L}:/])`,
  'gu',
);

const ID = '(?:id|username|ایدی|یوزر(?:نیم)?)';
/** `telegram id my_name7`: with the word for it beside the messenger's, a name that is no word of any language. */
const NAMED = new RegExp(
  String.raw`(?<!\p{L})(?:(?:${MESSENGER}) ?${ID}|${ID} ?(?:من )?(?:${MESSENGER})) (?:من )?(?<at>(?=(?:[a-z.]${NOTHING}*){1,31}[0-9_])${BARE_NAME})(?![\p{L}:/])`,
  'gu',
);

/** What NAMED asks of a name: looked for first, since few texts hold one. */
const ODD_NAME = new RegExp(`[a-z.]${NOTHING}*[0-9_]`);

const HOSTS = [
  /^(?:t|telegram)\.(?:me|dog|org)\/./,
  /^(?:wa\.me|wa\.link|(?:chat|api)\.whatsapp\.com|whatsapp\.com\/channel)(?:\/|$)/,
  /^(?:discord\.gg|discord(?:app)?\.com\/invite|dsc\.gg)\/./,
  /^(?:eitaa\.(?:com|ir)|ble\.(?:ir|im)|rubika\.ir|splus\.ir|sapp\.ir|igap\.net|gap\.im)\/./,
  /^(?:signal\.(?:me|group)|m\.me|line\.me|viber\.me|invite\.viber\.com|join\.skype\.com|u\.wechat\.com|snapchat\.com\/add|kik\.me|threema\.id)(?:\/|$)/,
];
/** Addresses that open a messenger itself. */
const SCHEME = /(?<![a-z])(?:tg|viber|whatsapp|skype|weixin|bale|eitaa):(?:\/\/)?[a-z?]\S*/g;

function spansOf(view: string, pattern: RegExp): Span[] {
  return [...view.matchAll(pattern)].map((match) => {
    const name = match.groups?.at ?? match[0];
    const start = match.index + match[0].lastIndexOf(name);
    return { start, end: start + name.replace(/\.+$/, '').length };
  });
}

/** Names under which somebody is found in a messenger, in a text's plain view. */
export function handlesIn(view: string, links: readonly FoundLink[]): Span[] {
  const named = view.includes('@') ? [...spansOf(view, AFTER), ...spansOf(view, BEFORE)] : [];
  // What follows `id=` in an address is whatever it leads to: an article, an app.
  const said = (/[:=→>]/.test(view) ? spansOf(view, SAID) : []).filter(
    ({ start }) => !links.some((link) => link.start < start && start < link.end),
  );
  const all = [...named, ...said, ...(ODD_NAME.test(view) ? spansOf(view, NAMED) : [])];
  return all.filter((span, at) => all.findIndex((other) => other.start === span.start) === at);
}

/** Links that open a chat or lead into a group. */
export function invitesIn(view: string, links: readonly FoundLink[]): Span[] {
  const linked = links.filter(({ target }) => HOSTS.some((host) => host.test(target)));
  const opened = (view.includes(':') ? spansOf(view, SCHEME) : []).filter(
    ({ start }) => !linked.some((link) => link.start <= start && start < link.end),
  );
  return [...linked.map(({ start, end }) => ({ start, end })), ...opened];
}
