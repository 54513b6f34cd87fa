import * as z from 'zod';
import type { ProblemCode } from '../../errors.ts';
import { PROBLEM_STATUS } from '../../errors.ts';
import type { HttpConfig } from '../http-config.ts';
import type { Route } from '../route.ts';

type Json = { [member: string]: unknown };

export interface ApiDescription {
  routes: readonly Route[];
  config: HttpConfig;
}

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          header: z.string().optional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, with a stable code' });

/** The codes that a route's line in the table implies, and its own. */
export function problemsOf({ path, caller, limit, body, cors, method, operation }: Route): ProblemCode[] {
  const codes = new Set<ProblemCode>(operation.problems ?? []);
  const add = (...more: ProblemCode[]): void => {
    for (const code of more) codes.add(code);
  };
  if (path.includes('{site}')) add('site-not-found');
  if (path.includes('{comment}')) add('comment-not-found');
  if (/\{(?:token|decision|moderator|filter|import)\}|aliases$/.test(path)) add('not-found');
  if (caller === 'moderator' || caller === 'admin') add('unauthenticated');
  // A cookie that writes wants X-Requested-With.
  if (caller === 'admin' || (caller === 'moderator' && method !== 'GET')) add('forbidden');
  if (caller === 'metrics') add('unauthenticated');
  if (caller === 'filter') add('bad-signature');
  if (limit !== null) add('rate-limited');
  if (method !== 'GET' && cors !== 'none') add('origin-not-allowed');
  if (body !== 'none') add('too-large', 'unsupported-media-type', 'validation-failed');
  if (body === 'json' || body === 'form') add('malformed-json');
  if (operation.query) add('malformed-url', 'validation-failed');
  if (operation.prepare) add('idempotency-key-in-progress', 'idempotency-key-reused', 'validation-failed');
  if (!path.startsWith('/docs') && path !== '/healthz') add('store-unavailable');
  return [...codes];
}

/** Schemas with an id become components; everything else stands where it is used. */
function createSchemas(): { schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json; components: Json } {
  const components: Json = {};
  return {
    components,
    schemaOf(schema, io) {
      const { $defs, $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
      const text = JSON.stringify(rest).replaceAll('#/$defs/', '#/components/schemas/');
      for (const [name, definition] of Object.entries(($defs as Json | undefined) ?? {})) {
        components[name] = JSON.parse(
          JSON.stringify(definition).replaceAll('#/$defs/', '#/components/schemas/'),
        );
      }
      const { id, ...inline } = JSON.parse(text) as Json;
      if (typeof id !== 'string') return inline;
      components[id] = inline;
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

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
  const header = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key and equal JSON give the first answer again, for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  };
  return [...inPath, ...inQuery, ...(operation.prepare ? [header] : [])];
}

function responsesOf(route: Route, schemaOf: SchemaOf): Json {
  const responses: Json = {};
  for (const [status, answer] of Object.entries(route.operation.answers)) {
    responses[status] =
      typeof answer === 'string'
        ? { description: answer }
        : {
            description: status === '201' ? 'Made; Location is where.' : 'The answer.',
            content: { 'application/json': { schema: schemaOf(answer, 'output') } },
          };
  }
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    byStatus.set(PROBLEM_STATUS[code], [...(byStatus.get(PROBLEM_STATUS[code]) ?? []), code]);
  }
  for (const [status, codes] of byStatus) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
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

const securityOf = (caller: Route['caller'], isStaff: boolean) =>
  caller === 'public' ? [] : [{ bearer: [] }, ...(isStaff ? [{ session: [] }] : [])];

function operationOf(route: Route, schemaOf: SchemaOf): Json {
  const { operation, body, caller } = route;
  const content =
    body === 'file'
      ? { [BODY_TYPES[body]]: { schema: {} } }
      : body === 'none' || !operation.body
        ? null
        : {
            [BODY_TYPES[body]]: { schema: schemaOf(operation.body, 'input') },
            ...(body === 'table' && { 'text/csv': { schema: { type: 'string' } } }),
          };
  const isStaff = caller === 'moderator' || caller === 'admin';
  const security = caller === 'filter' ? [{ signature: [] }] : securityOf(caller, isStaff);
  return {
    operationId: operation.name,
    summary: operation.summary,
    parameters: parametersOf(route, schemaOf),
    ...(content && { requestBody: { required: true, content } }),
    responses: responsesOf(route, schemaOf),
    security,
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
    info: { title: 'Gatehouse', version: config.version, description: 'A comment moderation service.' },
    servers: [{ url: config.publicUrl }],
    paths,
    components: { schemas: components, securitySchemes: SECURITY_SCHEMES },
  });
  documents.set(routes, document);
  return document;
}
