import type { LatencySummary } from './samples.ts';

/** What a load process is told to do. Plain data: it goes over a process boundary. */
export interface LoadSpec {
  port: number;
  streams: StreamSpec[];
  /** Not measured, so that code is compiled and caches are filled. Seconds. */
  warmSeconds: number;
  /** How long is measured, in seconds; with `count` at most so long. */
  seconds: number;
  /** Ends after so many answers of the first stream. */
  count?: number;
}

export interface StreamSpec {
  name: string;
  connections: number;
  /**
   * `closed`: every connection sends its next request when the answer to the last is there. A number: so
   * many requests a second on a fixed timetable, latency counted from the moment a request is due, so that
   * a stall counts for every request it delays.
   */
  pace: 'closed' | number;
  source: SourceSpec;
}

export type SourceSpec = ReadsSpec | PostsSpec | AfterWriteSpec;

/** A POST and then a GET, in turn; only the GET is measured. For one connection. */
export interface AfterWriteSpec {
  kind: 'after-write';
  posts: PostsSpec;
  path: string;
  headers: string[];
  /** Ends after so many pairs. */
  count: number;
}

/** GET requests over a list of paths, in an order drawn from the seed. */
export interface ReadsSpec {
  kind: 'reads';
  paths: string[];
  headers: string[];
  /** Share of requests that carry the ETag last seen for their path as If-None-Match. */
  revalidate: number;
  seed: number;
  /** Take the paths one after the other, each once; the stream ends with the list. */
  once?: boolean;
}

/** POST requests with a new comment each: no two have the same text or address. */
export interface PostsSpec {
  kind: 'posts';
  site: string;
  /** Page URLs, drawn evenly. */
  pages: string[];
  headers: string[];
  seed: number;
  /** Stands in every text and address: another run into the same store takes another. */
  run: string;
}

export interface StreamResult {
  name: string;
  /** Answers within the measured time. */
  answers: number;
  /** Those of the warm-up included. */
  allAnswers: number;
  perSecond: number;
  latency: LatencySummary;
  /** How many answers of each status. */
  statuses: Record<string, number>;
  bytesPerAnswer: number;
}

export interface LoadResult {
  streams: StreamResult[];
  seconds: number;
  /** Share of the measured time that this process kept its core busy: near 1 the generator is the limit. */
  busy: number;
}
