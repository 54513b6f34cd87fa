import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { dashboardSecurity } from './pages/page-headers.ts';
import { createSharedAnswer, type SharedAnswer } from './shared-answer.ts';

/** The built dashboard, read at the first ask: a start need not wait for it. */
export interface DashboardFiles {
  /** The page, or a file by the name that the page gives; null where there is none. */
  find(name: string): SharedAnswer | null;
}

export const DASHBOARD_PAGE = 'index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
/** The build puts a hash of a file's bytes into its name; the page itself keeps its name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface DashboardFilesOptions {
  folder: string;
  https: boolean;
  /** Whether mail goes out: then the page offers to have a new password's link sent. */
  mails: boolean;
}

export function createDashboardFiles({ folder, https, mails }: DashboardFilesOptions): DashboardFiles {
  let files: Map<string, SharedAnswer> | null = null;

  function read(): Map<string, SharedAnswer> {
    const security = dashboardSecurity(https);
    // Names come from the folder, never from a request: nothing else can be asked for.
    const found = readdirSync(folder).flatMap((name): [string, SharedAnswer][] => {
      const contentType = TYPES[extname(name)];
      if (contentType === undefined) return [];
      const text = readFileSync(join(folder, name), 'utf8');
      const body = mails && name === DASHBOARD_PAGE ? text.replace('<body>', '<body data-mails>') : text;
      const cacheControl = name === DASHBOARD_PAGE ? 'no-cache' : FOR_EVER;
      const servesOrigin = () => false;
      return [[name, createSharedAnswer({ contentType, body, security, servesOrigin, cacheControl })]];
    });
    return new Map(found);
  }

  return {
    find(name) {
      files ??= read();
      return files.get(name) ?? null;
    },
  };
}
