import * as z from 'zod';
import type { ProblemCode } from '../../errors.ts';
import { PROBLEM_STATUS } from '../../errors.ts';
import type { HttpConfig } from '../http-config.ts';
import type { Route } from '../route.ts';
import { headerParametersOf } from './header-parameters.ts';
import { problem, problemsOf } from './problems.ts';
import { headersOfAnswer, headersOfProblem, RESPONSE_HEADERS } from './response-headers.ts';

type Json = { [member: string]: unknown };

export interface ApiDescription {
  routes: readonly Route[];
  config: HttpConfig;
}

/** Answers may get new members one day: whoever checks one against its schema must let them pass. */
const mayGrow = (schema: string): string => schema.replaceAll(',"additionalProperties":false', '');

/** Schemas with an id become components; everything else stands where it is used. */
function createSchemas(): { schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json; components: Json } {
  const components: Json = {};
  return {
    components,
    schemaOf(schema, io) {
      const { $defs, $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
      const parsed = (part: unknown): Json =>
        JSON.parse(mayGrow(JSON.stringify(part)).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
      for (const [name, definition] of Object.entries(($defs as Json | undefined) ?? {})) {
        components[name] = parsed(definition);
      }
      const { id, ...inline } = parsed(rest);
      if (typeof id !== 'string') return inline;
      components[id] = inline;
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

const JSON_TYPE = 'application/json';
const HAVE_NO_BODY: ReadonlySet<string> = new Set(['204', '303', '308']);

type SchemaOf = ReturnType<typeof createSchemas>['schemaOf'];

function parametersOf(route: Route, schemaOf: SchemaOf): Json[] {
  const { path, operation } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const shape = operation.query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
  return [...inPath, ...inQuery, ...headerParametersOf(route)];
}

const TEXT = { schema: { type: 'string' } };

/** What the answer of a status is made of: JSON by its schema, or the operation's own types. */
function contentOf({ operation }: Route, status: string, schemaOf: SchemaOf): Json | null {
  const answer = operation.answers[Number(status)];
  const others = HAVE_NO_BODY.has(status) ? [] : (operation.types ?? []);
  const content = {
    ...Object.fromEntries(others.map((type) => [type, type === JSON_TYPE ? {} : TEXT])),
    ...(answer instanceof z.ZodType && { [JSON_TYPE]: { schema: schemaOf(answer, 'output') } }),
  };
  return Object.keys(content).length > 0 ? content : null;
}

function goodResponsesOf(route: Route, schemaOf: SchemaOf): Json {
  const { answers, conditional } = route.operation;
  const good = Object.entries(answers).map(([status, answer]) => {
    const words = status === '201' ? 'Made; Location is where.' : 'The answer.';
    const content = contentOf(route, status, schemaOf);
    const headers = headersOfAnswer(route, Number(status));
    const description = typeof answer === 'string' ? answer : words;
    return [status, { description, ...(headers && { headers }), ...(content && { content }) }];
  });
  const description = 'The caller has it already, as If-None-Match says.';
  const unchanged = { 304: { description, headers: headersOfAnswer(route, 304) } };
  return { ...Object.fromEntries(good), ...(conditional && unchanged) };
}

function responsesOf(route: Route, schemaOf: SchemaOf): Json {
  const responses = goodResponsesOf(route, schemaOf);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    byStatus.set(PROBLEM_STATUS[code], [...(byStatus.get(PROBLEM_STATUS[code]) ?? []), code]);
  }
  for (const [status, codes] of byStatus) {
    const headers = headersOfProblem(route, codes);
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      ...(headers && { headers }),
      content: {
        'application/problem+json': { schema: schemaOf(problem, 'output') },
        ...(route.operation.presentProblem && { 'text/html': TEXT }),
      },
    };
  }
  return responses;
}

const BODY_TYPES = {
  json: 'application/json',
  table: 'application/json',
  form: 'application/x-www-form-urlencoded',
  file: 'application/octet-stream',
} as const;

/** Each of a list will do; the empty one is nobody in particular. */
function securityOf({ caller, operation }: Route): Json[] {
  if (caller === 'filter') return [{ signature: [] }];
  // Asked for a token only where the operator has set one.
  if (caller === 'metrics') return [{}, { bearer: [] }];
  if (caller === 'public') return operation.takesEditToken ? [{}, { bearer: [] }] : [];
  const isStaff = caller === 'moderator' || caller === 'admin';
  return [{ bearer: [] }, ...(isStaff ? [{ session: [] }] : [])];
}

function operationOf(route: Route, schemaOf: SchemaOf): Json {
  const { operation, body } = route;
  const content =
    body === 'file'
      ? { [BODY_TYPES[body]]: { schema: {} } }
      : body === 'none' || !operation.body
        ? null
        : {
            [BODY_TYPES[body]]: { schema: schemaOf(operation.body, 'input') },
            ...(body === 'table' && { 'text/csv': { schema: { type: 'string' } } }),
          };
  return {
    operationId: operation.name,
    summary: operation.summary,
    parameters: parametersOf(route, schemaOf),
    ...(content && { requestBody: { required: true, content } }),
    responses: responsesOf(route, schemaOf),
    security: securityOf(route),
  };
}

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'Standard Webhooks: with webhook-id and webhook-timestamp, over the raw bytes.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'gatehouse_session',
    description: 'For pages of the same origin only; calls that write need X-Requested-With, any value.',
  },
};

const ABOUT =
  'A comment moderation service. Every answer has an X-Request-Id, and every problem a Content-Language.';

const documents = new WeakMap<readonly Route[], string>();

/** The OpenAPI 3.1 document of a route table. Made when first asked for; the same text ever after. */
export function openApiDocument({ routes, config }: ApiDescription): string {
  const known = documents.get(routes);
  if (known !== undefined) return known;
  const { schemaOf, components } = createSchemas();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operationOf(route, schemaOf);
  }
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Gatehouse', version: config.version, description: ABOUT },
    servers: [{ url: config.publicUrl }],
    paths,
    components: { schemas: components, headers: RESPONSE_HEADERS, securitySchemes: SECURITY_SCHEMES },
  });
  documents.set(routes, document);
  return document;
}
