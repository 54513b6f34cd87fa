import type { ServerResponse } from 'node:http';
import type { RawHeaders } from './raw-headers.ts';
import type { SharedAnswer } from './shared-answer.ts';

/** What a handler answers: data, written by one responder. */
export type Reply = PlainReply | SharedReply | StreamReply;

/** An answer to one caller: a write, a problem, anything behind credentials. Never kept by caches. */
export interface PlainReply {
  kind: 'plain';
  status: number;
  headers: RawHeaders;
  body: string | null;
  /** Replaces the security headers of JSON answers, for pages that carry styles or scripts. */
  security?: RawHeaders;
}

/** An answer that is the same for everybody who asks: carries an ETag, may be kept and revalidated. */
export interface SharedReply {
  kind: 'shared';
  answer: SharedAnswer;
}

/** An answer to one caller that goes on until either side ends it. */
export interface StreamReply {
  kind: 'stream';
  headers: RawHeaders;
  /** Called once the head is written; not for HEAD. */
  begin(response: ServerResponse): void;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** JSON for one caller. */
export function json(status: number, value: unknown, headers: RawHeaders = []): PlainReply {
  return {
    kind: 'plain',
    status,
    headers: ['Content-Type', JSON_TYPE, ...headers],
    body: JSON.stringify(value),
  };
}

/** 201 with where the new thing is. */
export function created(location: string, value: unknown): PlainReply {
  return json(201, value, ['Location', location]);
}

/** 204. */
export function noContent(): PlainReply {
  return { kind: 'plain', status: 204, headers: [], body: null };
}

/** Sends the caller to another address. */
export function redirect(status: 303 | 308, location: string): PlainReply {
  return { kind: 'plain', status, headers: ['Location', location], body: '' };
}
