import { isIPv4 } from 'node:net';
import type { EmailAddress } from '../authors/email.ts';
import { parseEmail } from '../authors/email.ts';
import type { SignedIn } from '../authors/identity.ts';
import type { FieldError } from '../errors.ts';
import type { CanonicalUrl } from '../sites/canonical-url.ts';
import { canonicalUrl } from '../sites/canonical-url.ts';
import type { Site } from '../sites/site.ts';
import { countCharacters, isBlank, normalizeLine, normalizeText } from '../text/normalize.ts';

/** A new comment as it was sent: right types where present, nothing checked yet. */
export interface CommentInput {
  page?: { url?: string | null; title?: string | null; id?: string | null } | null;
  parentId?: string | null;
  author?: {
    name?: string | null;
    email?: string | null;
    url?: string | null;
    /** The site's token about its signed-in reader; see authors/identity.ts. */
    identity?: string | null;
  } | null;
  body?: string | null;
  subscribe?: string | null;
  /** Whether the field that people do not see came filled in. */
  trapFilled?: boolean;
  /** Milliseconds from the form's showing to its sending. */
  elapsedMs?: number | null;
}

export interface CheckedPage {
  url: CanonicalUrl | null;
  title: string | null;
  id: string | null;
}

/** The fields as they will be stored, every one valid for the site. */
export interface CheckedFields {
  name: string | null;
  email: EmailAddress | null;
  url: string | null;
  body: string;
  /** Whether its author wants mail about answers; then there is an address. */
  wantsReplies: boolean;
}

const PAGE_ID_LIMIT = 200;
const PAGE_URL_LIMIT = 2000;

/** Collects what is wrong; a field that already has an error gets no second one. */
export class FieldErrors {
  readonly list: FieldError[];

  constructor(already: FieldError[] = []) {
    this.list = [...already];
  }

  has(pointer: string): boolean {
    return this.list.some((error) => 'pointer' in error && error.pointer === pointer);
  }

  add(pointer: string, code: FieldError['code'], params?: FieldError['params']): null {
    const taken = this.list.some((error) => {
      if (!('pointer' in error)) return false;
      return error.pointer === pointer || error.pointer === '' || pointer.startsWith(`${error.pointer}/`);
    });
    if (!taken) this.list.push(params ? { pointer, code, params } : { pointer, code });
    return null;
  }
}

interface TextRule {
  required?: boolean;
  limit: number;
  minimum?: number;
  multiline?: boolean;
  /** How long the text is, where not every character counts. */
  count?: (text: string) => number;
}

function checkText(
  errors: FieldErrors,
  pointer: string,
  value: string | null | undefined,
  rule: TextRule,
): string | null {
  if (value === null || value === undefined) return rule.required ? errors.add(pointer, 'required') : null;
  const stored = rule.multiline ? normalizeText(value) : normalizeLine(value);
  if (stored === null) return errors.add(pointer, 'invalid');
  if (isBlank(stored)) return rule.required ? errors.add(pointer, 'required') : null;
  const length = (rule.count ?? countCharacters)(stored);
  if (length > rule.limit) return errors.add(pointer, 'too-long', { limit: rule.limit, length });
  if (length < (rule.minimum ?? 1))
    return errors.add(pointer, 'too-short', { minimum: rule.minimum ?? 1, length });
  return stored;
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const AUTHORITY = /^[^:]+:\/\/[^/\\]/;
/** `example.com:8080/x` is a host with a port, not a scheme. */
const HOST_AND_PORT = /^[^/?#@:]+\.[^/?#@:]+:\d{1,5}(?:[/?#]|$)/;

function checkWebAddress(errors: FieldErrors, text: string | null): string | null {
  if (text === null) return null;
  const withScheme =
    SCHEME.test(text) && !HOST_AND_PORT.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
  // The URL parser forgives missing slashes, but in a link `https:x.example` is a path of the page it stands on.
  if (!AUTHORITY.test(withScheme) || !URL.canParse(withScheme)) {
    return errors.add('/author/url', 'invalid-url');
  }
  const url = new URL(withScheme);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const hasPublicHost =
    url.hostname.includes('.') || url.hostname.startsWith('[') || url.hostname === 'localhost';
  // `1` is no address of anybody, though the parser makes 0.0.0.1 of it.
  const isNumber = isIPv4(url.hostname) && !withScheme.includes(url.hostname);
  const hasUser = url.username !== '' || url.password !== '';
  if (!isWeb || !hasPublicHost || isNumber || hasUser || /\s/.test(text)) {
    return errors.add('/author/url', 'invalid-url');
  }
  return withScheme;
}

function checkEmail(errors: FieldErrors, text: string | null): EmailAddress | null {
  if (text === null) return null;
  return parseEmail(text) ?? errors.add('/author/email', 'invalid-email');
}

/** The length of a URL whose escapes count as the characters they stand for: letters of any script alike. */
const countUrlCharacters = (url: string): number =>
  countCharacters(url.replace(/%[89ab][0-9a-f]/gi, '').replace(/%[0-9a-f]{2}/gi, '%'));

/**
 * The page a comment names: its URL canonical, of whatever host. Null where anything about it is wrong. The URL
 * is read as it was sent, as reads of the page do: a joiner in it is one written raw or as an escape.
 */
export function checkPage(errors: FieldErrors, site: Site, page: CommentInput['page']): CheckedPage | null {
  const before = errors.list.length;
  const id = checkText(errors, '/page/id', page?.id, { limit: PAGE_ID_LIMIT });
  const title = checkText(errors, '/page/title', page?.title, { limit: site.policy.limits.title });
  const named = typeof page?.id === 'string' && !isBlank(page.id);
  const rule = { required: !named, limit: PAGE_URL_LIMIT, count: countUrlCharacters };
  const isGiven = checkText(errors, '/page/url', page?.url, rule) !== null;
  const url = isGiven ? canonicalUrl(page?.url ?? '', site.policy.pages) : null;
  if (isGiven && url === null) errors.add('/page/url', 'invalid-url');
  const wrongType = errors.list.some((error) => 'pointer' in error && /^(?:$|\/page)/.test(error.pointer));
  return errors.list.length > before || wrongType ? null : { url, title, id };
}

/** The body alone, for an edit. */
export function checkBody(errors: FieldErrors, site: Site, body: string | null | undefined): string | null {
  const { limits, bodyMin } = site.policy;
  return checkText(errors, '/body', body, {
    required: true,
    limit: limits.body,
    minimum: bodyMin,
    multiline: true,
  });
}

/** An author's name: no e-mail address. */
export function checkName(errors: FieldErrors, site: Site, given: string | null | undefined): string | null {
  const { limits, requiredFields } = site.policy;
  const name = checkText(errors, '/author/name', given, {
    required: requiredFields.includes('name'),
    limit: limits.name,
  });
  if (name !== null && parseEmail(name)) errors.add('/author/name', 'invalid');
  return name;
}

/** An author's web address, with a scheme; null on sites that show none. */
export function checkAuthorUrl(
  errors: FieldErrors,
  site: Site,
  given: string | null | undefined,
): string | null {
  const { limits, requiredFields, authorUrl } = site.policy;
  const link = checkText(errors, '/author/url', given, {
    required: requiredFields.includes('url') && authorUrl,
    limit: limits.url,
  });
  const url = checkWebAddress(errors, link);
  return authorUrl ? url : null;
}

/** Whoever asks for mail must not believe that it will come where it won't. */
function checkSubscribe(
  errors: FieldErrors,
  given: string | null | undefined,
  { offered, email }: { offered: boolean; email: EmailAddress | null },
): boolean {
  if (given === null || given === undefined || given === 'none') return false;
  const wanted = given === 'replies' && offered;
  if (!wanted) errors.add('/subscribe', 'invalid');
  else if (email === null) errors.add('/author/email', 'required');
  return wanted;
}

/** Of a signed-in reader no field is asked for; a link that is none is not shown. */
const shownUrl = (site: Site, { url }: SignedIn): string | null =>
  site.policy.authorUrl ? checkWebAddress(new FieldErrors(), url) : null;

function checkAuthor(
  errors: FieldErrors,
  site: Site,
  author: NonNullable<CommentInput['author']>,
): Pick<CheckedFields, 'name' | 'email' | 'url'> {
  // Whoever was to sign in, and did not, was asked for nothing else.
  if (errors.has('/author/identity')) return { name: null, email: null, url: null };
  const { limits, requiredFields } = site.policy;
  const name = checkName(errors, site, author.name);
  const address = checkText(errors, '/author/email', author.email, {
    required: requiredFields.includes('email'),
    limit: limits.email,
  });
  const email = checkEmail(errors, address);
  return { name, email, url: checkAuthorUrl(errors, site, author.url) };
}

/** What fields are checked by, beside what was written. */
interface FieldRules {
  site: Site;
  offersReplies: boolean;
  signedIn: SignedIn | null;
}

/**
 * Checks what the author wrote against the site's policy, whatever the client checked before.
 * `errors` may already hold wrong types; every bad field is in it afterwards. Null where any is.
 */
export function checkFields(
  errors: FieldErrors,
  { site, offersReplies: offered, signedIn }: FieldRules,
  input: CommentInput,
): CheckedFields | null {
  const { name, email, url } = signedIn
    ? { ...signedIn, url: shownUrl(site, signedIn) }
    : checkAuthor(errors, site, input.author ?? {});
  const body = checkBody(errors, site, input.body);
  const wantsReplies = checkSubscribe(errors, input.subscribe, { offered, email });
  if (errors.list.length > 0 || body === null) return null;
  return { name, email, url, body, wantsReplies };
}
