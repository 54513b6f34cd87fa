import { createApi } from './api.ts';
import type { Context } from './context.ts';
import { h } from './dom.ts';
import { ownOf } from './keep.ts';
import { createPace } from './slices.ts';
import css from './style.css';
import { createThread, fetchListing, type Thread, type Write } from './thread.ts';
import type { Policy } from './types.ts';
import { loadWords } from './words.ts';

/** Where the service is: this script comes from there. */
const script = document.currentScript as HTMLScriptElement | null;
const HOME = script?.src ? new URL('.', script.src).href.replace(/\/$/, '') : '';
const TAG = 'gatehouse-comments';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Filled in by the build: a word that names this state of the second file. */
declare const WRITE_VERSION: string;

/** `again` makes another address of it: browsers may keep that a module did not load. */
const loadWrite = (home: string, again: string): Promise<{ write: Write }> =>
  import(`${home}/embed/write.js?v=${WRITE_VERSION}${again}`);

/** Where a thread's service is: bundled into another script this one does not know. */
const homeOf = (host: Element | null): string => host?.getAttribute('server')?.replace(/\/$/, '') ?? HOME;

/** The page as the element names it, of a path too; else the canonical one, else this one. */
function addressOf(host: Element): string {
  const given = host.getAttribute('page');
  if (given) return /^https?:/i.test(given) ? given : new URL(given, location.href).href;
  const canonical = document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href;
  return canonical || location.href.replace(/#.*/, '');
}

/** The language around it, also that around the shadow that it stands in. */
function languageAround(element: Element): string | null {
  const near = element.closest('[lang]');
  const root = element.getRootNode();
  if (near || !(root instanceof ShadowRoot)) return near?.getAttribute('lang') ?? null;
  return languageAround(root.host);
}

const focusOf = (): string | null => /^#comment-([\w-]+)$/.exec(location.hash)?.[1] ?? null;

/** Those of the page. */
const threads = new Set<Thread>();

/** `<gatehouse-comments site page page-id locale theme identity server>`: the thread of a page and a form for it. */
class GatehouseComments extends HTMLElement {
  static observedAttributes = ['site', 'page', 'page-id', 'locale'];
  #ends = new AbortController();
  /** False while the browser tells of the attributes that the element came with. */
  #stands = false;

  connectedCallback(): void {
    this.#stands = true;
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#stands = false;
    this.#ends.abort();
  }

  attributeChangedCallback(_: string, before: string | null, after: string | null): void {
    if (this.#stands && before !== after) this.#begin();
  }

  #begin(): void {
    this.#ends.abort();
    this.#ends = new AbortController();
    const { signal } = this.#ends;
    // Without a word to say it in: what stands here stays, and it is tried again when the line is back.
    this.#draw(signal).catch(() => addEventListener('online', () => this.#begin(), { signal, once: true }));
  }

  async #draw(signal: AbortSignal): Promise<void> {
    const home = homeOf(this);
    let spoken: string | undefined;
    const api = createApi(home, () => spoken);
    const site = this.getAttribute('site') ?? '';
    const id = this.getAttribute('page-id');
    const url = addressOf(this);
    const pageQuery = id === null ? `page=${encodeURIComponent(url)}` : `pageId=${encodeURIComponent(id)}`;
    const focus = focusOf();
    const listing = fetchListing({ api, site, pageQuery }, focus);
    // Where it fails, the thread says so once there are words for it. What a browser says of a site that is not there,
    // or that another page may read, is of headers.
    listing.catch(() =>
      // biome-ignore lint/suspicious/noConsole: it is said to whoever puts the widget into a page.
      console.warn(
        `No comments from ${home}: is there a site "${site}", and is ${location.origin} one of its origins?`,
      ),
    );
    const named = this.getAttribute('locale') || languageAround(this);
    // Side by side where the page names the language; else the site's comes with the thread.
    const locale = named || (await listing.then((answer) => answer.locale).catch(() => 'en'));
    const words = await loadWords(api, locale);
    spoken = words.locale;
    // A reader who has begun to write in what stands here until then is left to it.
    if (signal.aborted || (!this.shadowRoot && this.matches(':focus-within'))) return;

    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    const said = h('div', { class: 'said', role: 'status' });
    const main = h('section', { lang: words.locale, dir: words.direction, 'aria-label': words('title') });
    root.replaceChildren(main, said);
    const context: Context = {
      ...{ api, home, site, pageQuery, words, signal, host: this },
      page: { url, id, title: document.title },
      policy: null,
      actionsOf: null,
      pending: [],
      votes: {},
      own: ownOf(site),
      pace: createPace(),
      announce: (text) => {
        said.textContent = text;
      },
      drawn: () => undefined,
      show: () => undefined,
      openReply: () => undefined,
    };
    const thread = createThread(context, main);
    threads.add(thread);
    signal.addEventListener('abort', () => threads.delete(thread));
    const follow = (): void => {
      const id = focusOf();
      // What another thread of the page has is not looked for in this one.
      const isElsewhere = id && !thread.find(id) && [...threads].some((one) => one.find(id));
      if (id && !isElsewhere) thread.reveal(id);
    };
    addEventListener('hashchange', follow, { signal });
    await thread.load({ focus, listing });
    let again = '';
    const finish = async (): Promise<void> => {
      try {
        const [policy, { write }] = await Promise.all([
          api<Policy>(`v1/sites/${site}?${pageQuery}`),
          loadWrite(home, again),
          words.loadRest(),
        ]);
        if (!signal.aborted) await write.complete(context, thread, policy);
      } catch {
        again += '&again';
        thread.sayFailed(thread.respond, finish);
      }
    };
    await finish();
  }
}

/** The contract's most of one call. */
const MOST_COUNTS = 100;

/** What a place is to count; null where its address is none, which shall not spoil the others. */
function pageOf({ dataset }: HTMLElement): string | null {
  try {
    return new URL(dataset.gatehouseCount || location.href, location.href).href;
  } catch {
    return null;
  }
}

/** In the digits of the language around it, written `fa_IR` too; in the browser's where that is none. */
function digitsFor(place: HTMLElement): Intl.NumberFormat {
  const lang = place.closest('[lang]')?.getAttribute('lang')?.replaceAll('_', '-');
  try {
    return new Intl.NumberFormat(lang || undefined);
  } catch {
    return new Intl.NumberFormat();
  }
}

/** Fills every `<span data-gatehouse-count="URL">`, a hundred by one call. Where it fails, what stands there stays. */
async function fillCounts(home: string, site: string): Promise<void> {
  if (!site) return;
  const places = [...document.querySelectorAll<HTMLElement>('[data-gatehouse-count]')].filter(pageOf);
  const api = createApi(home);
  while (places.length > 0) {
    const some = places.splice(0, MOST_COUNTS);
    const { counts } = await api<{ counts: { count: number }[] }>(`v1/sites/${site}/counts`, {
      body: { pages: some.map(pageOf) },
    });
    for (const place of some) place.textContent = digitsFor(place).format(counts.shift()?.count ?? 0);
  }
}

function whenParsed(act: () => void): void {
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', act);
  else act();
}

if (!customElements.get(TAG)) customElements.define(TAG, GatehouseComments);
const { site = '', page, pageId, locale, theme, identity, countsOnly } = script?.dataset ?? {};
// A page kept as the browser had it, for a crawler or for the way back, comes with the element.
const isThere =
  script?.nextElementSibling?.matches(TAG) && script.nextElementSibling.getAttribute('site') === site;
if (script && site && countsOnly === undefined && !isThere) {
  const element = document.createElement(TAG);
  // Another service's script may have come first, whose element this is then.
  const attributes = { site, page, 'page-id': pageId, locale, theme, identity, server: HOME };
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
  if (script.parentNode !== document.head) script.after(element);
  // Nothing is seen in the head: below the page then, unless a thread has its place.
  else whenParsed(() => document.querySelector(TAG) ?? document.body.append(element));
}
/** Of the script's site, else of the first thread's. */
whenParsed(() => {
  const first = site ? null : document.querySelector(TAG);
  fillCounts(homeOf(first), site || first?.getAttribute('site') || '').catch(() => undefined);
});
