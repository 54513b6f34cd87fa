import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../../errors.ts';
import { hashToken } from '../../keys.ts';
import { errorsPage } from '../docs/errors-page.ts';
import { openApiDocument } from '../docs/openapi.ts';
import { referencePage } from '../docs/reference-page.ts';
import type { PlainReply } from '../reply.ts';
import { JSON_TYPE, json } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { readHealth } from './first-routes.ts';

export const getHealth: Operation = {
  name: 'getHealth',
  summary: 'Whether the process runs.',
  answers: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
  handle: readHealth,
};

export const getReadiness: Operation = {
  name: 'getReadiness',
  summary: 'Whether the store can be read and written.',
  answers: { 200: z.object({ status: z.literal('ok') }) },
  async handle(_context, { ready }) {
    await ready();
    return json(200, { status: 'ok' });
  },
};

/** The token of METRICS_TOKEN, compared in a time that tells nothing. */
function guardMetrics({ bearer }: Context, { config }: App): void {
  const { metricsToken } = config;
  if (metricsToken === null) return;
  const isRight =
    bearer !== null && timingSafeEqual(Buffer.from(hashToken(bearer)), Buffer.from(hashToken(metricsToken)));
  if (!isRight) throw new AppError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
}

export const getMetrics: Operation = {
  name: 'getMetrics',
  summary: 'Figures for Prometheus.',
  answers: { 200: 'Prometheus text format.' },
  types: ['text/plain'],
  guard: guardMetrics,
  async handle(_context, { metrics }): Promise<PlainReply> {
    const { contentType, text } = await metrics.render();
    return { kind: 'plain', status: 200, headers: ['Content-Type', contentType], body: text };
  },
};

export const getOpenApi: Operation = {
  name: 'getOpenApi',
  summary: 'This contract as OpenAPI 3.1, made from the schemas that check the input.',
  answers: { 200: 'An OpenAPI document.' },
  types: ['application/json'],
  conditional: true,
  async handle(context, { share, routes, config }) {
    return share(context, { contentType: JSON_TYPE, body: openApiDocument({ routes, config }) });
  },
};

export const getDocs: Operation = {
  name: 'getDocs',
  summary: 'This contract as a page that loads nothing from elsewhere.',
  answers: { 200: 'An HTML page.' },
  types: ['text/html'],
  conditional: true,
  async handle(context, { share, routes, config }) {
    return share(context, referencePage({ routes, config }));
  },
};

export const getErrorDocs: Operation = {
  name: 'getErrorDocs',
  summary: 'Every problem and field code: what it means and what to do. A problem’s `type` leads here.',
  answers: { 200: 'An HTML page.' },
  types: ['text/html'],
  conditional: true,
  async handle(context, { share, config }) {
    return share(context, errorsPage({ config }));
  },
};
