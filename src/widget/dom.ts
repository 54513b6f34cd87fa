type Value = string | number | boolean | null | undefined | ((event: Event) => void);
export type Child = Node | string | null | undefined | false;

/** An element. Functions listen; `true` is an attribute without a value; null, undefined and false are none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : `${value}`);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** A button that says in words what it does. */
export function button(
  text: string,
  click: (event: Event) => void,
  attributes: Record<string, Value> = {},
): HTMLButtonElement {
  return h('button', { type: 'button', part: 'button', click, ...attributes }, text);
}

/** A name or word from outside, in its own direction. */
export const isolated = (text: string): HTMLElement => h('bdi', {}, text);

/** Only the web: no other scheme becomes a link. */
export const webAddress = (url: string | null | undefined): string | null =>
  url && /^https?:\/\//i.test(url) ? url : null;
