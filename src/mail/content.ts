import { directionOf } from '../text/direction.ts';
import { html, type SafeHtml, webHref } from '../text/html.ts';

/** A part of a mail. One content makes both of its forms, plain and HTML, so that they never differ. */
export type Block =
  | { kind: 'text'; text: string }
  /** What a commenter wrote. `where` goes on after the name, in its language's punctuation. */
  | { kind: 'quote'; name: string; where: string; text: string }
  /** The first is the one to take where there is no reason for another. */
  | { kind: 'links'; links: { label: string; url: string }[] }
  | { kind: 'small'; text: string }
  | { kind: 'smallLink'; label: string; url: string };

export interface Content {
  /** The language that the words are in. */
  language: string;
  subject: string;
  heading: string;
  blocks: Block[];
}

const indented = (text: string): string => text.replace(/^/gm, '> ');

function plainBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
    case 'small':
      return block.text;
    case 'quote':
      return `${block.name}${block.where}\n\n${indented(block.text)}`;
    case 'links':
      return block.links.map(({ label, url }) => `${label}:\n${url}`).join('\n');
    case 'smallLink':
      return `${block.label}:\n${block.url}`;
  }
}

export function plainOf({ heading, blocks }: Content): string {
  return `${[heading, ...blocks.map(plainBlock)].join('\n\n')}\n`;
}

// Colours of the pages' stylesheet, on light ground alone: programs that darken mail do it by themselves.
const INK = '#1f1d1a';
const SOFT = '#68635a';
const ACCENT = '#17594f';
const LINE = '#e3dfd6';
const LATIN = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";
const ARABIC = "Vazirmatn, Vazir, 'Segoe UI', Tahoma, Arial, sans-serif";

const small = `margin:0 0 12px;color:${SOFT};font-size:14px`;
const button =
  'display:inline-block;margin-block:0 8px;margin-inline:0 8px;padding:9px 18px;border-radius:8px;';
const first = `${button}border:1px solid ${ACCENT};background:${ACCENT};color:#ffffff;text-decoration:none`;
const other = `${button}border:1px solid ${ACCENT};color:${ACCENT};text-decoration:none`;

/** Text with its line breaks. */
const lines = (text: string): SafeHtml[] =>
  text.split('\n').map((line, i) => (i === 0 ? html`${line}` : html`<br>\n${line}`));

function htmlBlock(block: Block): SafeHtml {
  switch (block.kind) {
    case 'text':
      return html`<p style="margin:0 0 16px">${lines(block.text)}</p>`;
    case 'small':
      return html`<p style="${small}">${lines(block.text)}</p>`;
    case 'quote':
      return html`<div style="margin:0 0 16px;padding-inline-start:14px;border-inline-start:3px solid ${LINE}">
<p style="${small};margin-block-end:4px"><strong style="color:${INK}"><bdi>${block.name}</bdi></strong>${block.where}</p>
<p dir="auto" style="margin:0;overflow-wrap:anywhere">${lines(block.text)}</p>
</div>`;
    case 'links':
      return html`<p style="margin:0 0 16px">${block.links.map(
        ({ label, url }, i) =>
          html`<a href="${webHref(url)}" style="${i === 0 ? first : other}">${label}</a>\n`,
      )}</p>`;
    case 'smallLink':
      return html`<p style="${small}"><a href="${webHref(block.url)}" style="color:${ACCENT}">${block.label}</a></p>`;
  }
}

/** A whole document. Mail programs take styles from attributes, and many from nowhere else. */
export function htmlOf({ language, subject, heading, blocks }: Content): string {
  const direction = directionOf(language);
  const font = direction === 'rtl' ? ARABIC : LATIN;
  return html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${subject}</title>
</head>
<body dir="${direction}" style="margin:0;padding:0;background:#ffffff">
<div lang="${language}" dir="${direction}" style="max-width:600px;margin:0 auto;padding:24px 16px;color:${INK};font-family:${font};font-size:16px;line-height:${
    direction === 'rtl' ? '1.9' : '1.6'
  };overflow-wrap:break-word">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.4">${heading}</h1>
${blocks.map((block) => html`${htmlBlock(block)}\n`)}</div>
</body>
</html>
`.toString();
}
