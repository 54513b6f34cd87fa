import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { corsHeaders } from './cors.ts';
import { createEncodedBytes, type EncodedBytes } from './encoded-bytes.ts';
import type { Encoding } from './negotiation.ts';
import { matchesEtag, negotiateEncoding } from './negotiation.ts';
import type { RawHeaders } from './raw-headers.ts';

/** Below this a compressed answer is hardly smaller, so it goes out plain whatever is accepted. Bytes. */
const WORTH_COMPRESSING = 1024;
const ETAG_LENGTH = 22;
/** Wildcard origins could fill memory with header lists; beyond this many of a kind they are made each time. */
const MOST_TEMPLATES = 8;

const CACHE_CONTROL = 'public, max-age=0, must-revalidate';

export interface SharedAnswerParts {
  contentType: string;
  /** Bytes are taken as they are, and are the answer's from then on. */
  body: string | Buffer;
  security: RawHeaders;
  /** Whether pages of that origin may read it. */
  servesOrigin: (origin: string) => boolean;
  /** True where any origin may: `*` is answered then. */
  anyOrigin?: boolean;
  /** Default: to be asked about each time. */
  cacheControl?: string;
  /** What a cache on the way must tell apart. */
  vary?: string;
}

/** An answer that is the same for everybody: bytes, their encodings made once, and the headers that go along. */
export interface SharedAnswer extends EncodedBytes {
  /** The encoding really used for what was negotiated. */
  usable(encoding: Encoding): Encoding;
  etag(encoding: Encoding): string;
  /** Header list with a place for the request's id at index 1; shared, to be written at once. */
  headers(encoding: Encoding, origin: string | undefined, length: number | null): RawHeaders;
}

/** What goes along with an answer in one encoding: made once, as every read asks for it. */
interface Variant {
  etag: string;
  /** Header lists by the caller's origin. */
  whole: Map<string | undefined, RawHeaders>;
  bodiless: Map<string | undefined, RawHeaders>;
}

/** Makes one. The ETag is the hash of the identity bytes and the encoding, so instances agree on it. */
export function createSharedAnswer({ body, ...parts }: SharedAnswerParts): SharedAnswer {
  // Apart from the rest, which the functions below hold: a kept answer is its bytes, and not their text besides.
  const identity = typeof body === 'string' ? Buffer.from(body) : body;
  const hash = createHash('sha256').update(identity).digest('base64url').slice(0, ETAG_LENGTH);
  const variants: Partial<Record<Encoding, Variant>> = {};
  const isSmall = identity.length < WORTH_COMPRESSING;

  function variantOf(encoding: Encoding): Variant {
    let variant = variants[encoding];
    if (!variant) {
      const etag = encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`;
      variant = { etag, whole: new Map(), bodiless: new Map() };
      variants[encoding] = variant;
    }
    return variant;
  }

  function build(encoding: Encoding, origin: string | undefined, length: number | null): RawHeaders {
    const served = origin !== undefined && parts.servesOrigin(origin) ? origin : null;
    return [
      'X-Request-Id',
      '',
      ...corsHeaders(parts.anyOrigin ? 'any' : 'reader', served),
      ...parts.security,
      ...(length === null ? [] : ['Content-Type', parts.contentType]),
      'ETag',
      variantOf(encoding).etag,
      'Cache-Control',
      parts.cacheControl ?? CACHE_CONTROL,
      'Vary',
      parts.vary ?? 'Accept-Encoding, Origin',
      ...(length === null || encoding === 'identity' ? [] : ['Content-Encoding', encoding]),
      ...(length === null ? [] : ['Content-Length', String(length)]),
    ];
  }

  return {
    ...createEncodedBytes(identity),
    usable: (encoding) => (isSmall ? 'identity' : encoding),
    etag: (encoding) => variantOf(encoding).etag,
    headers(encoding, origin, length) {
      const { whole, bodiless } = variantOf(encoding);
      const templates = length === null ? bodiless : whole;
      let template = templates.get(origin);
      if (!template) {
        template = build(encoding, origin, length);
        if (templates.size < MOST_TEMPLATES) templates.set(origin, template);
      }
      return template;
    },
  };
}

/** The parts of a request that decide how a shared answer is sent. */
export interface SharedRequest {
  head: boolean;
  origin: string | undefined;
  acceptEncoding: string | undefined;
  ifNoneMatch: string | undefined;
  requestId: string;
  /** Headers that only this answer carries, such as those of a rate limit. */
  extra?: RawHeaders;
}

/** Sends it, or 304 where the caller has it. The same code serves kept answers and fresh ones. Returns the status. */
export function sendShared(
  response: ServerResponse,
  answer: SharedAnswer,
  request: SharedRequest,
): number | Promise<number> {
  const encoding = answer.usable(negotiateEncoding(request.acceptEncoding));
  if (request.ifNoneMatch !== undefined && matchesEtag(request.ifNoneMatch, answer.etag(encoding))) {
    writeHead(response, 304, answer.headers(encoding, request.origin, null), request);
    response.end();
    return 304;
  }
  const bytes = answer.encoded(encoding);
  if (Buffer.isBuffer(bytes)) return sendBytes(response, { answer, encoding, bytes, request });
  return bytes.then((made) => sendBytes(response, { answer, encoding, bytes: made, request }));
}

interface EncodedAnswer {
  answer: SharedAnswer;
  encoding: Encoding;
  bytes: Buffer;
  request: SharedRequest;
}

function sendBytes(response: ServerResponse, { answer, encoding, bytes, request }: EncodedAnswer): number {
  writeHead(response, 200, answer.headers(encoding, request.origin, bytes.length), request);
  if (request.head) response.end();
  else response.end(bytes);
  return 200;
}

function writeHead(
  response: ServerResponse,
  status: number,
  headers: RawHeaders,
  request: SharedRequest,
): void {
  // The list is shared, but writeHead has turned it into bytes before anything else can run.
  headers[1] = request.requestId;
  response.writeHead(status, request.extra ? [...headers, ...request.extra] : headers);
}
