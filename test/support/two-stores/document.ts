import Ajv, { type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer } from '../service.ts';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** What is wrong with an answer by the service's own OpenAPI document: members and types that it does not name. */
export type CheckAnswer = (method: string, path: string, answer: Answer) => string[];

/** Templates with fewer parameters come first: a fixed name is no parameter. */
const byParameters = (a: string, b: string): number => a.split('{').length - b.split('{').length;

export function createDocumentCheck({ paths, components }: ApiDocument): CheckAnswer {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const templates = Object.keys(paths)
    .sort(byParameters)
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    }));
  const compiled = new Map<string, ValidateFunction>();
  const compile = (name: string, schema: object): ValidateFunction => {
    const validate = compiled.get(name) ?? ajv.compile({ ...schema, components });
    compiled.set(name, validate);
    return validate;
  };

  return (method, path, { status, headers, text, json }) => {
    const plain = path.split('?')[0] ?? '';
    const found = templates.find(
      ({ template, pattern }) => pattern.test(plain) && paths[template]?.[method.toLowerCase()],
    );
    if (!found) return [`no operation ${method} ${plain}`];
    const name = `${method} ${found.template} ${status}`;
    const response = paths[found.template]?.[method.toLowerCase()]?.responses[status];
    if (!response) return [`${name} is not in the document`];
    if (text === '') return response.content && status !== 304 ? [`${name} has no body`] : [];
    const type = String(headers['content-type']).split(';')[0] ?? '';
    const schema = response.content?.[type]?.schema;
    if (!schema) return [`${name} is ${type}`];
    if (json === undefined) return [];
    const validate = compile(`${name} ${type}`, schema);
    if (validate(json)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${name} ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
