import type { ProblemCode } from '../../errors.ts';
import { PROBLEM_STATUS } from '../../errors.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html } from '../../text/html.ts';
import { basePath } from '../pages/layout.ts';
import type { Route } from '../route.ts';
import type { DocsPage } from './docs-layout.ts';
import { docsPage } from './docs-layout.ts';
import type { ApiDescription } from './openapi.ts';
import { openApiDocument } from './openapi.ts';
import { problemsOf } from './problems.ts';

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: { type?: string; description?: string; enum?: string[] };
}

interface OperationView {
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

const CALLERS: Record<Route['caller'], string> = {
  public: 'no credentials',
  author: 'the comment’s edit token',
  filter: 'the filter’s signature',
  moderator: 'a moderator’s cookie or token',
  admin: 'an admin’s cookie or token',
  metrics: 'the token of METRICS_TOKEN, where set',
};

// What scrolls sideways can be reached by the keyboard.
const schemaText = (schema: object): SafeHtml =>
  html`<pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>`;

function parameterRow({
  name,
  in: place,
  required,
  schema,
  description = schema.description,
}: Parameter): SafeHtml {
  const kind = schema.enum?.join(' | ') ?? schema.type ?? '';
  return html`<tr><td><code>${name}</code></td><td>${place}${required ? ', required' : ''}</td><td>${kind}</td><td>${description ?? ''}</td></tr>`;
}

const problemLink = (base: string, code: ProblemCode): SafeHtml =>
  html`<a href="${base}/docs/errors#${code}">${PROBLEM_STATUS[code]} ${code}</a>`;

function callSection(route: Route, view: OperationView, base: string): SafeHtml {
  const { method, path, operation, caller, limit } = route;
  const body = Object.entries(view.requestBody?.content ?? {});
  const answers = Object.entries(view.responses).filter(([status]) => Number(status) < 400);
  const problems = problemsOf(route).flatMap((code, index) =>
    index === 0 ? [problemLink(base, code)] : [', ', problemLink(base, code)],
  );
  return html`<h3 id="${operation.name}"><span class="method">${method}</span><code>${path}</code></h3>
<p>${operation.summary}</p>
<p class="soft">Caller: ${CALLERS[caller]}.${limit === null ? null : html` Limit: ${limit}.`}</p>
${view.parameters.length > 0 ? html`<table>${view.parameters.map(parameterRow)}</table>` : null}
${body.map(([type, { schema }]) => html`<details><summary>Body, ${type}</summary>${schemaText(schema)}</details>`)}
${answers.map(
  ([status, answer]) =>
    html`<details><summary>${status} ${answer.description}</summary>${Object.values(answer.content ?? {}).map(({ schema }) => schema && schemaText(schema))}</details>`,
)}
<p class="soft">Problems: ${problems.length > 0 ? problems : 'none'}</p>
`;
}

/** The contract as one page, made from the OpenAPI document. */
export function referencePage(description: ApiDescription): DocsPage {
  const { routes, config } = description;
  const base = basePath(config.publicUrl);
  const document = JSON.parse(openApiDocument(description)) as {
    paths: Record<string, Record<string, OperationView>>;
    components: { schemas: Record<string, object> };
  };
  const calls = routes.flatMap((route) => {
    const view = document.paths[route.path]?.[route.method.toLowerCase()];
    return view ? [callSection(route, view, base)] : [];
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => html`<h3 id="schema-${name}"><code>${name}</code></h3>${schemaText(schema)}`,
  );
  const main = html`<p>Version ${config.version}. The same for programs: <a href="${base}/openapi.json">openapi.json</a>. What can go wrong: <a href="${base}/docs/errors">errors</a>.</p>
<h2>Calls</h2>
${calls}
<h2>Schemas</h2>
${schemas}`;
  return docsPage('Gatehouse: the HTTP contract', main, { https: config.publicUrl.startsWith('https:') });
}
