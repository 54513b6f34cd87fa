import { existsSync } from 'node:fs';

/**
 * Where a browser is: Debian's build of Chromium without a browser's own windows has the same engine and takes a
 * sixth of the processor time.
 */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** The browser of tests and bench; there may be none. */
export const CHROMIUM =
  process.env.GATEHOUSE_TEST_CHROMIUM ?? BROWSERS.find((path) => existsSync(path)) ?? '/usr/bin/chromium';
