/**
 * HTML that was made here and may stand as it is. Only `html` and `trusted` make one, so that a string
 * from outside can't pass for markup by its shape.
 */
export class SafeHtml {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a template: nothing for null, undefined and false; lists are joined without a separator. */
export type Part = SafeHtml | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A NUL has no form in HTML; parsers put this in its place, and so do we, before they have to.
  '\0': '\uFFFD',
};

/** Text made fit for content and for quoted attributes alike. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (character) => ENTITIES[character] ?? character);
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof SafeHtml) return part.toString();
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
}

/** A template tag: everything that is put in is escaped unless it is SafeHtml. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): SafeHtml {
  let markup = strings[0] ?? '';
  for (const [index, part] of parts.entries()) markup += render(part) + (strings[index + 1] ?? '');
  return new SafeHtml(markup);
}

/** Markup that was sanitised elsewhere: a comment's stored `html`, never anything else from outside. */
export function trusted(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

/**
 * The content of a textarea. HTML drops one newline after the opening tag, so one is given for it to drop:
 * what was typed keeps its own.
 */
export function textareaContent(text: string): SafeHtml {
  return new SafeHtml(`\n${escapeHtml(text)}`);
}

/** The address where it is http(s), else null: no `javascript:` ever becomes a link. */
export function webHref(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

/** A sentence with its `{placeholders}` filled. Values are escaped; SafeHtml stands as it is. */
export function say(sentence: string, values: Record<string, Part> = {}): SafeHtml {
  const parts = sentence.split(/\{(\w+)\}/);
  return trusted(
    parts.map((part, index) => html`${index % 2 === 0 ? part : values[part]}`.toString()).join(''),
  );
}
