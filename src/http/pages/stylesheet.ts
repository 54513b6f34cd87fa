import { createHash } from 'node:crypto';
import base from './base.css';
import form from './form.css';
import thread from './thread.css';

/** The one stylesheet of all pages. */
export const STYLESHEET = `${base}\n${thread}\n${form}`;

/** Changes with the sheet's bytes, so that its address may be kept for ever. */
export const STYLESHEET_VERSION = createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 10);

export const STYLESHEET_PATH = '/assets/thread.css';

export function stylesheetHref(base: string): string {
  return `${base}${STYLESHEET_PATH}?v=${STYLESHEET_VERSION}`;
}
