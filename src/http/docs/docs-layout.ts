import { createHash } from 'node:crypto';
import type { SafeHtml } from '../../text/html.ts';
import { html, trusted } from '../../text/html.ts';
import type { RawHeaders } from '../raw-headers.ts';
import { captureSecurityHeaders } from '../security-headers.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --quiet: #595959; --accent: #0a6b5d; }
@media (prefers-color-scheme: dark) { :root { --quiet: #b0b0b0; --accent: #5fd3bf; } }
body { font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 1.9rem; line-height: 1.2; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 2rem 0 .25rem; scroll-margin-top: 1rem; } a { color: var(--accent); }
code, pre { font: .875em/1.5 ui-monospace, monospace; } pre { background: var(--soft); padding: .75rem 1rem; overflow-x: auto; }
:target { background: var(--soft); } table { border-collapse: collapse; width: 100%; overflow-wrap: break-word; }
td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); }
.method { display: inline-block; min-width: 4.5rem; color: var(--accent); font-weight: 600; } .soft { color: var(--quiet); }
@media (max-width: 40rem) { table, tbody, tr, td { display: block; overflow-wrap: anywhere; } td + td { border: 0; padding-top: 0; } }
`;

/** The page's one style sheet stands in it, and its hash in the policy: nothing else is loaded or run. */
function policyDirectives(): Record<string, string[]> {
  return { 'style-src': [`'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`] };
}

export interface DocsPage {
  contentType: string;
  body: string;
  security: RawHeaders;
}

/** A page of the documentation. */
export function docsPage(title: string, main: SafeHtml, { https }: { https: boolean }): DocsPage {
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`;
  return {
    contentType: 'text/html; charset=utf-8',
    body: body.toString(),
    security: captureSecurityHeaders({ https, directives: policyDirectives() }),
  };
}
