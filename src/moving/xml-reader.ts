import { SaxesParser } from 'saxes';
import { createDecoder } from './decoding.ts';
import { MalformedFile, MOST_AT_ONCE } from './legacy.ts';

/** What happens in a document, to whoever reads it. Names are as written, with their prefix. */
export interface XmlEvents {
  /** `path` ends with the element itself. */
  open(path: readonly string[], attributes: Readonly<Record<string, string>>, line: number): void;
  /** `text` is what stood directly in the element. */
  close(path: readonly string[], text: string): void;
}

export interface XmlReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** No export nests so deep; what does is out for our memory. */
const MOST_DEPTH = 64;
/** Characters that XML forbids but exports of old texts carry. They are no part of any text that we keep. */
const FORBIDDEN = /[^\t\n\r\x20-\ufffd]/g;
/** Characters; of tags that are repaired. */
const LONGEST_TAG = 500;
/** As saxes puts before what it says. */
const PLACE = /^(?:[^:]*:)?\d+:\d+: /;

/**
 * The same text in memory of its own. What a parser cuts out of a piece of the file keeps the whole piece alive, for
 * as long as anybody keeps the cutting; V8 makes joined texts flat, apart from what they were joined of, to cut them.
 */
const apart = (text: string): string => ` ${text}`.slice(1);

/**
 * A strict reader of XML: what is not well-formed is a MalformedFile with its line. Nothing is ever fetched
 * or expanded: a document type with declarations is refused, and other entities than XML's own are unknown.
 * `repair` mends what a system is known to write wrongly, and hears whole tags.
 */
export function createXmlReader(events: XmlEvents, repair?: (text: string) => string): XmlReader {
  const decoder = createDecoder();
  const parser = new SaxesParser({ xmlns: false, position: true });
  const path: string[] = [];
  const texts: string[] = [];
  let sinceEvent = 0;
  let hasBegun = false;
  let tail = '';

  const fail = (reason: string): never => {
    throw new MalformedFile(parser.line, reason);
  };
  const addText = (text: string): void => {
    sinceEvent = 0;
    if (texts.length > 0) texts[texts.length - 1] += text;
    if ((texts.at(-1)?.length ?? 0) > MOST_AT_ONCE) fail('an element is too long');
  };
  parser.on('error', (error) => fail(error.message.replace(PLACE, '')));
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) fail('a document type with declarations is not read');
  });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!decoder.isReadAs(encoding)) fail('the file is not in UTF-8: its first line names another encoding');
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    path.push(name);
    texts.push('');
    if (path.length > MOST_DEPTH) fail('elements are nested too deep');
    events.open(path, attributes, parser.line);
  });
  parser.on('closetag', () => {
    sinceEvent = 0;
    events.close(path, apart(texts.pop() ?? ''));
    path.pop();
  });

  /** Empty lines and stray signs before the first element: plug-ins print them, and they mean nothing. */
  function withoutHead(text: string): string {
    if (hasBegun) return text;
    const begin = text.indexOf('<');
    hasBegun = begin >= 0;
    parser.line += text.slice(0, hasBegun ? begin : undefined).split('\n').length - 1;
    return hasBegun ? text.slice(begin) : '';
  }

  /** Tags are repaired whole: one that a piece cuts off waits for the next. */
  function repaired(piece: string): string {
    if (!repair) return piece;
    const text = tail + piece;
    const cut = text.lastIndexOf('<');
    const isCut = cut > text.lastIndexOf('>') && text.length - cut < LONGEST_TAG;
    tail = isCut ? text.slice(cut) : '';
    return repair(isCut ? text.slice(0, cut) : text);
  }

  function feed(text: string): void {
    sinceEvent += text.length;
    parser.write(repaired(withoutHead(text).replace(FORBIDDEN, '')));
    if (sinceEvent > MOST_AT_ONCE) fail('an element is too long');
  }

  return {
    write: (bytes) => feed(decoder.decode(bytes, parser.line)),
    end() {
      feed(decoder.end(parser.line));
      parser.write(tail);
      parser.close();
    },
  };
}
