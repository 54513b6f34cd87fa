import { readHtml } from './html-check.ts';

/** A form as a browser would send it. */
export interface FilledForm {
  action: string;
  method: string;
  fields: URLSearchParams;
}

/** Reads the form with that id out of a page: every input with its value, every textarea with its text. */
export function readForm(page: string, id: string): FilledForm {
  const found = new RegExp(`<form[^>]*\\bid="${id}".*?</form>`, 's').exec(page);
  if (!found) throw new Error(`no form ${id} on the page: ${page.slice(0, 500)}`);
  const { elements } = readHtml(found[0]);
  const form = elements.find(({ name }) => name === 'form')?.attributes ?? {};
  const fields = new URLSearchParams();
  for (const { name, attributes } of elements) {
    if (name === 'input' && attributes.name) fields.set(attributes.name, attributes.value ?? '');
  }
  for (const [, attributes, text] of found[0].matchAll(/<textarea([^>]*)>\n?(.*?)<\/textarea>/gs)) {
    const name = /\bname="([^"]*)"/.exec(attributes ?? '')?.[1];
    if (name) fields.set(name, readHtml(text ?? '').text);
  }
  return { action: form.action ?? '', method: (form.method ?? 'get').toUpperCase(), fields };
}
