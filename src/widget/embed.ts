import { createApi } from './api.ts';
import type { Context, Write } from './context.ts';
import { h } from './dom.ts';
import { ownOf } from './keep.ts';
import css from './style.css';
import { createThread } from './thread.ts';
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

const loadWrite = (home: string): Promise<{ write: Write }> =>
  import(`${home}/embed/write.js?v=${WRITE_VERSION}`);

const focusOf = (): string | null => /^#comment-([\w-]+)$/.exec(location.hash)?.[1] ?? null;

/** `<gatehouse-comments site page page-id locale theme server>`: the thread of a page and a form for it. */
class GatehouseComments extends HTMLElement {
  static observedAttributes = ['site', 'page', 'page-id', 'locale'];
  #ends = new AbortController();

  connectedCallback(): void {
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#ends.abort();
  }

  attributeChangedCallback(_: string, before: string | null): void {
    if (before !== null && this.isConnected) this.#begin();
  }

  #begin(): void {
    this.#ends.abort();
    this.#ends = new AbortController();
    void this.#draw(this.#ends.signal);
  }

  async #draw(signal: AbortSignal): Promise<void> {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    const home = this.getAttribute('server')?.replace(/\/$/, '') ?? HOME;
    const api = createApi(home);
    const site = this.getAttribute('site') ?? '';
    const id = this.getAttribute('page-id');
    const canonical = document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href;
    const url = this.getAttribute('page') ?? canonical ?? location.href.replace(/#.*/, '');
    const pageQuery = id === null ? `page=${encodeURIComponent(url)}` : `pageId=${encodeURIComponent(id)}`;
    const getPolicy = (): Promise<Policy> => api<Policy>(`v1/sites/${site}?${pageQuery}`);
    const locale = this.getAttribute('locale') ?? this.closest('[lang]')?.getAttribute('lang');
    // Asked before the thread only where nothing else tells the language.
    const early = locale ? null : await getPolicy().catch(() => null);
    const words = await loadWords(api, locale || early?.locale || 'en');
    if (signal.aborted) return;

    const said = h('div', { class: 'said', role: 'status' });
    const main = h('section', { lang: words.locale, dir: words.direction, 'aria-label': words('title') });
    root.replaceChildren(main, said);
    const context: Context = {
      api,
      site,
      page: { url, id, title: document.title },
      pageQuery,
      words,
      policy: early,
      write: null,
      votes: {},
      own: ownOf(site),
      announce: (text) => {
        said.textContent = text;
      },
      show: () => undefined,
      openReply: () => undefined,
    };
    const thread = createThread(context, main, focusOf());
    addEventListener('hashchange', () => focusOf() && thread.reveal(focusOf() ?? ''), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || thread.lookAgain(), { signal });
    await thread.load();
    const finish = async (): Promise<void> => {
      try {
        const [policy, { write }] = await Promise.all([early ?? getPolicy(), loadWrite(home)]);
        if (!signal.aborted) await thread.complete(policy, write);
      } catch {
        thread.failed(finish);
      }
    };
    await finish();
  }
}

/** Fills every `<span data-gatehouse-count="URL">` by one call. */
async function fillCounts(site: string): Promise<void> {
  const places = [...document.querySelectorAll<HTMLElement>('[data-gatehouse-count]')];
  if (places.length === 0 || !site) return;
  const pages = places.map(
    (place) => new URL(place.dataset.gatehouseCount || location.href, location.href).href,
  );
  const body = { pages: pages.slice(0, 100) };
  const { counts } = await createApi(HOME)<{ counts: { count: number }[] }>(`v1/sites/${site}/counts`, {
    body,
  });
  for (const [index, { count }] of counts.entries()) {
    const place = places[index];
    if (!place) continue;
    const lang = place.closest('[lang]')?.getAttribute('lang') || undefined;
    place.textContent = new Intl.NumberFormat(lang).format(count);
  }
}

if (!customElements.get(TAG)) customElements.define(TAG, GatehouseComments);
const { site = '', page, pageId, locale, theme, countsOnly } = script?.dataset ?? {};
if (script && site && countsOnly === undefined) {
  const element = document.createElement(TAG);
  const attributes = { site, page, 'page-id': pageId, locale, theme };
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
  script.after(element);
}
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => void fillCounts(site));
else void fillCounts(site);
