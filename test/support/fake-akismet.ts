import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Answers as Akismet's public documentation says: forms by POST under /1.1/, words as plain text.
 * https://akismet.com/developers/detailed-docs/
 */
export interface FakeAkismet {
  url: string;
  /** The calls after the keys were verified, oldest first. */
  calls: { call: string; fields: Record<string, string> }[];
  stop(): Promise<void>;
}

export const AKISMET_KEY = 'a1b2c3d4e5f6';
const THANKS = 'Thanks for making the web a better place.';
/** The author that the documentation says is always answered with `true`. */
export const ALWAYS_SPAM = 'akismet-guaranteed-spam';

export async function startFakeAkismet(): Promise<FakeAkismet> {
  const calls: FakeAkismet['calls'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = request.url?.replace('/1.1/', '') ?? '';
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      if (request.method !== 'POST' || !isForm || !fields.blog) return response.writeHead(400).end();
      if (call === 'verify-key') return response.end(fields.api_key === AKISMET_KEY ? 'valid' : 'invalid');
      calls.push({ call, fields });
      if (fields.api_key !== AKISMET_KEY || !fields.user_ip) {
        response.setHeader('X-akismet-debug-help', 'We were unable to parse your blog URI');
        return response.end('invalid');
      }
      if (call !== 'comment-check') return response.end(THANKS);
      if (fields.comment_content?.includes('discard')) response.setHeader('X-akismet-pro-tip', 'discard');
      return response.end(String(fields.comment_author === ALWAYS_SPAM));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
