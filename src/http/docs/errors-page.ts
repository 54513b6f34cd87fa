import type { ProblemCode } from '../../errors.ts';
import { FIELD_CODES, PROBLEM_STATUS } from '../../errors.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html } from '../../text/html.ts';
import type { HttpConfig } from '../http-config.ts';
import { basePath } from '../pages/layout.ts';
import type { DocsPage } from './docs-layout.ts';
import { docsPage } from './docs-layout.ts';
import type { CodeEntry } from './error-reference.ts';
import { FIELD_REFERENCE, PROBLEM_REFERENCE } from './error-reference.ts';

const entry = (anchor: string, code: string, { meaning, remedy }: CodeEntry, status?: number): SafeHtml =>
  html`<h3 id="${anchor}"><code>${code}</code>${status === undefined ? null : html` <span class="soft">${status}</span>`}</h3>
<p>${meaning} <em>${remedy}</em></p>
`;

/** Every code with its meaning, the code as anchor. */
export function errorsPage({ config }: { config: HttpConfig }): DocsPage {
  const problems = Object.entries(PROBLEM_STATUS) as [ProblemCode, number][];
  const main = html`<p>Every answer that says no is <code>application/problem+json</code> (RFC 9457). See also <a href="${basePath(config.publicUrl)}/docs">the calls</a>.</p>
<h2>Problem codes</h2>
${problems.map(([code, status]) => entry(code, code, PROBLEM_REFERENCE[code], status))}
<h2>Field codes</h2>
${FIELD_CODES.map((code) => entry(`field-${code}`, code, FIELD_REFERENCE[code]))}`;
  return docsPage('Gatehouse: errors', main, { https: config.publicUrl.startsWith('https:') });
}
