/** A tag as a parser sees it: name and attributes, entities decoded. */
export interface Tag {
  name: string;
  attributes: Record<string, string>;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

/** Character references as our pages write them. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return NAMED[name] ?? whole;
  });
}

/**
 * Every opening tag of a document, read by the rules of the HTML tokenizer for quoted attributes. Throws
 * at anything a page of ours never writes: an unquoted value, a `<` that begins no tag, a tag left open.
 */
export function tagsOf(markup: string): Tag[] {
  const tags: Tag[] = [];
  const text = markup.replace(/^<!doctype html>/i, '');
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const tag = /^<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/.exec(
      text.slice(at, at + 20_000),
    );
    if (!tag) throw new Error(`no tag of ours: ${text.slice(at, at + 80)}`);
    const [whole, closing, name = '', rest = ''] = tag;
    at += whole.length;
    if (closing) continue;
    const attributes: Record<string, string> = {};
    for (const [, key = '', value = ''] of rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
      if (key in attributes) throw new Error(`twice the attribute ${key} in ${whole}`);
      attributes[key] = decodeEntities(value);
    }
    tags.push({ name, attributes });
  }
  return tags;
}

/** What stands between the tags of the first element of that name. */
export function contentOf(markup: string, name: string): string {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(markup);
  if (!found) throw new Error(`no ${name}`);
  return decodeEntities(found[1] ?? '');
}
