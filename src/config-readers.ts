import { isIP } from 'node:net';
import { parseEmail, revealEmail } from './authors/email.ts';
import type { SmtpServer } from './outgoing/outgoing.ts';
import type { RateLimitSettings } from './requests/rate-limit-settings.ts';
import { RATE_LIMIT_CLASSES, type RateLimit, type RateLimitClass } from './sites/policy.ts';

/**
 * How the text of a setting becomes its value. Each throws an Error that says what is wrong, as the rest of
 * a sentence that begins with the value; of a list, WrongItems.
 */

/** Everything that is wrong in a list. */
export class WrongItems extends Error {
  constructor(readonly items: readonly { item: string; wrong: string }[]) {
    super('holds what is wrong');
  }
}

const LONGEST_WINDOW_SECONDS = 31 * 24 * 3600;
const MOST_HITS = 1_000_000_000;

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Reads a list item by item. Throws WrongItems. */
function each<T>(items: string[], read: (item: string) => T): T[] {
  const wrong: { item: string; wrong: string }[] = [];
  const values: T[] = [];
  for (const item of items) {
    try {
      values.push(read(item));
    } catch (error) {
      wrong.push({ item, wrong: error instanceof Error ? error.message : String(error) });
    }
  }
  if (wrong.length > 0) throw new WrongItems(wrong);
  return values;
}

function wholeNumberIn(text: string, from: number, to: number): number {
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text.trim())) throw new Error('is not a whole number');
  if (value < from || value > to) throw new Error(`is not from ${from} to ${to}`);
  return value;
}

function parsedUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Error('is not an absolute URL');
  }
}

function host(text: string): string {
  const value = text.trim();
  const isName = value.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value);
  // Links are made of it: a name that ends in a number is an IPv4 address to URLs, and must be one.
  const isLinked = isName && URL.canParse(`http://${value}`);
  if (isIP(value) === 0 && !isLinked) throw new Error('is no address to listen on');
  return value;
}

function path(text: string): string {
  if (text.includes('\0')) throw new Error('holds a NUL character');
  if (text.trim() === '') throw new Error('is nothing but white space');
  return text;
}

function mongodbUri(text: string): string {
  // The driver reads lists of hosts, which no URL parser does; it complains of the rest at the first connection.
  if (!/^mongodb(\+srv)?:\/\/[^\s/]+(\/\S*)?$/.test(text)) throw new Error('is no MongoDB connection string');
  return text;
}

function secret(text: string): string {
  if (text.trim() === '') throw new Error('is nothing but white space');
  const bytes = Buffer.byteLength(text);
  if (bytes < 32) throw new Error(`has ${bytes} bytes, too few to be safe`);
  return text;
}

function webUrl(text: string): string {
  const url = parsedUrl(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('is not an http or https URL');
  if (url.username !== '' || url.password !== '') throw new Error('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw new Error('has a query or a fragment');
  return url.href.replace(/\/+$/, '');
}

/** RFC 5321, RFC 6409, RFC 8314. */
const SMTP_PORT = 25;
const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a broken escape in its user or password');
  }
}

/** Does not repeat what it was given: a password may be in it. */
function smtpUrl(text: string): SmtpServer {
  const url = parsedUrl(text.trim());
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw new Error('is not an smtp or smtps URL');
  if (url.hostname === '') throw new Error('names no host');
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    throw new Error('has a path, a query or a fragment');
  const [user, password] = [unescaped(url.username), unescaped(url.password)];
  if ((user === '') !== (password === '')) throw new Error('has a user or a password without the other');
  const secure = url.protocol === 'smtps:';
  const usual = secure ? SMTPS_PORT : user === '' ? SMTP_PORT : SUBMISSION_PORT;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? usual : Number(url.port),
    secure,
    login: user === '' ? null : { user, password },
  };
}

function mailAddress(text: string): string {
  const address = parseEmail(text);
  if (!address) throw new Error('is no e-mail address');
  return revealEmail(address);
}

function origins(text: string): string[] {
  return each(listOf(text), (item) => {
    const url = parsedUrl(item);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('is not http or https');
    if (`${url.origin}/` !== url.href) throw new Error('is more than an origin');
    return url.origin;
  });
}

function isCidr(item: string): boolean {
  const [address = '', bits, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function trustProxy(text: string): number | string[] {
  if (/^\s*\d+\s*$/.test(text)) return wholeNumberIn(text.trim(), 0, 32);
  return each(listOf(text), (item) => {
    if (!isCidr(item)) throw new Error('is neither a count nor an address range');
    return item;
  });
}

function onOff(text: string): boolean {
  const value = text.trim().toLowerCase();
  if (['on', 'true', '1'].includes(value)) return true;
  if (['off', 'false', '0'].includes(value)) return false;
  throw new Error('is neither on nor off');
}

function rateLimit(text: string): RateLimit | false {
  if (text === 'off') return false;
  const [limit, windowSeconds, ...rest] = text.split('/');
  if (limit === undefined || windowSeconds === undefined || rest.length > 0) {
    throw new Error('gives neither off nor limit/seconds');
  }
  return {
    limit: wholeNumberIn(limit, 1, MOST_HITS),
    windowSeconds: wholeNumberIn(windowSeconds, 1, LONGEST_WINDOW_SECONDS),
  };
}

function rateLimits(text: string): RateLimitSettings {
  const value = text.trim();
  if (value === 'off') return { off: true };
  const classes: Partial<Record<RateLimitClass, RateLimit | false>> = {};
  if (value === 'default') return { off: false, classes };
  each(listOf(value), (item) => {
    const [name, limit, ...rest] = item.split('=').map((part) => part.trim());
    const known = RATE_LIMIT_CLASSES.find((each) => each === name);
    if (known === undefined) {
      throw new Error(`names ${JSON.stringify(name)}, which is none of ${RATE_LIMIT_CLASSES.join(', ')}`);
    }
    if (limit === undefined || rest.length > 0) throw new Error(`gives ${known} no limit`);
    if (known in classes) throw new Error(`names ${known} twice`);
    classes[known] = rateLimit(limit);
  });
  return { off: false, classes };
}

/** A bearer token that fits into a header. */
const token =
  (least: number, most: number) =>
  (text: string): string => {
    if (!/^[\x21-\x7e]*$/.test(text)) throw new Error('holds spaces or characters that a header can’t carry');
    if (text.length < least) throw new Error(`has ${text.length} characters, too few to be safe`);
    if (text.length > most) throw new Error(`has ${text.length} characters, too many`);
    return text;
  };

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (text: string): T => {
    const found = values.find((value) => value === text.trim().toLowerCase());
    if (found === undefined) throw new Error('is none of them');
    return found;
  };

const wholeNumber =
  (from: number, to: number) =>
  (text: string): number =>
    wholeNumberIn(text, from, to);

const wholeNumbers =
  ({ most, from, to }: { most: number; from: number; to: number }) =>
  (text: string): number[] => {
    const items = listOf(text);
    if (items.length === 0 || items.length > most) throw new Error(`has ${items.length} numbers`);
    return each(items, (item) => wholeNumberIn(item, from, to));
  };

export const readers = {
  host,
  path,
  mongodbUri,
  secret,
  webUrl,
  smtpUrl,
  mailAddress,
  origins,
  trustProxy,
  onOff,
  rateLimits,
  token,
  oneOf,
  wholeNumber,
  wholeNumbers,
};
