import { createHash } from 'node:crypto';
import { BASE_STYLE } from './style-base.ts';
import { THREAD_STYLE } from './style-thread.ts';

/** The one stylesheet of all pages. */
export const STYLESHEET = (BASE_STYLE + THREAD_STYLE).trimStart();

/** Changes with the sheet's bytes, so that its address may be kept for ever. */
export const STYLESHEET_VERSION = createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 10);

export const STYLESHEET_PATH = '/assets/thread.css';

export function stylesheetHref(base: string): string {
  return `${base}${STYLESHEET_PATH}?v=${STYLESHEET_VERSION}`;
}
